// The forward pass of a protein language model, written plainly, in double: what the fast engine is tested
// against, and what is tested against the published programs.
//
// Nothing is packed, cached or reordered here; a row of tokens is computed alone. For reading and for tests,
// not for work: it takes about a thousand times as long as ProteinEngine.
#pragma once
#include <vector>

#include "scoring/protein_weights.hpp"

namespace theriac::scoring {

struct ReferenceStates {
  std::vector<std::vector<double>> hidden;  ///< [0]: the embedding; then after each layer, tokens x width;
                                            ///< the last one is after the final norm
  std::vector<double> logits;               ///< tokens x columns; empty when there is no head
};

/// `positions` as in TokenRow; must not be empty.
ReferenceStates protein_reference(const ProteinWeights& weights, const std::vector<int>& tokens,
                                  const std::vector<int>& positions);

/// Places of tokens as the architecture counts them: 0, 1, 2 ...; of ESM with a learned table from row 2 on,
/// <pad> at row 1.
std::vector<int> default_positions(const ProteinShape& shape, int padding, const std::vector<int>& tokens);

}  // namespace theriac::scoring
