// theriac screen surrogate: what to dock next of a library too large to dock, learned from what was docked.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "cli/next_molecules.hpp"
#include "cli/record_blocks.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::cli {
namespace {

struct SurrogateOptions {
  std::vector<std::string> tables;
  LigandInputOptions library;
  std::string out, column = "score_kcal_mol";
  int next = 1000, trees = 300, rounds = 5, seeds = 5;
  bool evaluate = false;
};

int choose_next(const SurrogateOptions& o, Session& session) {
  const LigandInput input(o.library);
  const auto docked = docked_molecules(o.tables, o.column);
  session.terminal().note(fmt::format("learning  from {} docked molecules", docked.library.size()));
  NextMolecules next(docked, static_cast<std::size_t>(o.next), o.trees, session.seed());
  const auto ranked = next.take_all(input, session);
  next.write(o.out);
  session.terminal().note(fmt::format("wrote     {}: {} of {} molecules to dock next ({} could not be read)",
                                      o.out, next.best().size(), ranked, next.unreadable()));
  return print_result(
      session, "screen surrogate",
      {{"out", o.out}, {"docked", docked.library.size()}, {"ranked", ranked}, {"chosen", next.best().size()}},
      exit_done);
}

struct Recall {
  double mean = 0, half_width = 0;
};

/// Mean over seeds and its 95 % interval (normal).
Recall over_seeds(const scoring::DockedLibrary& library, scoring::Choosing choosing,
                  scoring::SurrogateTrial trial, int seeds) {
  std::vector<double> values;
  for (int seed = 1; seed <= seeds; ++seed) {
    trial.seed = static_cast<std::uint64_t>(seed);
    values.push_back(scoring::recall_of_best(library, choosing, trial));
  }
  Recall recall;
  for (const double v : values) recall.mean += v / seeds;
  double squares = 0;
  for (const double v : values) squares += (v - recall.mean) * (v - recall.mean);
  if (seeds > 1) recall.half_width = 1.96 * std::sqrt(squares / (seeds - 1) / seeds);
  return recall;
}

int evaluate(const SurrogateOptions& o, Session& session) {
  const auto docked = docked_molecules(o.tables, o.column);
  scoring::DockedLibrary library{docked.features(), &docked.library.fingerprints(), docked.scores, {}};
  for (std::size_t i = 0; i < docked.library.size(); ++i)
    library.heavy_atoms.push_back(
        chem::descriptors(chem::Molecule::from_smiles(docked.library[i].smiles)).heavy_atoms);
  datasets::CsvTable csv(
      o.out,
      {scoring::real_column("docked_percent", "%", "of the library", 0), scoring::text_column("choosing", ""),
       scoring::real_column("recall_percent", "%", "of the library's best 1 %", 1),
       scoring::real_column("half_width", "%", "of the 95 % interval over seeds", 1)});
  std::vector<std::vector<std::string>> rows;
  for (const double share : {0.05, 0.10, 0.20}) {
    std::vector<std::string> row = {fmt::format("{:.0f} %", 100 * share)};
    for (const auto& [name, choosing] : {std::pair{"random", scoring::Choosing::random},
                                         std::pair{"similarity", scoring::Choosing::similarity},
                                         std::pair{"heaviest", scoring::Choosing::heaviest},
                                         std::pair{"surrogate", scoring::Choosing::surrogate}}) {
      check_stop(session);
      scoring::SurrogateTrial trial;
      trial.docked = share;
      trial.rounds = o.rounds;
      trial.trees = o.trees;
      const auto recall = over_seeds(library, choosing, trial, o.seeds);
      csv.append({100 * share, std::string(name), 100 * recall.mean, 100 * recall.half_width});
      row.push_back(fmt::format("{:.1f} +- {:.1f}", 100 * recall.mean, 100 * recall.half_width));
    }
    rows.push_back(row);
  }
  csv.publish();
  if (!session.options.json) {
    std::printf("recall of the best 1 %% (%zu molecules docked, %d rounds, %d seeds), %%\n",
                docked.library.size(), o.rounds, o.seeds);
    std::fputs(text_table({{"docked", true},
                           {"random", true},
                           {"similarity", true},
                           {"heaviest", true},
                           {"surrogate", true}},
                          rows)
                   .c_str(),
               stdout);
  }
  return print_result(
      session, "screen surrogate",
      {{"out", o.out}, {"docked", docked.library.size()}, {"rounds", o.rounds}, {"seeds", o.seeds}},
      exit_done);
}

int surrogate(const SurrogateOptions& o, Session& session) {
  if (o.tables.empty())
    throw UsageError("learn from what?", "give results.csv of theriac dock or screen merge");
  if (o.out.empty()) throw UsageError("where should the answer go?", "-o next.csv");
  if (std::filesystem::exists(o.out) && !session.options.overwrite)
    throw UsageError(fmt::format("'{}' exists", o.out), "use --overwrite or another -o");
  try {
    return o.evaluate ? evaluate(o, session) : choose_next(o, session);
  } catch (const StoppedEarly&) {
    return session.exit_code({}, "nothing was written; run the same command again");
  }
}

}  // namespace

Command screen_surrogate_command() {
  Command command;
  command.name = "screen surrogate";
  command.summary = "learn from docked molecules and choose which of a library to dock next";
  command.examples = {
      "theriac screen surrogate round1/merged/results.csv -l library.smi.gz -n 10000 -o next.csv",
      "theriac screen surrogate round*/merged/results.csv -l library.smi.gz -n 10000 -o next.csv --overwrite",
      "theriac screen surrogate all/results.csv --evaluate -o recall.csv"};
  command.citation =
      "D. E. Graff, E. I. Shakhnovich, C. W. Coley, Chem. Sci. 12, 7866 (2021), doi:10.1039/D0SC06805E "
      "(active "
      "learning for docking)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<SurrogateOptions>();
    app.add_option("tables", o->tables, "results.csv of docked molecules")->type_name("TABLE...");
    app.add_option("-l,--ligand", o->library.inputs, "the library to choose from")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("-n,--next", o->next, "molecules to choose")
        ->check(CLI::Range(1, 100000000))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("-o,--out", o->out, "table of the chosen ones, best first, that screen plan reads")
        ->type_name("FILE");
    app.add_option("--column", o->column, "of the scores, lower is better")
        ->type_name("NAME")
        ->capture_default_str();
    app.add_option("--trees", o->trees, "of the model")
        ->check(CLI::Range(1, 10000))
        ->type_name("N")
        ->capture_default_str();
    app.add_flag(
        "--evaluate", o->evaluate,
        "instead: how many of the best 1 % would have been found by docking 5, 10 and 20 % of these tables, "
        "beside drawing at random, choosing by similarity to the best, and docking the heaviest first");
    app.add_option("--rounds", o->rounds, "of --evaluate")
        ->check(CLI::Range(1, 100))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--seeds", o->seeds, "draws of --evaluate")
        ->check(CLI::Range(1, 100))
        ->type_name("N")
        ->capture_default_str();
    add_ligand_options(app, o->library);
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &session] { return surrogate(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
