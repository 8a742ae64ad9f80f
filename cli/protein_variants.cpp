#include "cli/protein_variants.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "cli/device_option.hpp"
#include "cli/session.hpp"
#include "cli/variant_evidence.hpp"
#include "cli/variant_question.hpp"
#include "datasets/results_table.hpp"
#include "repurpose/target_variant.hpp"
#include "scoring/variant_effect.hpp"
#include "scoring/variant_likelihood.hpp"
#include "scoring/variant_weight_file.hpp"

namespace theriac::cli {
namespace {

struct VariantOptions {
  VariantQuestionOptions question;
  VariantEvidenceOptions evidence;
  std::string weights;  ///< file; empty: those that ship
  std::string out, write_homologs;
};

/// A line of the answer.
struct VariantRow {
  std::string mutation, status = "ok", known;
  scoring::VariantScore score;
};

/// "resistant: gefitinib (Pao 2005 ...); sensitive: osimertinib (...)" of the substitutions of a mutant.
std::string known_effects(const std::vector<repurpose::VariantFact>& facts, const std::string& gene,
                          const chem::Mutant& mutant) {
  std::vector<std::string> parts;
  if (gene.empty()) return {};
  for (const auto& s : mutant.substitutions)
    for (const auto& fact :
         repurpose::facts_of(facts, {gene, fmt::format("{}{}{}", s.from, s.position, s.to)}))
      parts.push_back(
          fmt::format("{}: {} ({})", fact.sensitive ? "sensitive" : "resistant", fact.drug, fact.source));
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// What the score was made of.
struct Evidence {
  bool homologs = false, model = false;
  bool model_counts = false;  ///< its weight is not 0
};

/// Columns after mutation, score and percentile: raw terms, then the parts of the score.
std::vector<std::pair<std::string, double>> term_cells(const scoring::VariantScore& score,
                                                       const Evidence& evidence) {
  std::vector<std::pair<std::string, double>> cells;
  if (evidence.homologs) cells.emplace_back("profile_log_odds", score.profile_log_odds);
  cells.emplace_back("blosum62", score.blosum62);
  if (evidence.model) cells.emplace_back("language_model_log_odds", score.language_model);
  for (int g = 0; g < scoring::variant_group_count; ++g) {
    const auto group = static_cast<scoring::VariantGroup>(g);
    if (group == scoring::VariantGroup::language_model && !evidence.model_counts) continue;
    cells.emplace_back(fmt::format("from_{}", scoring::group_name(group)),
                       score.groups[static_cast<std::size_t>(g)]);
  }
  return cells;
}

struct Answer {
  VariantQuestion question;
  Evidence evidence;
  double effective_homologs = 0;
  std::vector<VariantRow> rows;
};

std::string csv_of(const Answer& answer) {
  std::string out = "mutation,score,percentile";
  for (const auto& [name, value] : term_cells({}, answer.evidence)) out += "," + name;
  out += ",known_drug_effects,status\n";
  for (const auto& row : answer.rows) {
    const bool ok = row.status == "ok";
    out += row.mutation;
    out += ok ? fmt::format(",{:.4f},{:.2f}", row.score.score, row.score.percentile) : ",,";
    for (const auto& [name, value] : term_cells(row.score, answer.evidence))
      out += ok ? fmt::format(",{:.4f}", value) : ",";
    out += fmt::format(",{},{}\n", datasets::csv_field(row.known), datasets::csv_field(row.status));
  }
  return out;
}

std::string json_of(const Answer& answer) {
  nlohmann::ordered_json json = {{"schema", "theriac.protein_variants/1"},
                                 {"gene", answer.question.gene},
                                 {"sequence", answer.question.name},
                                 {"residues", answer.question.residues.size()},
                                 {"effective_homologs", answer.effective_homologs},
                                 {"variants", nlohmann::ordered_json::array()}};
  for (const auto& row : answer.rows) {
    nlohmann::ordered_json one = {{"mutation", row.mutation}, {"status", row.status}};
    if (row.status == "ok") {
      one["score"] = row.score.score;
      one["percentile"] = row.score.percentile;
      for (const auto& [name, value] : term_cells(row.score, answer.evidence)) one[name] = value;
    }
    if (!row.known.empty()) one["known_drug_effects"] = row.known;
    json["variants"].push_back(std::move(one));
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

chem::Homologs relatives(const VariantQuestion& question, const VariantOptions& options, Session& session) {
  const auto& evidence = options.evidence;
  if (!evidence.homologs.empty()) {
    auto homologs =
        chem::read_homologs(chem::read_text_file(evidence.homologs), evidence.homologs, question.residues);
    session.terminal().note(fmt::format("homologs  {} relatives, {:.1f} a position", homologs.rows.size(),
                                        homologs.mean_coverage()));
    return homologs;
  }
  if (const auto database = variant_database(evidence, session))
    return found_homologs(*database, question.name, question.residues, evidence, session);
  return {question.residues, {}};
}

scoring::VariantWeights weights_for(const VariantOptions& options, const Evidence& evidence) {
  if (options.weights.empty()) return scoring::variant_weights(evidence.homologs);
  const auto sets = scoring::read_variant_weights(chem::read_text_file(options.weights), options.weights);
  return scoring::chosen_variant_weights(sets, evidence.homologs, evidence.model, options.weights);
}

void warn_of_limits(const Answer& answer, Session& session) {
  auto& terminal = session.terminal();
  terminal.warn(
      "limits",
      "the score says what a protein bears, not which drug it resists: resistant variants must work, "
      "so they often look harmless");
  if (!answer.evidence.homologs)
    terminal.warn("homologs", "no homologs: much weaker scores; give --homologs FILE or --database FASTA");
  else if (answer.effective_homologs < 5)
    terminal.warn("homologs",
                  fmt::format("the homologs count as {:.1f} independent sequences: the profile is weak",
                              answer.effective_homologs));
  if (answer.evidence.model && !answer.evidence.model_counts)
    terminal.note(
        "model     its log-odds stand beside the score, which does not count them: --weights FILE takes "
        "weights "
        "fitted with it");
  for (const auto& row : answer.rows)
    if (!row.known.empty()) terminal.warn("known", fmt::format("{} is known: {}", row.mutation, row.known));
}

Answer answer_of(const VariantOptions& options, Session& session, std::int64_t& failed) {
  Answer answer;
  answer.question = variant_question(options.question);
  const auto& question = answer.question;
  if (question.named_alone)
    for (const auto& mutant : question.mutants) chem::check_mutant(mutant, question.residues, question.name);
  const auto model = variant_language_model(options.evidence, session);
  const auto homologs = relatives(question, options, session);
  if (!options.write_homologs.empty())
    chem::write_text_file(options.write_homologs, chem::homologs_text(homologs, question.name));
  answer.evidence.homologs = !homologs.rows.empty();
  answer.evidence.model = model.has_value();
  const auto weights = weights_for(options, answer.evidence);
  answer.evidence.model_counts = model && weights.back() != 0;
  std::vector<double> odds;
  if (model) odds = scoring::substitution_log_odds(*model, question.residues);
  scoring::VariantTerms terms(homologs, odds);
  answer.effective_homologs = terms.effective_homologs();
  const scoring::VariantEffect effect(question.residues, std::move(terms), weights);
  const auto facts = repurpose::read_variant_facts(chem::data_file("tables/target_variants.csv"));
  for (const auto& mutant : question.mutants) {
    VariantRow row;
    row.mutation = mutant.text();
    row.known = known_effects(facts, question.gene, mutant);
    try {
      row.score = effect.score(mutant, question.name);
    } catch (const InputError& error) {
      row.status = error.what();
      ++failed;
    }
    answer.rows.push_back(std::move(row));
  }
  return answer;
}

void check(const VariantOptions& options, const Session& session) {
  if (!options.evidence.homologs.empty() && !options.evidence.database.empty())
    throw UsageError("both --homologs and --database are given", "use one of them");
  if (!options.out.empty() && std::filesystem::exists(options.out) && !session.options.overwrite)
    throw UsageError(fmt::format("'{}' is already there", options.out), "--overwrite replaces it");
}

int run(const VariantOptions& options, Session& session) {
  check(options, session);
  std::int64_t failed = 0;
  const Answer answer = answer_of(options, session, failed);
  warn_of_limits(answer, session);
  const bool json_file = options.out.size() > 5 && options.out.substr(options.out.size() - 5) == ".json";
  if (!options.out.empty()) {
    chem::write_text_file(options.out, json_file ? json_of(answer) : csv_of(answer));
    session.terminal().note(fmt::format("wrote     {}", options.out));
  }
  if (session.options.json)
    std::fputs(json_of(answer).c_str(), stdout);
  else if (options.out.empty())
    std::fputs(csv_of(answer).c_str(), stdout);
  session.terminal().end_warnings();
  return session.exit_code({static_cast<std::int64_t>(answer.rows.size()), failed});
}

void declare_options(CLI::App& app, VariantOptions& o) {
  const char* asked = "Variants";
  app.add_option(
         "mutations", o.question.mutations,
         "EGFR:L858R, L858R or p.Leu858Arg; L858R:T790M is both together; none: all single substitutions")
      ->type_name("MUTATION")
      ->group(asked);
  app.add_option("--mutations", o.question.mutations_file, "list of mutations, one a line")
      ->type_name("FILE")
      ->group(asked);
  app.add_flag("--all", o.question.all, "all 19 substitutions of every position")->group(asked);
  app.add_option("--sequence", o.question.sequence, "protein sequence, a FASTA file or the residues")
      ->type_name("FASTA")
      ->group(asked);
  app.add_option("--gene", o.question.gene, "gene of the sequence, for known drug effects")
      ->type_name("NAME")
      ->group(asked);
  app.add_option("--store", o.question.store, "store whose targets have sequences [the one that ships]")
      ->type_name("FILE")
      ->group(asked);
  app.add_option("-o,--out", o.out, "file for the rows, .csv or .json [standard output]")
      ->type_name("FILE")
      ->group(asked);
  const char* from = "Evidence";
  app.add_option("--homologs", o.evidence.homologs, "relatives: FASTA, aligned FASTA or A3M")
      ->type_name("FILE")
      ->group(from);
  app.add_option("--database", o.evidence.database, "protein sequences in which relatives are searched")
      ->type_name("FASTA")
      ->group(from);
  app.add_option("--rounds", o.evidence.rounds, "rounds of that search, with the profile of the one before")
      ->check(CLI::Range(1, 10))
      ->type_name("N")
      ->capture_default_str()
      ->group(from);
  app.add_option("--e_value", o.evidence.e_value, "of a relative, at most")
      ->check(CLI::PositiveNumber)
      ->type_name("E")
      ->capture_default_str()
      ->group(from);
  app.add_option("--write-homologs", o.write_homologs, "the relatives found, as A3M, to be given again")
      ->type_name("FILE")
      ->group(from);
  app.add_option("--model", o.evidence.language_model,
                 "protein language model: a folder or file, or default, the one that ships")
      ->type_name("PATH")
      ->group(from);
  add_device_option(app, o.evidence.device, "of the language model")->group(from);
  app.add_option("--weights", o.weights,
                 "weights of the terms: weights.txt of theriac bench variants [those that ship]")
      ->type_name("FILE")
      ->group(from);
}

}  // namespace

Command protein_variants_command() {
  Command command;
  command.name = "protein variants";
  command.summary = "how well a protein probably bears substitutions, from relatives and plain terms";
  command.examples = {
      "theriac protein variants L858R T790M --gene EGFR --sequence egfr.fasta --database swissprot.fasta.gz",
      "theriac protein variants --sequence tem1.fasta --homologs tem1.a3m -o tem1.csv",
      "theriac protein variants --mutations list.txt --sequence p53.fasta --homologs p53.a3m --json"};
  command.citation =
      "S. Henikoff, J. G. Henikoff, Proc. Natl. Acad. Sci. USA 89, 10915 (1992) (BLOSUM62); S. F. Altschul "
      "et "
      "al., Nucleic Acids Res. 25, 3389 (1997) (profiles); P. Notin et al., ProteinGym, NeurIPS 36 (2023) "
      "(the "
      "assays)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<VariantOptions>();
    declare_options(app, *options);
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [options, &session] { return run(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
