#include "cli/protein_peptides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <tuple>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"
#include "chem/peptide_structure.hpp"
#include "chem/sequence.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/device_option.hpp"
#include "cli/model_choice.hpp"
#include "cli/peptide_table.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "generative/peptide_search.hpp"

namespace theriac::cli {
namespace {

using generative::PeptideDesign;

struct PeptideOptions {
  std::string target, model = "default", classes = "default", out = "peptides.csv";
  std::string length = "8-15", fixed, banned, start, decoding = "one-pass", judge = "one-pass",
              cyclise = "none", ends = "free", device = "cpu";
  int number = 100, shuffles = 4, smiles_up_to = 8, steps = 40;
  double warning_cost = 0.02;
  PeptideDesign design;
};

/// What is proposed for, read strictly: a target of nucleotides or of nothing is an error.
std::vector<chem::Sequence> read_targets(const std::string& path, Session& session) {
  auto targets = chem::read_sequences(path);
  std::map<std::string, int> names;
  for (auto& target : targets) {
    if (target.name.empty()) target.name = "target";
    if (chem::looks_like_nucleotides(target.residues))
      throw InputError(fmt::format("'{}' in '{}' is a nucleotide sequence", target.name, path),
                       "translate it: a protein sequence is needed");
    if (target.residues.size() < 10)
      throw InputError(fmt::format("'{}' in '{}' has {} residues", target.name, path, target.residues.size()),
                       "a target needs 10 residues at least");
    const auto odd = std::count_if(target.residues.begin(), target.residues.end(),
                                   [](char c) { return chem::residue_number(c) < 0; });
    if (odd)
      session.terminal().warn("targets with residues beside the twenty",
                              fmt::format("{}: {} of {}", target.name, odd, target.residues.size()));
    if (names[target.name]++) target.name += fmt::format("_{}", names[target.name]);
  }
  return targets;
}

chem::PeptideForm form_of(const PeptideOptions& options, const std::string& peptide) {
  chem::PeptideForm form;
  form.head_to_tail = options.cyclise == "head-to-tail";
  if (options.cyclise == "disulfide") form.disulfides = chem::single_disulfide(peptide);
  form.acetyl_n = form.amide_c = options.ends == "capped";
  return form;
}

void add_molecule(const PeptideOptions& options, PeptideRow& row) {
  if (static_cast<int>(row.peptide.size()) > options.smiles_up_to) return;
  try {
    row.smiles = chem::peptide_molecule(row.peptide, form_of(options, row.peptide)).smiles();
  } catch (const InputError& error) {
    row.message = error.what();
  }
}

/// A disulfide needs two cysteines that stay: those of the start, those that are fixed, or one at either end.
void fix_cysteines(const PeptideOptions& options, PeptideDesign& design) {
  if (!options.start.empty())
    for (std::size_t i = 0; i < options.start.size(); ++i)
      if (options.start[i] == 'C') design.fixed.emplace(static_cast<int>(i) + 1, 'C');
  const auto cysteines = [&] {
    return std::count_if(design.fixed.begin(), design.fixed.end(),
                         [](const auto& f) { return f.second == 'C'; });
  };
  if (cysteines() == 0 && options.start.empty()) {
    if (design.shortest != design.longest)
      throw UsageError("a disulfide between the ends needs one length, not a range",
                       "--length 8, or fix the cysteines: --fix 2:C,7:C");
    design.fixed.emplace(1, 'C');
    design.fixed.emplace(design.longest, 'C');
  }
  if (cysteines() != 2)
    throw UsageError(fmt::format("a disulfide needs 2 cysteines, and {} are fixed", cysteines()),
                     "--fix 2:C,7:C");
  design.free_cysteines = false;
}

PeptideDesign design_of(const PeptideOptions& options) {
  PeptideDesign design = options.design;
  std::tie(design.shortest, design.longest) = generative::length_range(options.length);
  if (!options.start.empty()) {
    chem::check_residues(options.start);
    design.shortest = design.longest = static_cast<int>(options.start.size());
  }
  design.fixed = generative::fixed_positions(options.fixed);
  design.banned = generative::banned_residues(options.banned);
  generative::check_design(design);
  if (options.cyclise == "disulfide") {
    fix_cysteines(options, design);
    generative::check_design(design);
  }
  return design;
}

class PeptideRun {
 public:
  PeptideRun(const PeptideOptions& options, Session& session)
      : options_(options), session_(session), design_(design_of(options)) {
    if (options.ends == "capped" && options.cyclise == "head-to-tail")
      throw UsageError("a peptide that is closed head to tail has no ends to be capped");
  }

