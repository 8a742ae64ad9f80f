#include "cli/target_drugs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/repurpose_answer.hpp"
#include "cli/text_table.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double likely_up_to_e = 1;

bool allowed(const Store& store, const std::vector<datasets::LicenceClass>& licences, std::uint16_t source) {
  return licences.empty() ||
         std::find(licences.begin(), licences.end(), store.sources()[source].licence_class) != licences.end();
}

bool stronger(float a, float b) {
  return (std::isfinite(a) && !std::isfinite(b)) || a > b;
}

/// Best stored value of each drug for a target.
std::map<std::uint32_t, double> stored_scores(const Store& store, LinkKind kind, std::uint32_t target,
                                              bool lower,
                                              const std::vector<datasets::LicenceClass>& licences) {
  std::map<std::uint32_t, double> best;
  const auto& links = store.links(kind);
  for (auto i = links.to_offsets[target]; i < links.to_offsets[target + 1]; ++i) {
    const double value = links.strength[links.by_to[i]];
    if (!allowed(store, licences, links.source[links.by_to[i]])) continue;
    const auto [at, fresh] = best.emplace(links.from[links.by_to[i]], value);
    if (!fresh) at->second = lower ? std::min(at->second, value) : std::max(at->second, value);
  }
  return best;
}

double value_or_missing(const std::map<std::uint32_t, double>& values, std::uint32_t drug) {
  const auto at = values.find(drug);
  return at == values.end() ? missing : at->second;
}

std::vector<KnownLigand> known_ligands(const Store& store, std::uint32_t target,
                                       const std::vector<bool>& passing,
                                       const std::vector<datasets::LicenceClass>& licences) {
  const auto& binds = store.links(LinkKind::binds);
  std::map<std::uint32_t, KnownLigand> by_drug;
  for (auto i = binds.to_offsets[target]; i < binds.to_offsets[target + 1]; ++i) {
    const std::uint32_t row = binds.by_to[i];
    if (!passing[binds.from[row]] || !allowed(store, licences, binds.source[row])) continue;
    auto& ligand = by_drug[binds.from[row]];
    ligand.drug = binds.from[row];
    ligand.links.push_back(row);
  }
  const auto docked = stored_scores(store, LinkKind::docked, target, true, licences);
  std::vector<KnownLigand> out;
  for (auto& [drug, ligand] : by_drug) {
    ligand.docking = value_or_missing(docked, drug);
    std::stable_sort(ligand.links.begin(), ligand.links.end(), [&](std::uint32_t a, std::uint32_t b) {
      return stronger(binds.strength[a], binds.strength[b]);
    });
    ligand.strength = binds.strength[ligand.links.front()];
    out.push_back(std::move(ligand));
  }
  std::stable_sort(out.begin(), out.end(), [](const KnownLigand& a, const KnownLigand& b) {
    return stronger(static_cast<float>(a.strength), static_cast<float>(b.strength));
  });
  return out;
}

std::vector<LikelyLigand> likely_ligands(const Store& store, std::uint32_t target,
                                         const std::vector<bool>& passing,
                                         const std::vector<KnownLigand>& known,
                                         const std::vector<datasets::LicenceClass>& licences) {
  std::vector<bool> skip(passing.size());
  for (std::size_t i = 0; i < passing.size(); ++i) skip[i] = !passing[i];
  for (const auto& ligand : known) skip[ligand.drug] = true;
  const auto docked = stored_scores(store, LinkKind::docked, target, true, licences);
  const auto predicted = stored_scores(store, LinkKind::predicted_affinity, target, false, licences);
  std::map<std::uint32_t, LikelyLigand> by_drug;
  const repurpose::LigandEnsembles ensembles(store, licences);
  for (const auto& [drug, similarity] : ensembles.drugs_like_ligands(target))
    if (!skip[drug] && similarity.e <= likely_up_to_e) by_drug[drug] = {drug, similarity, missing, missing};
  for (const auto* scores : {&docked, &predicted})
    for (const auto& [drug, value] : *scores)
      if (!skip[drug]) by_drug.emplace(drug, LikelyLigand{drug, {}, missing, missing});
  std::vector<LikelyLigand> out;
  for (auto& [drug, ligand] : by_drug) {
    ligand.docking = value_or_missing(docked, drug);
    ligand.predicted = value_or_missing(predicted, drug);
    out.push_back(ligand);
  }
  std::stable_sort(out.begin(), out.end(), [](const LikelyLigand& a, const LikelyLigand& b) {
    return a.similarity.e < b.similarity.e;
  });
  return out;
}

std::string number_or_dash(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "-";
}

std::string scientific(double value) {
  return value >= 0.01 ? fmt::format("{:.2f}", value) : fmt::format("{:.0e}", value);
}

