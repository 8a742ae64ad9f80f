// theriac screen rounds: a library too large to dock, docked in rounds, each chosen by what the ones before
// taught.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/dock_options.hpp"
#include "cli/dock_run.hpp"
#include "cli/effective_settings.hpp"
#include "cli/next_molecules.hpp"
#include "cli/record_blocks.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/session.hpp"
#include "cli/table_reader.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct RoundsOptions {
  DockOptions dock;
  int rounds = 5, per_round = 1000, trees = 300, best = 1000;
};

/// A docked molecule of some round.
struct RoundHit {
  double score = 0;
  int round = 0;
  std::string name, smiles;
  bool operator<(const RoundHit& other) const {
    return score != other.score ? score < other.score : smiles < other.smiles;
  }
};

/// What a round did.
struct RoundSummary {
  int round = 0;
  std::size_t chosen = 0, docked = 0;
  double best = std::nan(""), mean = std::nan("");  ///< kcal/mol
  double agreement = std::nan("");                  ///< rank correlation of predicted and docked scores
};

class RoundsRun {
 public:
  RoundsRun(const RoundsOptions& options, const CLI::App& app, Session& session)
      : options_(options), app_(app), session_(session), library_(options.dock.ligands) {}
  int run();

 private:
  datasets::RunIdentity identity() const;
  std::string file(int round, const char* name) const {
    return fmt::format("{}/round{}/{}", options_.dock.out, round, name);
  }
  std::string results(int round) const { return file(round, "docked/results.csv"); }
  /// False when nothing is left to choose.
  bool choose(int round) const;
  int dock(int round) const;
  RoundSummary summary(int round, std::vector<RoundHit>& hits) const;
  void publish(datasets::RunFolder& folder, int rounds) const;

  const RoundsOptions& options_;
  const CLI::App& app_;
  Session& session_;
  LigandInput library_;
};

datasets::RunIdentity RoundsRun::identity() const {
  datasets::RunIdentity identity;
  identity.command = "screen rounds";
  identity.version = chem::theriac_version();
  identity.seed = fmt::format("{}", session_.seed());
  for (const auto& setting : effective_settings(app_, settings_of_no_consequence()))
    identity.settings.emplace_back(setting.name, setting.text());
  identity.settings.emplace_back("rank_by_given", options_.dock.judges.rank_by);
  identity.settings.emplace_back(
      "exhaustiveness_given",
      options_.dock.exhaustiveness ? fmt::format("{}", *options_.dock.exhaustiveness) : options_.dock.preset);
  identity.inputs = library_.describe();
  identity.inputs.push_back(datasets::describe_input("receptor", options_.dock.receptor.receptor));
  return identity;
}

bool RoundsRun::choose(int round) const {
  const std::string chosen = file(round, "chosen.csv");
  if (fs::exists(chosen)) return true;
  const auto most = static_cast<std::size_t>(options_.per_round);
  auto& terminal = session_.terminal();
  std::optional<NextMolecules> next;
  if (round == 1) {
    next.emplace(most, session_.seed());
  } else {
    std::vector<std::string> tables;
    for (int before = 1; before < round; ++before) tables.push_back(results(before));
    const auto docked = docked_molecules(tables, "score_kcal_mol");
    terminal.note(fmt::format("learning  from {} docked molecules", docked.library.size()));
    next.emplace(docked, most, options_.trees, session_.seed());
  }
  const auto records = next->take_all(library_, session_);
  if (next->best().empty()) return false;
  fs::create_directories(file(round, ""));
  next->write(chosen);
  terminal.note(fmt::format("chosen    {} of {} molecules, {}", next->best().size(), records,
                            round == 1 ? "at random" : "the best by the model"));
  return true;
}

int RoundsRun::dock(int round) const {
  DockOptions dock = options_.dock;
  dock.ligands = {};
  dock.ligands.inputs = {file(round, "chosen.csv")};
  dock.out = file(round, "docked");
  if (!dock.num_modes) dock.num_modes = 3;
  auto& common = session_.options;
  const bool json = std::exchange(common.json, false);  // one result is printed, that of all rounds
  const bool quiet = std::exchange(common.quiet, common.quiet || json);
  const int code = run_dock(dock, app_, session_);
  common.json = json;
  common.quiet = quiet;
  return code;
}

RoundSummary RoundsRun::summary(int round, std::vector<RoundHit>& hits) const {
  RoundSummary out;
  out.round = round;
  std::map<std::string, double> predicted;  // by name and SMILES of the choice
  const TableReader chosen(file(round, "chosen.csv"));
  out.chosen = chosen.size();
  if (round > 1)
    for (std::size_t i = 0; i < chosen.size(); ++i)
      predicted[chosen.text(i, "smiles")] = chosen.number(i, "predicted_kcal_mol");
  std::vector<double> guess, found;
  const TableReader docked(results(round));
  for (std::size_t i = 0; i < docked.size(); ++i) {
    if (docked.text(i, "status") != "ok") continue;
    const RoundHit hit{docked.number(i, "score_kcal_mol"), round, docked.text(i, "name"),
                       docked.text(i, "smiles_in")};
    if (const auto of_model = predicted.find(hit.smiles); of_model != predicted.end()) {
      guess.push_back(of_model->second);
      found.push_back(hit.score);
    }
    out.mean = out.docked == 0 ? hit.score : out.mean + hit.score;
    out.best = std::isnan(out.best) ? hit.score : std::min(out.best, hit.score);
    ++out.docked;
    hits.push_back(hit);
  }
  if (out.docked > 0) out.mean /= static_cast<double>(out.docked);
  if (guess.size() > 2)
    out.agreement = scoring::property_metric(scoring::PropertyMetric::spearman, found, guess);
  return out;
}

