#include "cli/disease_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

#include "repurpose/entity_name.hpp"
#include "repurpose/gene_profile.hpp"
#include "repurpose/known_use.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;
using repurpose::NamedEntity;

std::size_t links_of(const datasets::LinkTable& links, std::uint32_t entity) {
  return links.empty()
             ? 0
             : static_cast<std::size_t>(links.from_offsets[entity + 1] - links.from_offsets[entity]);
}

std::size_t entries(std::string_view list) {
  return list.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(list.begin(), list.end(), '|'));
}

void state_grounds(RepurposeAnswer& answer, const Grounds& grounds, const RepurposeOptions& options) {
  answer.store = &grounds.store;
  answer.model = grounds.model.description();
  answer.facts.emplace_back(
      "store", fmt::format("{}: {} drugs, {} diseases; {}",
                           std::filesystem::path(grounds.store.path()).filename().string(),
                           grounds.store.entities(EntityKind::drug).size(),
                           grounds.store.entities(EntityKind::disease).size(), grounds.store.created()));
  if (options.licence != "any") answer.facts.emplace_back("licences", options.licence + " links only");
}

/// Drugs indicated there or relieving symptoms.
std::size_t drugs_in_use(const std::vector<repurpose::KnownUse>& uses) {
  std::set<std::uint32_t> drugs;
  for (const auto& use : uses)
    if (use.status == repurpose::UseStatus::indicated || use.status == repurpose::UseStatus::symptomatic)
      drugs.insert(use.drug);
  return drugs.size();
}

void state_disease(RepurposeAnswer& answer, const Store& store, const NamedEntity& disease) {
  answer.disease = disease.entity;
  answer.question = fmt::format("{} ({})", disease.name, disease.id);
  if (disease.matched != datasets::comparable_name(disease.name) &&
      disease.matched != datasets::comparable_name(disease.id))
    answer.matched = disease.matched;
  const auto terms = repurpose::with_sub_terms(store, disease.entity);
  const auto uses = repurpose::known_uses(store, terms);
  const std::size_t in_use = drugs_in_use(uses);
  answer.facts.emplace_back(
      "disease",
      fmt::format("{} synonyms, {} sub-terms, {} linked genes, {} drugs in use",
                  entries(store.entities(EntityKind::disease).synonyms[disease.entity]), terms.size() - 1,
                  links_of(store.links(LinkKind::associated), disease.entity), in_use));
}

constexpr std::size_t reasons_by_path = 50;  // rows beyond these name their line, not a path

/// The evidence of the rows: all of it for the first ones, the path of the main line for the others.
void explain_rows(RepurposeAnswer& answer, const repurpose::RankingQuestion& question, std::size_t in_full,
                  const std::vector<std::uint32_t>& targets, const RepurposeOptions& options) {
  const auto& rows = answer.answer.rows;
  answer.laid_open = std::min(in_full, rows.size());
  const std::size_t count = std::min(std::max(in_full, reasons_by_path), rows.size());
  std::vector<std::uint32_t> open, brief;
  for (std::size_t i = 0; i < count; ++i)
    (i < answer.laid_open ? open : brief).push_back(rows[i].ranked.drug);
  auto evidence = question.explained(open);
  auto reasons = question.explained(brief, {1, true});
  std::move(reasons.begin(), reasons.end(), std::back_inserter(evidence));
  const auto licences = allowed_licences(options.licence);
  for (std::size_t i = 0; i < count; ++i) {
    answer.explained.push_back({rows[i], std::move(evidence[i]), {}, {}});
    if (i < answer.laid_open)
      answer.explained.back().computed =
          repurpose::derived_scores(*answer.store, rows[i].ranked.drug, targets, licences);
  }
  auto affinities = predicted_affinities(*answer.store, open, targets);
  for (std::size_t i = 0; i < affinities.size(); ++i)
    answer.explained[i].affinities = std::move(affinities[i]);
}

/// From the table of all pairs beside the store, where one fits; says so when one does not.
void set_disease_percentiles(RepurposeAnswer& answer, const Grounds& grounds, std::uint32_t disease,
                             const RepurposeOptions& options) {
  const auto table = pair_table(grounds, options, answer.warnings);
  if (!table) return;
  const auto percentiles = table->disease_percentiles(disease);
  for (auto* list : {&answer.answer.rows, &answer.answer.contraindicated, &answer.answer.other_mechanisms})
    for (auto& row : *list) row.disease_percentile = percentiles[row.ranked.drug];
}

bool wants_page(const RepurposeOptions& options) {
  return std::any_of(options.out.begin(), options.out.end(), [](const std::string& path) {
    return std::filesystem::path(path).extension() == ".html";
  });
}

/// Rows whose evidence is shown in full: a page without a word on how many shows ten.
std::size_t laid_open(const RepurposeOptions& options) {
  return static_cast<std::size_t>(options.explain > 0 ? options.explain : wants_page(options) ? 10 : 0);
}

}  // namespace

Grounds::Grounds(const RepurposeOptions& options)
    : store(Store::open(store_path(options))),
      model(options.model.empty() ? repurpose::RankingModel::shipped_for(store)
                                  : repurpose::RankingModel::read(options.model)),
      graph(store, {allowed_licences(options.licence), {}}) {}

