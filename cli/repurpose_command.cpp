// theriac repurpose: existing drugs against a disease, a target, a list of genes; with reasons.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "cli/command.hpp"
#include "cli/drug_diseases.hpp"
#include "cli/repurpose_answer.hpp"
#include "cli/repurpose_matrix.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/session.hpp"
#include "cli/target_drugs.hpp"
#include "repurpose/disease_ranking.hpp"
#include "repurpose/entity_name.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;
using repurpose::NamedEntity;

/// A store, the model and the graph that questions are answered from.
struct Grounds {
  Store store;
  repurpose::RankingModel model;
  repurpose::KnowledgeGraph graph;

  explicit Grounds(const RepurposeOptions& options)
      : store(Store::open(store_path(options))),
        model(options.model.empty() ? repurpose::RankingModel::shipped()
                                    : repurpose::RankingModel::read(options.model)),
        graph(store, {allowed_licences(options.licence)}) {}
};

std::size_t links_of(const datasets::LinkTable& links, std::uint32_t entity) {
  return links.empty()
             ? 0
             : static_cast<std::size_t>(links.from_offsets[entity + 1] - links.from_offsets[entity]);
}

std::size_t entries(std::string_view list) {
  return list.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(list.begin(), list.end(), '|'));
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

void state_disease(RepurposeAnswer& answer, const Store& store, const NamedEntity& disease) {
  answer.disease = disease.entity;
  answer.question = fmt::format("{} ({})", disease.name, disease.id);
  if (disease.matched != datasets::comparable_name(disease.name) &&
      disease.matched != datasets::comparable_name(disease.id))
    answer.matched = disease.matched;
  const auto terms = repurpose::with_sub_terms(store, disease.entity);
  const auto uses = repurpose::known_uses(store, terms);
  std::size_t in_use = 0;
  for (std::size_t i = 0; i < uses.size(); ++i)
    in_use += (i == 0 || uses[i].drug != uses[i - 1].drug) &&
              repurpose::leading_status(repurpose::uses_of(uses, uses[i].drug)) <=
                  repurpose::UseStatus::symptomatic &&
              repurpose::leading_status(repurpose::uses_of(uses, uses[i].drug)) !=
                  repurpose::UseStatus::contraindicated;
  answer.facts.emplace_back(
      "disease",
      fmt::format("{} synonyms, {} sub-terms, {} linked genes, {} drugs in use",
                  entries(store.entities(EntityKind::disease).synonyms[disease.entity]), terms.size() - 1,
                  links_of(store.links(LinkKind::associated), disease.entity), in_use));
}

/// Lays the evidence of the first rows open.
template <class Explain>
void explain_rows(RepurposeAnswer& answer, int count, const Explain& explain) {
  for (std::size_t i = 0; i < answer.answer.rows.size() && i < static_cast<std::size_t>(count); ++i) {
    const auto& row = answer.answer.rows[i];
    answer.explained.push_back({row, explain(row.ranked.drug)});
  }
}

bool wants_page(const RepurposeOptions& options) {
  return std::any_of(options.out.begin(), options.out.end(), [](const std::string& path) {
    return std::filesystem::path(path).extension() == ".html";
  });
}

/// A page without a word on how many to explain shows ten; a table needs the paths of its reasons.
int explained_rows(const RepurposeOptions& options, const RepurposeAnswer& answer) {
  const int asked = options.explain > 0 ? options.explain : wants_page(options) ? 10 : 0;
  return std::max(asked, std::min<int>(static_cast<int>(answer.answer.rows.size()), options.top));
}

RepurposeAnswer disease_answer(const Grounds& grounds, const RepurposeOptions& options) {
  RepurposeAnswer answer;
  const auto disease = repurpose::find_entity(grounds.store, EntityKind::disease, options.disease);
  state_disease(answer, grounds.store, disease);
  state_grounds(answer, grounds, options);
  const auto ranking_options = rank_options(options, grounds.store);
  answer.ranking = repurpose::rank_disease(grounds.model, grounds.graph, disease.entity, ranking_options);
  answer.answer = repurpose::answer_from(grounds.store, answer.ranking, disease.entity,
                                         answer_options(options, grounds.store));
  explain_rows(answer, explained_rows(options, answer), [&](std::uint32_t drug) {
    return repurpose::explain(grounds.model, grounds.graph, disease.entity, drug, ranking_options);
  });
  return answer;
}

RepurposeAnswer pair_answer(const Grounds& grounds, RepurposeOptions options) {
  const auto drug = repurpose::find_entity(grounds.store, EntityKind::drug, options.drug);
  options.top = 0;
  options.explain = 0;
  RepurposeAnswer answer;
  const auto disease = repurpose::find_entity(grounds.store, EntityKind::disease, options.disease);
  state_disease(answer, grounds.store, disease);
  state_grounds(answer, grounds, options);
  const auto ranking_options = rank_options(options, grounds.store);
  answer.ranking = repurpose::rank_disease(grounds.model, grounds.graph, disease.entity, ranking_options);
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
  explain_rows(answer, 1, [&](std::uint32_t each) {
    return repurpose::explain(grounds.model, grounds.graph, disease.entity, each, ranking_options);
  });
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
  const auto ranking_options = rank_options(options, grounds.store);
  answer.ranking = repurpose::rank_profile(grounds.model, grounds.graph, profile, ranking_options);
  answer.answer =
      repurpose::answer_from(grounds.store, answer.ranking, -1, answer_options(options, grounds.store));
  explain_rows(answer, explained_rows(options, answer), [&](std::uint32_t drug) {
    return repurpose::explain_profile(grounds.model, grounds.graph, profile, drug, ranking_options);
  });
  return answer;
}

void write_files(const RepurposeAnswer& answer, const RepurposeOptions& options, Session& session) {
  for (const auto& path : options.out) {
    const std::string ending = std::filesystem::path(path).extension();
    if (ending == ".json")
      chem::write_text_file(path, repurpose_json(answer) + "\n");
    else if (ending == ".html")
      chem::write_text_file(path, repurpose_html(answer));
    else
      write_repurpose_table(answer, path);
    session.terminal().note(fmt::format("wrote     {}", path));
  }
}

/// Before anything is computed: the endings can be written.
void check_outputs(const RepurposeOptions& options) {
  for (const auto& path : options.out) {
    const std::string ending = std::filesystem::path(path).extension();
    if (ending != ".json" && ending != ".html" && ending != ".csv" && ending != ".h5")
      throw UsageError(fmt::format("cannot tell what to write from the ending of '{}'", path),
                       "name a .csv, .h5, .json or .html file");
  }
}

int show_answer(RepurposeAnswer answer, const RepurposeOptions& options, Session& session) {
  for (const auto& warning : answer.warnings) session.terminal().warn("repurpose", warning);
  session.terminal().end_warnings();
  write_files(answer, options, session);
  if (session.options.json) {
    std::puts(repurpose_json(answer).c_str());
    return exit_done;
  }
  std::fputs(repurpose_text(answer, options.explain).c_str(), stdout);
  return exit_done;
}

int answer_question(const RepurposeOptions& options, Session& session) {
  const auto question = question_of(options);
  check_outputs(options);
  const Grounds grounds(options);
  switch (question) {
    case RepurposeQuestion::disease:
      return show_answer(disease_answer(grounds, options), options, session);
    case RepurposeQuestion::pair:
      return show_answer(pair_answer(grounds, options), options, session);
    case RepurposeQuestion::genes:
      return show_answer(genes_answer(grounds, options), options, session);
    default:
      return exit_bug;
  }
}

}  // namespace
}  // namespace theriac::cli