std::string action_of(const Store& store, const KnownLigand& ligand) {
  const auto& binds = store.links(LinkKind::binds);
  for (const auto row : ligand.links)
    if (!binds.note[row].empty()) return std::string(binds.note[row]);
  return "-";
}

std::string drug_name(const Store& store, std::uint32_t drug) {
  return entity_name(store, EntityKind::drug, drug);
}

std::string status_of(const Store& store, std::uint32_t drug) {
  const auto& status = store.entities(EntityKind::drug).text("status");
  return drug < status.size() ? std::string(status[drug]) : std::string();
}

/// What the table of variants says of a drug, in one word; "-" when nothing.
std::string variant_word(const TargetDrugs& found, const std::string& drug) {
  if (found.variant.empty()) return "-";
  for (const auto& fact : found.variant_facts)
    if (datasets::comparable_name(fact.drug) == datasets::comparable_name(drug))
      return fact.sensitive ? "sensitive" : "resistant";
  return "not known";
}

/// Columns of nothing but dashes are left out.
std::string table_without_empty(std::vector<TextColumn> columns,
                                std::vector<std::vector<std::string>> cells) {
  for (std::size_t c = columns.size(); c-- > 0 && !cells.empty();) {
    if (std::any_of(cells.begin(), cells.end(), [&](const auto& row) { return row[c] != "-"; })) continue;
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(c));
    for (auto& row : cells) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
  }
  return text_table(columns, cells);
}

std::string known_table(const Store& store, const TargetDrugs& found, std::size_t top) {
  std::vector<std::vector<std::string>> cells;
  for (const auto& ligand : found.known) {
    if (top > 0 && cells.size() == top) break;
    const std::string name = drug_name(store, ligand.drug);
    cells.push_back({name, action_of(store, ligand), number_or_dash(ligand.strength, 1),
                     number_or_dash(ligand.docking, 1), status_of(store, ligand.drug),
                     variant_word(found, name),
                     link_source(store, {LinkKind::binds, ligand.links.front(), ""})});
  }
  return table_without_empty(
      {{"drug"}, {"action"}, {"pKd", true}, {"docking kcal/mol", true}, {"status"}, {"variant"}, {"source"}},
      cells);
}

std::string likely_table(const Store& store, const TargetDrugs& found, std::size_t top) {
  std::vector<std::vector<std::string>> cells;
  for (const auto& ligand : found.likely) {
    if (top > 0 && cells.size() == top) break;
    const auto& s = ligand.similarity;
    cells.push_back({drug_name(store, ligand.drug), s.ligands > 0 ? scientific(s.e) : "-",
                     s.ligands > 0 ? drug_name(store, s.nearest) : "-",
                     s.ligands > 0 ? fmt::format("{:.2f}", s.nearest_similarity) : "-",
                     number_or_dash(ligand.docking, 1), number_or_dash(ligand.predicted, 1),
                     status_of(store, ligand.drug)});
  }
  return table_without_empty({{"drug"},
                              {"E", true},
                              {"nearest ligand"},
                              {"Tanimoto", true},
                              {"docking kcal/mol", true},
                              {"predicted pKd", true},
                              {"status"}},
                             cells);
}

/// The value of this very pair among those that the model learned from.
std::string measured_text(const scoring::Score& score) {
  constexpr std::string_view word = "measured ";
  const auto at = score.detail.find(word);
  return at == std::string::npos ? "-" : score.detail.substr(at + word.size());
}

std::string affinity_section(const Store& store, const TargetDrugs& found) {
  if (found.affinity_note.empty()) return {};
  std::vector<std::vector<std::string>> cells;
  for (const auto& affinity : found.affinities) {
    const auto& score = affinity.score;
    const bool basis = score.domain != scoring::Domain::out;
    cells.push_back({drug_name(store, affinity.drug), basis ? fmt::format("{:.1f}", score.value) : "no basis",
                     basis ? fmt::format("{:.1f} to {:.1f}", score.low, score.high) : "-",
                     scoring::to_text(score.domain), fmt::format("{:.2f}", score.neighbour_similarity),
                     measured_text(score)});
  }
  return fmt::format("\npredicted affinity ({})\n", found.affinity_note) +
         (cells.empty() ? std::string()
                        : table_without_empty({{"drug"},
                                               {"pKd", true},
                                               {"interval", true},
                                               {"domain"},
                                               {"like a measured drug", true},
                                               {"learned from", true}},
                                              cells));
}

}  // namespace

TargetDrugs drugs_of_target(const Store& store, std::uint32_t target, const repurpose::DrugFilter& filter,
                            const std::vector<datasets::LicenceClass>& licences) {
  TargetDrugs out;
  out.target = target;
  const auto passing = repurpose::passing_drugs(store, filter);
  out.known = known_ligands(store, target, passing, licences);
  out.likely = likely_ligands(store, target, passing, out.known, licences);
  return out;
}

