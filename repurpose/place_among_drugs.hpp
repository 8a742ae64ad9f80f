// How high a count stands among those of the drugs in use.
//
// Path counts of a disease with many genes are large for every drug. What tells is whether a drug stands high
// among the others, so beside each count goes its place:
//
//   place = -ln((above + ties / 2 + 1/2) / (n + 1))
//
// n drugs that are in use for some other disease, `above` of them with a larger count, `ties` with the same
// one: about 0.7 in the middle, 4.6 where one drug in a hundred stands higher. A count of 0 has the place 0.
// That the drugs in use are the measure, and not all drugs of the store, keeps places the same however many
// compounds of which little is known a store holds.
#pragma once
#include <cstddef>

#include "repurpose/real_matrix.hpp"

namespace theriac::repurpose {

/// Drugs x lines, as `counts`. Drugs in use are those with a positive count in the column `in_use`. In
/// parallel.
RealMatrix places_among_drugs(const RealMatrix& counts, std::size_t in_use);

}  // namespace theriac::repurpose