  int run() {
    const auto targets = read_targets(options_.target, session_);
    const std::string file = std::filesystem::is_directory(options_.model)
                                 ? options_.model
                                 : model_file(options_.model, "protein-binders");
    model_ = generative::read_peptide_model(
        file,
        options_.decoding == "iterative" ? generative::Unmasking::iterative : generative::Unmasking::one_pass,
        options_.judge == "by-position" ? generative::Judgement::by_position
                                        : generative::Judgement::one_pass,
        options_.device);
    const auto classes = scoring::PeptideClasses::read(model_file(options_.classes, "peptides"));
    session_.terminal().note(fmt::format("model     {}", model_->description()));
    if (session_.options.dry_run) {
      session_.terminal().note(fmt::format("plan      {} peptides for each of {} targets would go to {}",
                                           options_.number, targets.size(), options_.out));
      return exit_done;
    }
    if (std::filesystem::exists(options_.out) && !session_.options.overwrite)
      throw UsageError(fmt::format("'{}' is there already", options_.out), "--overwrite replaces it");
    const Stopwatch watch;
    datasets::CsvTable table(options_.out, peptide_columns(classes));
    std::size_t written = 0;
    for (const auto& target : targets) {
      if (session_.stop().stop_requested()) break;
      const auto rows = ranked(target, classes);
      int rank = 0;
      for (const auto& row : rows) table.append(peptide_cells(row, ++rank));
      written += rows.size();
    }
    const bool stopped = session_.stop().stop_requested();
    table.publish();
    session_.terminal().note(fmt::format("wrote     {}: {} peptides for {} targets in {:.1f} s", options_.out,
                                         written, targets.size(), watch.wall_seconds()));
    const int code = stopped
                         ? session_.exit_code({}, "what was written is not complete; --overwrite starts over")
                         : static_cast<int>(exit_done);
    return print_result(session_, "protein peptides",
                        {{"targets", targets.size()},
                         {"peptides", written},
                         {"model", file},
                         {"seconds", watch.wall_seconds()},
                         {"out", options_.out}},
                        code);
  }

 private:
  std::vector<PeptideRow> ranked(const chem::Sequence& target, const scoring::PeptideClasses& classes) {
    const int read = model_->target_residues(design_.longest);
    if (static_cast<int>(target.residues.size()) > read)
      session_.terminal().warn(
          "targets longer than the model reads",
          fmt::format("{}: the last {} of {} residues were read; give the domain that matters", target.name,
                      read, target.residues.size()));
    const generative::SpecificityPanel panel(*model_, target.residues, design_.longest, options_.shuffles,
                                             session_.seed());
    auto [peptides, origin] = candidates(target, panel, classes);
    auto rows = judged(target.name, peptides, origin, panel, classes);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.score != b.score ? a.score > b.score : a.peptide < b.peptide;
    });
    double sum = 0;
    for (const auto& row : rows) sum += row.specificity.value();
    if (!rows.empty())
      session_.terminal().note(
          fmt::format("target    {}: {} peptides, mean specificity {:+.3f} nats a residue", target.name,
                      rows.size(), sum / static_cast<double>(rows.size())));
    return rows;
  }

  std::pair<std::vector<std::string>, std::string> candidates(const chem::Sequence& target,
                                                              const generative::SpecificityPanel& panel,
                                                              const scoring::PeptideClasses& classes) {
    if (!options_.start.empty()) {
      generative::ImprovementOptions improvement;
      improvement.steps = options_.steps;
      const auto worth = [&](const std::vector<std::string>& peptides) {
        std::vector<double> out;
        for (const auto& row : judged(target.name, peptides, "", panel, classes)) out.push_back(row.score);
        return out;
      };
      return {generative::improved_peptides(options_.start, design_, worth, options_.number, session_.seed(),
                                            improvement, session_.stop()),
              "improved"};
    }
    auto drawn = generative::drawn_peptides(panel.target(), design_, options_.number, target.residues,
                                            session_.seed(), session_.stop());
    if (static_cast<int>(drawn.peptides.size()) < options_.number)
      session_.terminal().warn(
          "targets with fewer peptides than asked for",
          fmt::format("{}: {} after {} draws, {} repeated and {} repetitive or of low complexity",
                      target.name, drawn.peptides.size(), drawn.drawn, drawn.repeated, drawn.unfit));
    return {std::move(drawn.peptides), "drawn"};
  }

  std::vector<PeptideRow> judged(const std::string& target, const std::vector<std::string>& peptides,
                                 const std::string& origin, const generative::SpecificityPanel& panel,
                                 const scoring::PeptideClasses& classes) const {
    const auto specificity = panel.judged(peptides);
    std::vector<PeptideRow> rows(peptides.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& row = rows[i];
      row.target = target;
      row.peptide = peptides[i];
      row.origin = peptides[i] == options_.start ? "start" : origin;
      row.specificity = specificity[i];
      row.developability = scoring::developability(peptides[i], classes);
      row.score = row.specificity.value() - options_.warning_cost * row.developability.warnings;
      if (!origin.empty()) add_molecule(options_, row);
    }
    return rows;
  }

