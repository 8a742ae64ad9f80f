#include "cli/drug_diseases.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/repurpose_answer.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::Store;

std::optional<DrugInDisease> place_in(const repurpose::RankingModel& model,
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
    return out;
  }
  return std::nullopt;
}

/// What is on record of the drug in the disease and below it, from the drug's own records. A contraindication
/// of a sub-term does not stand for a wide term in which the drug is used: heart block is not heart disease.
repurpose::UseStatus status_in(const Store& store, const std::vector<repurpose::KnownUse>& of_drug,
                               std::uint32_t disease) {
  std::vector<repurpose::KnownUse> here;
  if (of_drug.empty()) return repurpose::UseStatus::none;
  const auto terms = repurpose::with_sub_terms(store, disease);
  for (const auto& use : of_drug)
    if (std::binary_search(terms.begin(), terms.end(), use.disease)) here.push_back(use);
  const auto forbids_part = [&](const repurpose::KnownUse& use) {
    return use.status == repurpose::UseStatus::contraindicated && use.disease != disease;
  };
  if (!std::all_of(here.begin(), here.end(), forbids_part))
    here.erase(std::remove_if(here.begin(), here.end(), forbids_part), here.end());
  return repurpose::leading_status(here);
}

/// Ordered, filtered, contraindicated ones apart.
DrugDiseases arranged(const Store& store, std::uint32_t drug, std::vector<DrugInDisease> places,
                      std::size_t without_basis, const DiseaseFilter& filter) {
  DrugDiseases out;
  out.without_basis = without_basis;
  out.ranked = places.size();
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.ranked.logit > b.ranked.logit; });
  const auto uses = repurpose::uses_of_drug(store, drug);
  for (auto& place : places) {
    if (!filter.within.empty() &&
        !std::binary_search(filter.within.begin(), filter.within.end(), place.disease)) {
      ++out.filtered_out;
      continue;
    }
    place.status = status_in(store, uses, place.disease);
    if (place.status == repurpose::UseStatus::contraindicated)
      out.contraindicated.push_back(std::move(place));
    else if (filter.novel && place.status != repurpose::UseStatus::none)
      ++out.known_left_out;
    else
      out.diseases.push_back(std::move(place));
  }
  return out;
}

}  // namespace

DrugDiseases diseases_of_drug(const Store& store, const repurpose::RankingModel& model,
                              const repurpose::KnowledgeGraph& graph, std::uint32_t drug,
                              const repurpose::RankOptions& options, const DiseaseFilter& filter) {
  const std::size_t count = store.entities(EntityKind::disease).size();
  std::vector<std::optional<DrugInDisease>> places(count);
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t disease) {
    places[disease] = place_in(model, graph, drug, static_cast<std::uint32_t>(disease), options);
  });
  std::vector<DrugInDisease> found;
  std::vector<float> logits;
  for (auto& place : places)
    if (place) {
      logits.push_back(static_cast<float>(place->ranked.logit));
      found.push_back(std::move(*place));
    }
  const auto among = percentiles(logits);
  for (std::size_t i = 0; i < found.size(); ++i) found[i].disease_percentile = among[i];
  return arranged(store, drug, std::move(found), count - logits.size(), filter);
}

DrugDiseases diseases_of_drug(const Store& store, const PairTable& table, std::uint32_t drug,
                              const DiseaseFilter& filter) {
  const auto column = table.drug_column(drug);
  const double others = static_cast<double>(store.entities(EntityKind::drug).size()) - 1;
  std::vector<DrugInDisease> found;
  for (std::uint32_t d = 0; d < column.logits.size(); ++d) {
    if (column.places[d] == 0) continue;
    DrugInDisease place;
    place.disease = d;
    place.ranked.drug = drug;
    place.ranked.has_basis = true;
    place.ranked.logit = column.logits[d];
    place.ranked.probability = column.probabilities[d];
    place.rank = column.places[d];
    place.ranked.percentile = others > 0 ? 100 * (1 - static_cast<double>(place.rank - 1) / others) : 100;
    place.disease_percentile = column.disease_percentiles[d];
    found.push_back(std::move(place));
  }
  const std::size_t without = column.logits.size() - found.size();
  return arranged(store, drug, std::move(found), without, filter);
}

