#include "cli/drug_diseases.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/repurpose_answer.hpp"
#include "cli/text_table.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::Store;

std::optional<DrugInDisease> place_in(const Store& store, const repurpose::RankingModel& model,
                                      const repurpose::KnowledgeGraph& graph, std::uint32_t drug,
                                      std::uint32_t disease, const repurpose::RankOptions& options) {
  const auto ranking = repurpose::rank_disease(model, graph, disease, options);
  for (std::size_t i = 0; i < ranking.drugs.size(); ++i) {
    if (ranking.drugs[i].drug != drug) continue;
    if (!ranking.drugs[i].has_basis) return std::nullopt;
    DrugInDisease out;
    out.disease = disease;
    out.ranked = ranking.drugs[i];
    out.rank = i + 1;
    out.status = repurpose::leading_status(
        repurpose::uses_of(repurpose::known_uses(store, repurpose::with_sub_terms(store, disease)), drug));
    return out;
  }
  return std::nullopt;
}

}  // namespace

DrugDiseases diseases_of_drug(const Store& store, const repurpose::RankingModel& model,
                              const repurpose::KnowledgeGraph& graph, std::uint32_t drug,
                              const repurpose::RankOptions& options) {
  const std::size_t count = store.entities(EntityKind::disease).size();
  std::vector<std::optional<DrugInDisease>> places(count);
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t disease) {
    places[disease] = place_in(store, model, graph, drug, static_cast<std::uint32_t>(disease), options);
  });
  DrugDiseases out;
  for (auto& place : places) {
    if (place)
      out.diseases.push_back(std::move(*place));
    else
      ++out.without_basis;
  }
  std::stable_sort(out.diseases.begin(), out.diseases.end(),
                   [](const auto& a, const auto& b) { return a.ranked.logit > b.ranked.logit; });
  const double others = static_cast<double>(out.diseases.size()) - 1;
  for (std::size_t i = 0; i < out.diseases.size(); ++i)
    out.diseases[i].disease_percentile = others > 0 ? 100 * (1 - static_cast<double>(i) / others) : 100;
  return out;
}

std::string drug_diseases_text(const Store& store, const DrugDiseases& found, std::size_t top) {
  std::vector<std::vector<std::string>> cells;
  for (const auto& each : found.diseases) {
    if (top > 0 && cells.size() == top) break;
    cells.push_back({std::to_string(cells.size() + 1), entity_name(store, EntityKind::disease, each.disease),
                     entity_id(store, EntityKind::disease, each.disease), probability_text(each.ranked),
                     fmt::format("{:.1f}", each.disease_percentile),
                     fmt::format("{:.1f}", each.ranked.percentile), repurpose::use_status_name(each.status)});
  }
  std::string text = text_table({{"rank", true},
                                 {"disease"},
                                 {"id"},
                                 {"probability", true},
                                 {"among diseases", true},
                                 {"among drugs", true},
                                 {"status"}},
                                cells);
  return text + fmt::format("\n{} diseases ranked, {} without basis; percentiles: 100 is best\n{}\n",
                            found.diseases.size(), found.without_basis, wrapped(repurpose_notice));
}

std::string drug_diseases_json(const Store& store, std::uint32_t drug, const DrugDiseases& found,
                               std::size_t top) {
  nlohmann::ordered_json json = {{"schema", "theriac.repurpose.drug/1"},
                                 {"id", entity_id(store, EntityKind::drug, drug)},
                                 {"drug", entity_name(store, EntityKind::drug, drug)},
                                 {"without_basis", found.without_basis}};
  json["diseases"] = nlohmann::ordered_json::array();
  for (const auto& each : found.diseases) {
    if (top > 0 && json["diseases"].size() == top) break;
    json["diseases"].push_back({{"id", entity_id(store, EntityKind::disease, each.disease)},
                                {"disease", entity_name(store, EntityKind::disease, each.disease)},
                                {"probability", each.ranked.probability},
                                {"logit", each.ranked.logit},
                                {"percentile_among_diseases", each.disease_percentile},
                                {"percentile_among_drugs", each.ranked.percentile},
                                {"rank_among_drugs", each.rank},
                                {"status", repurpose::use_status_name(each.status)}});
  }
  json["notice"] = repurpose_notice;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace theriac::cli