  const PeptideOptions& options_;
  Session& session_;
  PeptideDesign design_;
  std::unique_ptr<generative::PeptideModel> model_;
};

void declare_design(CLI::App& app, PeptideOptions& o) {
  const char* group = "Peptides";
  app.add_option("--length", o.length, "residues of a peptide, a number or a range")
      ->type_name("N-M")
      ->capture_default_str()
      ->group(group);
  app.add_option("--number", o.number, "peptides for each target")
      ->check(CLI::Range(1, 100000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--fix", o.fixed, "residues that stay, position from 1 and residue: 3:C,8:C")
      ->type_name("LIST")
      ->group(group);
  app.add_option("--ban", o.banned, "residues that are not used: CMW")->type_name("LETTERS")->group(group);
  app.add_option("--start", o.start, "a peptide to improve, residue by residue; its length stays")
      ->type_name("PEPTIDE")
      ->group(group);
  app.add_option("--steps", o.steps, "changes tried on each of 32 chains, with --start")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--temperature", o.design.temperature, "above 1 bolder, near 0 the likeliest; 0 to 10")
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_option("--top-p", o.design.top_p, "draw from the likeliest residues that have this chance together")
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_option("--decoding", o.decoding,
                 "masked models: one-pass, as PepMLM is published, or iterative, the surest residue first")
      ->check(CLI::IsMember({"one-pass", "iterative"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--judge", o.judge,
                 "likelihood of a peptide by a masked model: all residues hidden in one pass, or each alone "
                 "(one pass "
                 "a residue)")
      ->check(CLI::IsMember({"one-pass", "by-position"}))
      ->type_name("WAY")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--allow-repeats", o.design.allow_low_complexity,
               "keep repeats and peptides of few kinds of residues")
      ->group(group);
}

void declare_output(CLI::App& app, PeptideOptions& o) {
  const char* group = "Ranking and output";
  app.add_option("--shuffles", o.shuffles, "shuffled targets for the specificity")
      ->check(CLI::Range(0, 100))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--warning-cost", o.warning_cost, "nats a residue that a warning costs in the ranking")
      ->check(CLI::Range(0.0, 10.0))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_option("--classes", o.classes, "learned classes: a file of theriac train peptides")
      ->type_name("NAME|FILE")
      ->capture_default_str()
      ->group(group);
  app.add_option("--smiles-up-to", o.smiles_up_to,
                 "peptides of so many residues get a SMILES, for theriac dock")
      ->check(CLI::Range(0, 60))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--cyclise", o.cyclise,
         "of the molecule: none, head-to-tail, or disulfide; the latter puts cysteines at both ends unless "
         "they are fixed elsewhere")
      ->check(CLI::IsMember({"none", "head-to-tail", "disulfide"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--ends", o.ends, "of the molecule: free, or capped (acetyl and amide)")
      ->check(CLI::IsMember({"free", "capped"}))
      ->capture_default_str()
      ->group(group);
}

}  // namespace

Command protein_peptides_command() {
  Command command;
  command.name = "protein peptides";
  command.summary = "peptides that may bind a target, drawn from a language model and ranked";
  command.examples = {
      "theriac protein peptides --target target.fasta -o peptides.csv",
      "theriac protein peptides --target target.fasta --length 8 --cyclise disulfide -o rings.csv",
      "theriac protein peptides --target target.fasta --model PepMLM-650M --decoding iterative -o "
      "peptides.csv",
      "theriac protein peptides --target target.fasta --start ETFSDLWKLLPE --fix 3:F,7:W -o better.csv"};
  command.citation = "T. Chen et al., PepMLM, arXiv 2310.03842 (2023)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<PeptideOptions>();
    app.add_option("--target", o->target, "protein sequences, FASTA or one bare sequence; each gets peptides")
        ->type_name("FILE");
    app.add_option(
           "--model", o->model,
           "language model: a folder or file as theriac protein info takes it; by default the small one "
           "that ships, fine-tuned on binder pairs")
        ->type_name("NAME|PATH")
        ->capture_default_str();
    add_device_option(app, o->device, "of a masked language model");
    app.add_option("-o,--out", o->out, "CSV file, one row a peptide")
        ->type_name("FILE")
        ->capture_default_str();
    declare_design(app, *o);
    declare_output(app, *o);
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &session] {
      if (o->target.empty()) throw UsageError("for which target?", "--target FILE.fasta");
      return PeptideRun(*o, session).run();
    };
  };
  return command;
}

}  // namespace theriac::cli