namespace {

std::string table_of(const Store& store, const std::vector<DrugInDisease>& diseases, std::size_t top) {
  std::vector<std::vector<std::string>> cells;
  for (const auto& each : diseases) {
    if (top > 0 && cells.size() == top) break;
    cells.push_back({std::to_string(cells.size() + 1), entity_name(store, EntityKind::disease, each.disease),
                     entity_id(store, EntityKind::disease, each.disease), probability_text(each.ranked),
                     percentile_text(each.disease_percentile), percentile_text(each.ranked.percentile),
                     repurpose::use_status_name(each.status)});
  }
  return text_table({{"", true},
                     {"disease"},
                     {"id"},
                     {"probability", true},
                     {"among diseases", true},
                     {"among drugs", true},
                     {"status"}},
                    cells);
}

nlohmann::ordered_json rows_json(const Store& store, const std::vector<DrugInDisease>& diseases,
                                 std::size_t top) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& each : diseases) {
    if (top > 0 && rows.size() == top) break;
    rows.push_back({{"id", entity_id(store, EntityKind::disease, each.disease)},
                    {"disease", entity_name(store, EntityKind::disease, each.disease)},
                    {"probability", each.ranked.probability},
                    {"logit", each.ranked.logit},
                    {"percentile_among_diseases", each.disease_percentile},
                    {"percentile_among_drugs", each.ranked.percentile},
                    {"rank_among_drugs", each.rank},
                    {"status", repurpose::use_status_name(each.status)}});
  }
  return rows;
}

}  // namespace

std::string drug_diseases_text(const Store& store, const DrugDiseases& found, std::size_t top) {
  std::string text = found.diseases.empty() ? "no disease that passes the filters has a basis in this store\n"
                                            : table_of(store, found.diseases, top);
  if (!found.contraindicated.empty())
    text +=
        "\ncontraindicated, though the evidence ranks them\n" + table_of(store, found.contraindicated, top);
  text += fmt::format("\n{} diseases ranked, {} without basis", found.ranked, found.without_basis);
  if (found.filtered_out > 0) text += fmt::format(", {} filtered out", found.filtered_out);
  if (found.known_left_out > 0)
    text += fmt::format(", {} with a use or trial on record left out", found.known_left_out);
  return text + fmt::format("; percentiles: 100 is best\n{}\n", wrapped(repurpose_notice));
}

std::string drug_diseases_json(const Store& store, std::uint32_t drug, const DrugDiseases& found,
                               std::size_t top) {
  nlohmann::ordered_json json = {{"schema", "theriac.repurpose.drug/1"},
                                 {"id", entity_id(store, EntityKind::drug, drug)},
                                 {"drug", entity_name(store, EntityKind::drug, drug)},
                                 {"ranked", found.ranked},
                                 {"without_basis", found.without_basis},
                                 {"filtered_out", found.filtered_out},
                                 {"known_left_out", found.known_left_out}};
  json["diseases"] = rows_json(store, found.diseases, top);
  json["contraindicated"] = rows_json(store, found.contraindicated, top);
  json["notice"] = repurpose_notice;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_drug_diseases(const Store& store, const DrugDiseases& found, std::size_t top,
                         const std::string& path) {
  using datasets::real_column;
  using datasets::text_column;
  datasets::CsvTable table(path, {text_column("list"), text_column("disease_id"), text_column("disease"),
                                  real_column("probability", {}, {}, 6), real_column("logit"),
                                  real_column("percentile_among_diseases", "%", {}, 3),
                                  real_column("percentile_among_drugs", "%", {}, 3),
                                  real_column("rank_among_drugs", {}, {}, 0), text_column("status")});
  const auto add = [&](const char* list, const std::vector<DrugInDisease>& diseases) {
    for (std::size_t i = 0; i < diseases.size() && (top == 0 || i < top); ++i) {
      const auto& each = diseases[i];
      table.append({std::string(list), entity_id(store, EntityKind::disease, each.disease),
                    entity_name(store, EntityKind::disease, each.disease), each.ranked.probability,
                    each.ranked.logit, each.disease_percentile, each.ranked.percentile,
                    static_cast<double>(each.rank), repurpose::use_status_name(each.status)});
    }
  };
  add("ranked", found.diseases);
  add("contraindicated", found.contraindicated);
  table.publish();
}

}  // namespace theriac::cli