void RoundsRun::publish(datasets::RunFolder& folder, int rounds) const {
  std::vector<RoundHit> hits;
  std::vector<std::vector<std::string>> lines;
  datasets::CsvTable table(
      folder.file("rounds.csv"),
      {scoring::integer_column("round", "the first is drawn at random"),
       scoring::integer_column("chosen", "molecules"), scoring::integer_column("docked", "without failures"),
       scoring::real_column("best_kcal_mol", "kcal/mol", "", 3),
       scoring::real_column("mean_kcal_mol", "kcal/mol", "of the molecules docked in the round", 3),
       scoring::real_column("rank_correlation", "", "of predicted and docked scores within the round", 3)});
  const auto number = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : std::string("-");
  };
  for (int round = 1; round <= rounds; ++round) {
    const auto s = summary(round, hits);
    table.append({std::int64_t{round}, static_cast<std::int64_t>(s.chosen),
                  static_cast<std::int64_t>(s.docked), scoring::real_cell(s.best), scoring::real_cell(s.mean),
                  scoring::real_cell(s.agreement)});
    lines.push_back({fmt::format("{}", round), fmt::format("{}", s.chosen), fmt::format("{}", s.docked),
                     number(s.best), number(s.mean), number(s.agreement)});
  }
  table.publish();
  folder.note_published("rounds.csv");
  std::sort(hits.begin(), hits.end());
  datasets::CsvTable best(
      folder.file("best.csv"),
      {scoring::integer_column("rank", ""), scoring::text_column("name", ""),
       scoring::text_column("smiles", "parent structure"),
       scoring::real_column("score_kcal_mol", "kcal/mol", "", 3),
       scoring::integer_column("round", "its poses are in round<N>/docked/poses.sdf.gz")});
  const auto shown = std::min(hits.size(), static_cast<std::size_t>(options_.best));
  for (std::size_t i = 0; i < shown; ++i)
    best.append({static_cast<std::int64_t>(i + 1), hits[i].name, hits[i].smiles, hits[i].score,
                 std::int64_t{hits[i].round}});
  best.publish();
  folder.note_published("best.csv");
  if (!session_.options.json && !session_.options.quiet)
    std::fputs(text_table({{"round", true},
                           {"chosen", true},
                           {"docked", true},
                           {"best kcal/mol", true},
                           {"mean kcal/mol", true},
                           {"predicted ~ docked", true}},
                          lines)
                   .c_str(),
               stdout);
  session_.terminal().note(fmt::format("best      {0}/best.csv   rounds  {0}/rounds.csv", options_.dock.out));
}

int RoundsRun::run() {
  if (options_.dock.out.empty()) throw UsageError("where should the results go?", "-o rounds makes a folder");
  datasets::RunFolder folder(options_.dock.out, identity(), session_.options.overwrite);
  if (folder.finished()) {
    session_.terminal().note(fmt::format("{} is complete: nothing to do", folder.path()));
    return exit_done;
  }
  int done = 0;
  try {
    for (int round = 1; round <= options_.rounds; ++round) {
      session_.terminal().note(fmt::format("round     {} of {}", round, options_.rounds));
      if (!choose(round)) {
        session_.terminal().note("          every molecule of the library is docked");
        break;
      }
      const int code = dock(round);
      if (code != exit_done && code != exit_too_many_failed) return code;
      done = round;
    }
  } catch (const StoppedEarly&) {
    return session_.exit_code({}, "run the same command to continue");
  }
  if (done == 0)
    throw InputError("the library holds no molecule that can be read",
                     "see the formats in theriac dock --help");
  publish(folder, done);
  folder.finish(session_.provenance());
  return print_result(session_, "screen rounds", {{"out", folder.path()}, {"rounds", done}}, exit_done);
}

}  // namespace

Command screen_rounds_command() {
  Command command;
  command.name = "screen rounds";
  command.summary = "dock a library in rounds, each chosen by a model of the scores before";
  command.examples = {
      "theriac screen rounds -r 1iep.pdb --autobox_ligand STI -l library.smi.gz --rounds 5 --per_round 20000 "
      "-o abl1"};
  command.citation =
      "D. E. Graff, E. I. Shakhnovich, C. W. Coley, Chem. Sci. 12, 7866 (2021), doi:10.1039/D0SC06805E "
      "(active learning for docking)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<RoundsOptions>();
    declare_dock_options(app, o->dock);
    app.get_option("--out")->description("folder of the rounds, their tables and poses");
    const char* group = "Rounds";
    app.add_option("--rounds", o->rounds, "of docking; the first is drawn at random")
        ->check(CLI::Range(1, 1000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_option("--per_round", o->per_round, "molecules docked in each round")
        ->check(CLI::Range(50, 100000000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_option("--trees", o->trees, "of the model")
        ->check(CLI::Range(1, 10000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_option("--best", o->best, "molecules in best.csv")
        ->check(CLI::Range(1, 100000000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &app, &session] { return RoundsRun(*o, app, session).run(); };
  };
  return command;
}

}  // namespace theriac::cli
