// Which target of the store a protein sequence is, or is most like.
//
// Compared by local alignment (chem/local_alignment.hpp). Only the targets that share most words of four
// residues are aligned.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/local_alignment.hpp"
#include "datasets/store.hpp"

namespace theriac::repurpose {

using chem::Alignment;
using chem::local_alignment;

struct SimilarTarget {
  std::uint32_t target = 0;
  Alignment alignment;
  double coverage = 0;  ///< share of the query inside the alignment (columns over its length, at most 1)
};

/// The targets most like a sequence, best score first; those that share no word of four residues never
/// appear.
std::vector<SimilarTarget> similar_targets(const datasets::Store& store, const std::string& residues,
                                           std::size_t count = 5);

}  // namespace theriac::repurpose
