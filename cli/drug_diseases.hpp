// A drug against all diseases: where it stands in each, and where each stands for it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "repurpose/disease_ranking.hpp"
#include "repurpose/known_use.hpp"

namespace theriac::cli {

struct DrugInDisease {
  std::uint32_t disease = 0;
  repurpose::RankedDrug ranked;   ///< of the drug in this disease
  double disease_percentile = 0;  ///< among the diseases that have a basis for this drug, 0 to 100
  std::size_t rank = 0;           ///< among the drugs of the disease, from 1
  repurpose::UseStatus status = repurpose::UseStatus::none;
};

/// Best first; diseases without basis are left out and counted.
struct DrugDiseases {
  std::vector<DrugInDisease> diseases;
  std::size_t without_basis = 0;
};

/// All diseases are ranked, in parallel; deterministic.
DrugDiseases diseases_of_drug(const datasets::Store& store, const repurpose::RankingModel& model,
                              const repurpose::KnowledgeGraph& graph, std::uint32_t drug,
                              const repurpose::RankOptions& options);

std::string drug_diseases_text(const datasets::Store& store, const DrugDiseases& found, std::size_t top);
std::string drug_diseases_json(const datasets::Store& store, std::uint32_t drug, const DrugDiseases& found,
                               std::size_t top);

}  // namespace theriac::cli
