// What a protein language model thinks of every substitution of a protein: log p of each residue at each
// position, less that of the residue that is there.
//
// Masked models: the position is hidden (masked marginals; J. Meier et al., NeurIPS 2021). Causal models that
// read in both directions: the sum of what the residues before and those behind let expect; a model that
// learned one direction alone: what those before do.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "scoring/protein_language_model.hpp"

namespace theriac::scoring {

/// 20 numbers a position, in the order of residue_order; 0 where the sequence has none of the twenty. Throws
/// UsageError for models whose tokens are no residues. `progress`, if given, hears how many positions are
/// done.
std::vector<double> substitution_log_odds(const ProteinLanguageModel& model, const std::string& sequence,
                                          const std::function<void(std::size_t)>& progress = {});

}  // namespace theriac::scoring
