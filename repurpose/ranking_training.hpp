// Learning the weights of the evidence lines from known treatments, without looking where one may not look.
//
// A disease lends its pairs (every candidate drug; known ones are positives) with features for which all its
// own treatments, and those of its ancestors and descendants, are hidden. To judge diseases, they are left
// out: their treatments are hidden from the features of the training diseases too, weights and penalty come
// from the training diseases alone, and then all drugs are ranked for each of them.
//
// The penalty is chosen by the log loss of an inner round of the same kind, within the training diseases.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "repurpose/disease_features.hpp"
#include "repurpose/evidence_terms.hpp"
#include "repurpose/ranking_model.hpp"

namespace theriac::repurpose {

struct LearningSet {
  std::vector<std::uint32_t> drugs;        ///< candidates, sorted
  std::vector<std::uint32_t> diseases;     ///< with at least one known drug among the candidates, sorted
  std::vector<std::vector<double>> known;  ///< per disease and candidate, 1 where known

  std::size_t known_drugs(std::size_t disease) const;
};

/// Drugs with a link of any kind from a source whose name begins so: those that the source covers. All drugs
/// that bind something or treat something when there is no such source.
std::vector<std::uint32_t> covered_drugs(const datasets::Store& store, const std::string& source);

/// Diseases of which more is known than treatments: genes, expression, organs or similar diseases.
std::vector<std::uint32_t> described_diseases(const GraphTables& graph);

/// `candidates` are the drugs to rank; the treatments of the graph are what is known. Diseases of which
/// nothing but treatments is known teach nothing and are left out. Throws UsageError with less than two
/// diseases.
LearningSet learning_set(const GraphTables& graph, std::vector<std::uint32_t> candidates);

enum class LearningMode : std::uint8_t {
  untreated,  ///< mechanism, similarity and popularity
  treated     ///< also what treats the disease already, the pair's own link apart
};

struct LearningOptions {
  LearningMode mode = LearningMode::untreated;
  /// Lines that are not used, by name.
  std::vector<std::string> without;
  std::vector<double> penalties = {20, 80, 320};  ///< to choose from; one: no choice
};

/// Indices of the lines of this mode.
std::vector<std::size_t> lines_of(const DiseaseFeatures& features, const LearningOptions& options);

/// The values of the candidates, in their order, out of those of all drugs.
PlacedCounts candidate_values(const DiseaseFeatures& features, const LearningSet& set,
                              const DiseaseProfile& profile);

/// Cases of several diseases.
struct DiseaseCases {
  std::vector<std::size_t> diseases;  ///< of the learning set
  std::vector<PlacedCounts> values;   ///< of the candidates of each
};
/// Computed in parallel.
DiseaseCases all_cases(const DiseaseFeatures& features, const LearningSet& set,
                       const std::vector<std::size_t>& diseases,
                       const std::vector<std::uint32_t>& also_hidden);

struct LearntWeights {
  LogisticModel model;
  EvidenceTerms terms;
  double penalty = 0;
  LogisticFit fit;  ///< a start for similar ones
  /// Per candidate.
  std::vector<double> logits(const PlacedCounts& values) const;
};
LearntWeights learn(const DiseaseFeatures& features, const LearningSet& set, const DiseaseCases& cases,
                    const LearningOptions& options, const LogisticFit* start = nullptr);

/// Both models with their calibrations, from all diseases. Leaves name, date and texts to the caller.
RankingModel train_ranking(const DiseaseFeatures& features, const LearningSet& set);

}  // namespace theriac::repurpose
