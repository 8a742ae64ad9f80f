// A drug against all diseases: where it stands in each, and where each stands for it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/pair_table.hpp"
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
  std::vector<DrugInDisease> contraindicated;  ///< apart from the others
  std::size_t ranked = 0, without_basis = 0, filtered_out = 0, known_left_out = 0;
};

/// Which diseases are shown. Percentiles stand among all, whatever is left out.
struct DiseaseFilter {
  bool novel = false;                 ///< none with a use of the drug on record, whatever became of it
  std::vector<std::uint32_t> within;  ///< only these, sorted; empty: all
};

/// All diseases are ranked, in parallel; deterministic.
DrugDiseases diseases_of_drug(const datasets::Store& store, const repurpose::RankingModel& model,
                              const repurpose::KnowledgeGraph& graph, std::uint32_t drug,
                              const repurpose::RankOptions& options, const DiseaseFilter& filter = {});
/// The same from the table of all pairs, in a fraction of the time.
DrugDiseases diseases_of_drug(const datasets::Store& store, const PairTable& table, std::uint32_t drug,
                              const DiseaseFilter& filter = {});

std::string drug_diseases_text(const datasets::Store& store, const DrugDiseases& found, std::size_t top);
/// A row per disease; throws StorageError.
void write_drug_diseases(const datasets::Store& store, const DrugDiseases& found, std::size_t top,
                         const std::string& path);
std::string drug_diseases_json(const datasets::Store& store, std::uint32_t drug, const DrugDiseases& found,
                               std::size_t top);

}  // namespace theriac::cli
