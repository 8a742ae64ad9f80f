// Scores in the store that a computation gave: docking, and affinities predicted by a model. They stand
// beside the evidence of a drug and are no part of its rank: nobody measured them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

struct DerivedScore {
  datasets::LinkKind kind = datasets::LinkKind::docked;  ///< or predicted_affinity
  std::uint32_t target = 0;
  std::uint32_t row = 0;  ///< of the store's link table
  double value = 0;       ///< kcal/mol, or -log10 of Kd in mol/L
};

/// Those of a drug for targets that matter to a question, the best of each kind and target; docking first,
/// stronger ones first, at most `most` of each kind. `licences` empty: all.
std::vector<DerivedScore> derived_scores(const datasets::Store& store, std::uint32_t drug,
                                         const std::vector<std::uint32_t>& targets,
                                         const std::vector<datasets::LicenceClass>& licences = {},
                                         std::size_t most = 5);

/// Genes linked to a disease, sorted.
std::vector<std::uint32_t> targets_of_disease(const datasets::Store& store, std::uint32_t disease);

/// "docked into JAK2: -9.1 kcal/mol", "predicted affinity for JAK2: pKd 8.2".
std::string derived_score_words(const datasets::Store& store, const DerivedScore& score);

}  // namespace theriac::repurpose
