// theriac repurpose: existing drugs against a disease, a target, a list of genes; with reasons.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "cli/command.hpp"
#include "cli/disease_question.hpp"
#include "cli/drug_diseases.hpp"
#include "cli/repurpose_answer.hpp"
#include "cli/repurpose_matrix.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/session.hpp"
#include "cli/target_question.hpp"
#include "repurpose/entity_name.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;

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
    const bool known = question == RepurposeQuestion::all
                           ? ending == ".csv" || ending == ".h5"
                           : ending == ".json" || (question == RepurposeQuestion::drug && ending == ".csv") ||
                                 (table && (ending == ".html" || ending == ".csv" || ending == ".h5"));
    if (!known)
      throw UsageError(fmt::format("this question cannot be written to '{}'", path),
                       question == RepurposeQuestion::all    ? "name a .h5 or .csv file"
                       : table                               ? "name a .csv, .h5, .json or .html file"
                       : question == RepurposeQuestion::drug ? "name a .csv or .json file"
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
  DiseaseFilter filter;
  filter.novel = options.novel;
  if (!options.within.empty())
    filter.within = repurpose::with_sub_terms(
        grounds.store, repurpose::find_entity(grounds.store, EntityKind::disease, options.within).entity);
  std::vector<std::string> warnings;
  const auto table = pair_table(grounds, options, warnings);
  for (const auto& warning : warnings) session.terminal().warn("repurpose", warning);
  session.terminal().end_warnings();
  const auto found = table ? diseases_of_drug(grounds.store, *table, drug.entity, filter)
                           : diseases_of_drug(grounds.store, grounds.model, grounds.graph, drug.entity,
                                              rank_options(options, grounds.store), filter);
  const std::string json = drug_diseases_json(grounds.store, drug.entity, found, shown_rows(options));
  for (const auto& path : options.out) {
    if (std::filesystem::path(path).extension() == ".csv")
      write_drug_diseases(grounds.store, found, shown_rows(options), path);
    else
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

int show_all(const Grounds& grounds, const RepurposeOptions& options, Session& session) {
  if (options.out.size() != 1)
    throw UsageError("all pairs go to one file",
                     "-o pairs.h5 is the whole matrix, -o best.csv the best drugs");
  const auto counts =
      write_all_pairs(grounds.store, grounds.model, grounds.graph, rank_options(options, grounds.store),
                      answer_options(options, grounds.store), options.licence, options.out.front());
  session.terminal().note(fmt::format(
      "wrote     {}: {} pairs with a basis in {} diseases; {} diseases have none", options.out.front(),
      counts.pairs, counts.diseases - counts.without_basis, counts.without_basis));
  return exit_done;
}

/// Options of ranked answers mean nothing to a target, a library or the diseases of a drug: said, not passed
/// over.
void refuse_idle_options(const RepurposeOptions& o, bool ranked, bool by_target, bool of_drug, bool json) {
  const auto refuse = [](bool given, const char* option, const char* where) {
    if (given) throw UsageError(fmt::format("{} means nothing to {}", option, where));
  };
  const char* other = "this question, it belongs to a ranking of drugs";
  refuse(!ranked && !of_drug && o.novel, "--novel", other);
  refuse(!of_drug && !o.within.empty(), "--within", "this question, it belongs to the diseases of a drug");
  refuse(of_drug && o.filter.asks_anything(), "a filter of drugs", "the diseases of one drug");
  refuse(of_drug && !o.exclude_drugs.empty(), "--exclude_drug", "the diseases of one drug");
  refuse(!ranked && o.diverse, "--diverse", other);
  refuse(!ranked && o.explain > 0, "--explain", other);
  refuse(by_target && !o.model.empty(), "--model", other);
  refuse(by_target && !o.without.empty(), "--without", other);
  refuse(by_target && o.no_popularity, "--no_popularity", other);
  refuse(by_target && !o.exclude_drugs.empty(), "--exclude_drug", other);
  refuse(!o.library.empty() && o.filter.asks_anything(), "a filter of drugs", "molecules of your own");
  refuse(!o.library.empty() && json, "--json", "a library, -o rows.csv has its rows");
}

int answer_question(const RepurposeOptions& options, Session& session) {
  if (!options.library.empty()) refuse_idle_options(options, false, true, false, session.options.json);
  if (!options.library.empty()) return show_library(options, session);
  const auto question = question_of(options);
  const bool by_target = question == RepurposeQuestion::target || question == RepurposeQuestion::sequence;
  const bool of_drug = question == RepurposeQuestion::drug;
  refuse_idle_options(options, !by_target && !of_drug, by_target, of_drug, session.options.json);
  check_outputs(options, question);
  if (question == RepurposeQuestion::target) return show_target(options, session);
  if (question == RepurposeQuestion::sequence) return show_sequence_target(options, session);
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
                      "theriac repurpose --drug metformin --store full.h5 --novel --within cancer",
                      "theriac repurpose --genes my_genes.txt --status approved --route oral -o mine.csv",
                      "theriac repurpose --library mine.smi --target JAK1 -o likeness.csv",
                      "theriac repurpose --all --store full.h5 -o pairs.h5"};
  command.citation =
      "D. S. Himmelstein et al., eLife 6, e26726 (2017); M. J. Keiser et al., Nat. Biotechnol. 25, 197 "
      "(2007)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<RepurposeOptions>();
    add_repurpose_options(app, *options);
    app.add_option("--cpu", session.options.cpu,
                   "threads; 0 = all that were granted; does not change the result")
        ->type_name("N")
        ->check(CLI::Range(0, 4096))
        ->capture_default_str()
        ->group("Run");
    app.add_option("--max-failed", session.options.max_failed,
                   "exit 4 when more molecules of --library than this fail: a share or a count")
        ->type_name("N|N%")
        ->capture_default_str()
        ->group("Run");
    add_output_options(app, session);
    return [options, &session] { return answer_question(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