void predict_affinities(const Store& store, TargetDrugs& found, std::size_t top) {
  const auto evidence = AffinityEvidence::shipped();
  if (!evidence) return;
  const auto target = evidence->by_name_or_sequence(store, found.target, found.variant);
  if (!target.scorer) {
    found.affinity_note = fmt::format("no basis: {} (the model knows neither this name nor a relative)",
                                      evidence->model_words());
    return;
  }
  found.affinity_note = fmt::format("{}, taken as {}; computed, not measured, 90 % intervals",
                                    evidence->model_words(), target.taken_as);
  std::vector<std::uint32_t> drugs;
  const auto take = [&](const auto& list) {
    for (std::size_t i = 0; i < list.size() && (top == 0 || i < top); ++i) drugs.push_back(list[i].drug);
  };
  take(found.known);
  take(found.likely);
  for (const std::uint32_t drug : drugs)
    for (auto& affinity : evidence->of_drug(store, drug, {target}))
      found.affinities.push_back(std::move(affinity));
}

std::string target_drugs_text(const Store& store, const TargetDrugs& found, std::size_t top) {
  std::string text;
  if (!found.variant.empty() && found.variant_facts.empty())
    text += fmt::format(
        "nothing is on record of {} (theriac's table of variants); that is not to say that it is "
        "harmless\n\n",
        found.variant);
  for (const auto& fact : found.variant_facts)
    text += fmt::format("{}:{}  {} to {} ({})\n", fact.gene, fact.variant,
                        fact.sensitive ? "sensitive" : "resistant", fact.drug, fact.source);
  if (!found.variant_facts.empty()) text += "\n";
  text += found.known.empty()
              ? std::string("no drug of this store is known to bind it\n")
              : fmt::format("known to act on it ({})\n", found.known.size()) + known_table(store, found, top);
  if (!found.likely.empty())
    text +=
        fmt::format(
            "\nnot known to bind it ({}): computed, nothing here was measured; E is how many of the store's "
            "targets would be as alike by chance\n",
            found.likely.size()) +
        likely_table(store, found, top);
  text += affinity_section(store, found);
  return text + "\n" +
         wrapped(std::string("Binding is not treating, and likeness is not binding. ") + repurpose_notice) +
         "\n";
}

std::string target_drugs_json(const Store& store, const TargetDrugs& found, std::size_t top) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  Json json = {{"schema", "theriac.repurpose.target/1"},
               {"target", entity_name(store, EntityKind::target, found.target)},
               {"id", entity_id(store, EntityKind::target, found.target)},
               {"variant", found.variant},
               {"variant_facts", Json::array()},
               {"known", Json::array()},
               {"likely", Json::array()}};
  for (const auto& fact : found.variant_facts)
    json["variant_facts"].push_back({{"gene", fact.gene},
                                     {"variant", fact.variant},
                                     {"drug", fact.drug},
                                     {"effect", fact.sensitive ? "sensitive" : "resistant"},
                                     {"source", fact.source}});
  for (const auto& ligand : found.known) {
    if (top > 0 && json["known"].size() == top) break;
    json["known"].push_back({{"id", entity_id(store, EntityKind::drug, ligand.drug)},
                             {"drug", drug_name(store, ligand.drug)},
                             {"action", action_of(store, ligand)},
                             {"pkd", number(ligand.strength)},
                             {"docking_kcal_mol", number(ligand.docking)},
                             {"source", link_source(store, {LinkKind::binds, ligand.links.front(), ""})}});
  }
  for (const auto& ligand : found.likely) {
    if (top > 0 && json["likely"].size() == top) break;
    json["likely"].push_back({{"id", entity_id(store, EntityKind::drug, ligand.drug)},
                              {"drug", drug_name(store, ligand.drug)},
                              {"e", number(ligand.similarity.e)},
                              {"p", number(ligand.similarity.p)},
                              {"nearest_ligand", drug_name(store, ligand.similarity.nearest)},
                              {"tanimoto", number(ligand.similarity.nearest_similarity)},
                              {"docking_kcal_mol", number(ligand.docking)},
                              {"predicted_pkd", number(ligand.predicted)}});
  }
  if (!found.affinity_note.empty())
    json["predicted_affinity"] = {{"note", found.affinity_note}, {"drugs", Json::array()}};
  for (const auto& affinity : found.affinities) {
    Json row = predicted_affinity_json(affinity);
    row["drug"] = drug_name(store, affinity.drug);
    json["predicted_affinity"]["drugs"].push_back(std::move(row));
  }
  json["notice"] = repurpose_notice;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace theriac::cli
