// theriac repurpose: existing drugs against a disease, a target, a list of genes; with reasons.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

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
#include "repurpose/sequence_search.hpp"
#include "repurpose/target_variant.hpp"

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

/// The evidence of the rows, for their reasons, and in full for the first ones.
template <class Explain>
void explain_rows(RepurposeAnswer& answer, std::size_t in_full, const Explain& explain) {
  answer.laid_open = in_full;
  const std::size_t count = std::max(in_full, reasons_by_path);
  for (std::size_t i = 0; i < answer.answer.rows.size() && i < count; ++i) {
    const auto& row = answer.answer.rows[i];
    answer.explained.push_back({row, explain(row.ranked.drug)});
  }
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

RepurposeAnswer disease_answer(const Grounds& grounds, const RepurposeOptions& options) {
  RepurposeAnswer answer;
  const auto disease = repurpose::find_entity(grounds.store, EntityKind::disease, options.disease);
  state_disease(answer, grounds.store, disease);
  state_grounds(answer, grounds, options);
  const auto ranking_options = rank_options(options, grounds.store);
  answer.ranking = repurpose::rank_disease(grounds.model, grounds.graph, disease.entity, ranking_options);
  answer.answer = repurpose::answer_from(grounds.store, answer.ranking, disease.entity,
                                         answer_options(options, grounds.store));
  explain_rows(answer, laid_open(options), [&](std::uint32_t drug) {
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
  explain_rows(answer, laid_open(options), [&](std::uint32_t drug) {
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
void check_outputs(const RepurposeOptions& options, RepurposeQuestion question) {
  const bool table = question == RepurposeQuestion::disease || question == RepurposeQuestion::pair ||
                     question == RepurposeQuestion::genes;
  for (const auto& path : options.out) {
    const std::string ending = std::filesystem::path(path).extension();
    const bool known =
        question == RepurposeQuestion::all
            ? ending == ".csv" || ending == ".h5"
            : ending == ".json" || (table && (ending == ".html" || ending == ".csv" || ending == ".h5"));
    if (!known)
      throw UsageError(fmt::format("this question cannot be written to '{}'", path),
                       question == RepurposeQuestion::all ? "name a .h5 or .csv file"
                       : table                            ? "name a .csv, .h5, .json or .html file"
                                                          : "name a .json file");
  }
}

int show_answer(const RepurposeAnswer& answer, const RepurposeOptions& options, Session& session) {
  for (const auto& warning : answer.warnings) session.terminal().warn("repurpose", warning);
  session.terminal().end_warnings();
  write_files(answer, options, session);
  if (session.options.json) {
    std::puts(repurpose_json(answer).c_str());
    return exit_done;
  }
  std::fputs(repurpose_text(answer).c_str(), stdout);
  return exit_done;
}

std::size_t shown_rows(const RepurposeOptions& options) {
  return static_cast<std::size_t>(options.top);
}

int show_drug(const Grounds& grounds, const RepurposeOptions& options, Session& session) {
  const auto drug = repurpose::find_entity(grounds.store, EntityKind::drug, options.drug);
  const auto found = diseases_of_drug(grounds.store, grounds.model, grounds.graph, drug.entity,
                                      rank_options(options, grounds.store));
  const std::string json = drug_diseases_json(grounds.store, drug.entity, found, shown_rows(options));
  for (const auto& path : options.out) {
    chem::write_text_file(path, json + "\n");
    session.terminal().note(fmt::format("wrote     {}", path));
  }
  if (session.options.json)
    std::puts(json.c_str());
  else
    std::fputs(fmt::format("{} ({})\n\n{}", drug.name, drug.id,
                           drug_diseases_text(grounds.store, found, shown_rows(options)))
                   .c_str(),
               stdout);
  return exit_done;
}

/// A target and what is asked of it, with one line that says how it was found.
struct AskedTarget {
  NamedEntity entity;
  repurpose::TargetVariant variant;
  std::string found_by;
};

AskedTarget target_by_name(const Store& store, const std::string& text) {
  AskedTarget out;
  out.variant = repurpose::parse_target_variant(text);
  out.entity = repurpose::find_entity(store, EntityKind::target, out.variant.gene);
  return out;
}

/// A FASTA file of one sequence, or the sequence itself.
AskedTarget target_by_sequence(const Store& store, const std::string& text) {
  const auto sequences = std::filesystem::exists(text) ? chem::read_sequences(text)
                                                       : chem::sequences_from_text(text, "--sequence");
  if (sequences.size() > 1)
    throw UsageError(fmt::format("'{}' holds {} sequences", text, sequences.size()), "ask for one at a time");
  const auto similar = repurpose::similar_targets(store, sequences.front().residues, 1);
  if (similar.empty())
    throw InputError(fmt::format("no target of '{}' is like this sequence", store.path()),
                     "the store must hold sequences: theriac store info tells");
  const auto& best = similar.front();
  const auto& table = store.entities(EntityKind::target);
  AskedTarget out;
  out.entity = {EntityKind::target, best.target, std::string(table.id[best.target]),
                std::string(table.name[best.target]), ""};
  out.variant.gene = out.entity.name;
  out.found_by = fmt::format("{:.1f} % identical over {} columns, {:.0f} % of the sequence",
                             100 * best.alignment.identity(), best.alignment.length, 100 * best.coverage);
  return out;
}

/// A target's answer needs no ranking model.
int show_target(const Store& store, const AskedTarget& asked, const RepurposeOptions& options,
                Session& session) {
  auto found = drugs_of_target(store, asked.entity.entity, options.filter, allowed_licences(options.licence));
  found.variant = asked.variant.variant;
  if (!found.variant.empty())
    found.variant_facts =
        repurpose::facts_of(repurpose::read_variant_facts(chem::data_file("tables/target_variants.csv")),
                            {asked.entity.name, found.variant});
  const std::string json = target_drugs_json(store, found, shown_rows(options));
  for (const auto& path : options.out) {
    chem::write_text_file(path, json + "\n");
    session.terminal().note(fmt::format("wrote     {}", path));
  }
  if (session.options.json) {
    std::puts(json.c_str());
    return exit_done;
  }
  const auto& family = store.entities(EntityKind::target).text("family");
  std::string head = fmt::format("{} ({})", asked.entity.name, asked.entity.id);
  if (asked.entity.entity < family.size() && !family[asked.entity.entity].empty())
    head += fmt::format(", {}", family[asked.entity.entity]);
  if (!asked.found_by.empty()) head += fmt::format("; {}", asked.found_by);
  std::fputs(fmt::format("{}\n\n{}", head, target_drugs_text(store, found, shown_rows(options))).c_str(),
             stdout);
  return exit_done;
}

int show_all(const Grounds& grounds, const RepurposeOptions& options, Session& session) {
  if (options.out.size() != 1)
    throw UsageError("all pairs go to one file",
                     "-o pairs.h5 is the whole matrix, -o best.csv the best drugs");
  const auto counts =
      write_all_pairs(grounds.store, grounds.model, grounds.graph, rank_options(options, grounds.store),
                      answer_options(options, grounds.store), options.out.front());
  session.terminal().note(fmt::format(
      "wrote     {}: {} pairs with a basis in {} diseases; {} diseases have none", options.out.front(),
      counts.pairs, counts.diseases - counts.without_basis, counts.without_basis));
  return exit_done;
}

/// Genes of the question that a library is compared with.
std::vector<std::uint32_t> library_targets(const Store& store, const RepurposeOptions& options) {
  if (!options.target.empty()) return {target_by_name(store, options.target).entity.entity};
  const auto disease = repurpose::find_entity(store, EntityKind::disease, options.disease);
  const auto& associated = store.links(LinkKind::associated);
  std::vector<std::uint32_t> targets(associated.to.begin() + associated.from_offsets[disease.entity],
                                     associated.to.begin() + associated.from_offsets[disease.entity + 1]);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  if (targets.empty())
    throw InputError(fmt::format("no gene is linked to {} in '{}'", disease.name, store.path()),
                     "ask for a target instead: --target GENE");
  return targets;
}

int show_library(const RepurposeOptions& options, Session& session) {
  if (options.disease.empty() == options.target.empty())
    throw UsageError("a library is compared with a disease's genes or with one target",
                     "theriac repurpose --library mine.smi --target JAK1");
  const Store store = Store::open(store_path(options));
  const auto targets = library_targets(store, options);
  chem::RecordReader reader({options.library});
  const repurpose::LigandEnsembles ensembles(store, allowed_licences(options.licence));
  const auto rows = compare_library(store, ensembles, targets, reader, session.stop());
  RecordCounts counts;
  counts.total = static_cast<std::int64_t>(rows.size());
  for (const auto& row : rows) {
    if (row.message.empty()) continue;
    ++counts.failed;
    session.terminal().warn("molecule", row.message);
  }
  session.terminal().end_warnings();
  for (const auto& path : options.out) {
    if (std::filesystem::path(path).extension() != ".csv")
      throw UsageError(fmt::format("a library's rows go to a .csv file, not to '{}'", path));
    write_likeness(store, rows, path);
    session.terminal().note(fmt::format("wrote     {}", path));
  }
  std::fputs(likeness_text(store, rows, shown_rows(options)).c_str(), stdout);
  return session.exit_code(counts);
}

int answer_question(const RepurposeOptions& options, Session& session) {
  if (!options.library.empty()) return show_library(options, session);
  const auto question = question_of(options);
  check_outputs(options, question);
  if (question == RepurposeQuestion::target || question == RepurposeQuestion::sequence) {
    const Store store = Store::open(store_path(options));
    return show_target(store,
                       question == RepurposeQuestion::target ? target_by_name(store, options.target)
                                                             : target_by_sequence(store, options.sequence),
                       options, session);
  }
  const Grounds grounds(options);
  if (question == RepurposeQuestion::drug) return show_drug(grounds, options, session);
  if (question == RepurposeQuestion::all) return show_all(grounds, options, session);
  if (question == RepurposeQuestion::pair)
    return show_answer(pair_answer(grounds, options), options, session);
  if (question == RepurposeQuestion::genes)
    return show_answer(genes_answer(grounds, options), options, session);
  return show_answer(disease_answer(grounds, options), options, session);
}

}  // namespace

Command repurpose_command() {
  Command command;
  command.name = "repurpose";
  command.group = "Known drugs";
  command.summary =
      "rank existing drugs for a disease, a target or a list of genes, with reasons that can be checked";
  command.examples = {"theriac repurpose \"rheumatoid arthritis\"",
                      "theriac repurpose psoriasis --novel --explain 3 -o psoriasis.html",
                      "theriac repurpose asthma --drug salbutamol",
                      "theriac repurpose --target EGFR:T790M",
                      "theriac repurpose --drug metformin --store full.h5",
                      "theriac repurpose --genes my_genes.txt --status approved --route oral -o mine.csv",
                      "theriac repurpose --library mine.smi --target JAK1 -o likeness.csv",
                      "theriac repurpose --all --store full.h5 -o pairs.h5"};
  command.citation =
      "D. S. Himmelstein et al., eLife 6, e26726 (2017); M. J. Keiser et al., Nat. Biotechnol. 25, 197 "
      "(2007)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<RepurposeOptions>();
    add_repurpose_options(app, *options);
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [options, &session] { return answer_question(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