std::optional<PairTable> pair_table(const Grounds& grounds, const RepurposeOptions& options,
                                    std::vector<std::string>& warnings) {
  if (!std::filesystem::exists(pair_table_path(grounds.store.path()))) return std::nullopt;
  if (options.licence != "any" || options.no_popularity || !options.without.empty() || !options.model.empty())
    return std::nullopt;  // the table is of the usual question
  std::string why;
  auto table = PairTable::beside(grounds.store,
                                 pair_table_identity(grounds.store, grounds.model, options.licence, {}), why);
  if (!table && !why.empty())
    warnings.push_back(why + "; make it again with theriac repurpose --all, or take it away");
  return table;
}

repurpose::RankOptions rank_options(const RepurposeOptions& options, const Store& store) {
  repurpose::RankOptions out;
  out.popularity = !options.no_popularity;
  for (const auto& drug : options.without) {
    if (datasets::comparable_name(drug) == "all")
      out.without_all = true;
    else
      out.without.push_back(repurpose::find_entity(store, EntityKind::drug, drug).entity);
  }
  return out;
}

repurpose::AnswerOptions answer_options(const RepurposeOptions& options, const Store& store) {
  repurpose::AnswerOptions out;
  out.filter = options.filter;
  for (const auto& drug : options.exclude_drugs)
    out.filter.exclude.push_back(repurpose::find_entity(store, EntityKind::drug, drug).entity);
  out.novel = options.novel;
  out.diverse = options.diverse;
  out.top = static_cast<std::size_t>(options.top);
  return out;
}

/// Says so when others stand in for a disease of which little is known.
void state_stand_ins(RepurposeAnswer& answer, const Grounds& grounds, std::uint32_t disease) {
  std::string names;
  for (const auto each : repurpose::stand_ins(grounds.graph.tables(), disease))
    names +=
        (names.empty() ? "" : ", ") + std::string(grounds.store.entities(EntityKind::disease).name[each]);
  if (!names.empty())
    answer.facts.emplace_back("stand-in",
                              "its own genes, organs and similar diseases are not known: those of " + names);
}

RepurposeAnswer disease_answer(const Grounds& grounds, const RepurposeOptions& options) {
  RepurposeAnswer answer;
  const auto disease = repurpose::find_entity(grounds.store, EntityKind::disease, options.disease);
  state_disease(answer, grounds.store, disease);
  state_stand_ins(answer, grounds, disease.entity);
  state_grounds(answer, grounds, options);
  const repurpose::RankingQuestion question(grounds.model, grounds.graph, disease.entity,
                                            rank_options(options, grounds.store));
  answer.ranking = question.ranking();
  answer.answer = repurpose::answer_from(grounds.store, answer.ranking, disease.entity,
                                         answer_options(options, grounds.store));
  set_disease_percentiles(answer, grounds, disease.entity, options);
  explain_rows(answer, question, laid_open(options),
               repurpose::targets_of_disease(grounds.store, disease.entity), options);
  return answer;
}

RepurposeAnswer pair_answer(const Grounds& grounds, const RepurposeOptions& asked) {
  RepurposeOptions options = asked;
  const auto drug = repurpose::find_entity(grounds.store, EntityKind::drug, options.drug);
  options.top = 0;
  options.explain = 0;
  RepurposeAnswer answer;
  const auto disease = repurpose::find_entity(grounds.store, EntityKind::disease, options.disease);
  state_disease(answer, grounds.store, disease);
  state_stand_ins(answer, grounds, disease.entity);
  state_grounds(answer, grounds, options);
  const repurpose::RankingQuestion question(grounds.model, grounds.graph, disease.entity,
                                            rank_options(options, grounds.store));
  answer.ranking = question.ranking();
  answer.question = fmt::format("{} ({}) in {}", drug.name, drug.id, answer.question);
  auto all = repurpose::answer_from(grounds.store, answer.ranking, disease.entity,
                                    answer_options(options, grounds.store));
  answer.answer.ranked = all.ranked;
  answer.answer.without_basis = all.without_basis;
  for (auto* list : {&all.rows, &all.contraindicated})
    for (auto& row : *list)
      if (row.ranked.drug == drug.entity) answer.answer.rows.push_back(row);
  if (answer.answer.rows.empty())
    answer.warnings.push_back(fmt::format("{} has no basis in {}", drug.name, disease.name));
  set_disease_percentiles(answer, grounds, disease.entity, options);
  explain_rows(answer, question, 1, repurpose::targets_of_disease(grounds.store, disease.entity), options);
  return answer;
}

RepurposeAnswer genes_answer(const Grounds& grounds, const RepurposeOptions& options) {
  RepurposeAnswer answer;
  const auto profile = repurpose::read_gene_profile(grounds.store, options.genes);
  answer.question =
      fmt::format("{} {} of {}", profile.genes.size(), profile.is_signature() ? "genes up or down" : "genes",
                  std::filesystem::path(options.genes).filename().string());
  state_grounds(answer, grounds, options);
  for (const auto& gene : profile.unknown)
    answer.warnings.push_back(
        fmt::format("no gene is called '{}' ({}, line {})", gene.text, options.genes, gene.line));
  const repurpose::RankingQuestion question(grounds.model, grounds.graph, profile,
                                            rank_options(options, grounds.store));
  answer.ranking = question.ranking();
  answer.answer =
      repurpose::answer_from(grounds.store, answer.ranking, -1, answer_options(options, grounds.store));
  std::vector<std::uint32_t> targets;  // sorted in the profile
  for (const auto& gene : profile.genes) targets.push_back(gene.target);
  explain_rows(answer, question, laid_open(options), targets, options);
  return answer;
}

}  // namespace theriac::cli
