#include "cli/bench_goal_directed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/goal_directed_report.hpp"
#include "cli/growing_table.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "cli/start_molecules.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "datasets/run_folder.hpp"
#include "generative/oracle_search.hpp"
#include "generative/proposer_choice.hpp"
#include "scoring/goal_molecules.hpp"
#include "scoring/guacamol.hpp"
#include "scoring/pmo.hpp"

namespace theriac::cli {
namespace {

using generative::SearchResult;
using scoring::GoalDirectedTask;

constexpr int batch_size = 100;  // PMO looks at the best after every hundred calls
constexpr int pmo_calls = 10000, guacamol_calls = 50000;

class GoalDirectedBench {
 public:
  GoalDirectedBench(const GoalDirectedOptions& options, Session& session);
  int run();

 private:
  Settings settings() const;
  std::string seed_name(int run) const {
    return fmt::format("{}", session_.seed() + static_cast<unsigned>(run));
  }
  StartMolecules start_of(const GoalDirectedTask& task, std::uint64_t seed) const;
  bool design(const GoalDirectedTask& task, int run, GoalDirectedRow& row, Progress& progress);
  void judge(const GoalDirectedTask& task, const SearchResult& result, GoalDirectedRow& row) const;
  void write_calls(const GoalDirectedRow& row, const SearchResult& result) const;
  void run_all(GrowingTable& table);
  GoalDirectedReportHead head() const;
  int report(const GrowingTable& table);

  const GoalDirectedOptions& options_;
  Session& session_;
  const scoring::GoalDirectedSuite& suite_;
  const generative::ProposerKind& kind_;
  std::shared_ptr<const generative::GraphPolicy> prior_;  ///< of a learned proposer
  BenchConditions conditions_;
  std::vector<GoalDirectedTask> tasks_;
  StartPool pool_;
  int calls_;
  std::int64_t done_ = 0, failed_ = 0;  ///< oracle calls; runs
};

const scoring::GoalDirectedSuite& suite_of(const std::string& name) {
  return name == "pmo" ? scoring::pmo_suite() : scoring::guacamol_suite();
}

GoalDirectedBench::GoalDirectedBench(const GoalDirectedOptions& options, Session& session)
    : options_(options),
      session_(session),
      suite_(suite_of(options.suite)),
      kind_(generative::proposer_kind(options.proposer)),
      conditions_(bench_conditions(session)),
      tasks_(suite_.with_tasks(options.tasks).tasks),
      pool_(options.start),
      calls_(options.calls > 0        ? options.calls
             : options.suite == "pmo" ? pmo_calls
                                      : guacamol_calls) {
  if (kind_.learned) prior_ = generator_of(options.model, options.device);
}

Settings GoalDirectedBench::settings() const {
  Settings settings = conditions_.settings();
  settings.emplace_back("proposer", kind_.name);
  if (kind_.learned)
    settings.emplace_back("model",
                          datasets::describe_input("model", model_file(options_.model, "generator")).sha256);
  if (prior_ && !prior_->device().empty()) settings.emplace_back("generator_device", prior_->device());
  settings.emplace_back("calls", fmt::format("{}", calls_));
  settings.emplace_back("start", datasets::describe_input("start", pool_.path()).sha256);
  settings.emplace_back("start_count", fmt::format("{}", options_.start_count));
  return settings;
}

/// Drawn from the pool; a task may hand out a molecule of its own.
StartMolecules GoalDirectedBench::start_of(const GoalDirectedTask& task, std::uint64_t seed) const {
  StartMolecules start = pool_.draw(options_.start_count, seed);
  if (!task.start.empty())
    start.molecules.push_back(
        chem::Molecule::from_smiles(scoring::goal_molecule(task.start).smiles, task.start));
  return start;
}

/// The best molecules that differ in more than stereochemistry, as many as the task looks at.
std::vector<std::string> best_distinct(const GoalDirectedTask& task, const SearchResult& result) {
  std::vector<const generative::Evaluation*> order;
  for (const auto& evaluation : result.evaluations) order.push_back(&evaluation);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->score > b->score; });
  const int wanted = *std::max_element(task.top_counts.begin(), task.top_counts.end());
  std::set<std::string> flat;
  std::vector<std::string> best;
  for (const auto* evaluation : order) {
    if (static_cast<int>(best.size()) == wanted) break;
    if (flat.insert(chem::flat_smiles(chem::Molecule::from_smiles(evaluation->smiles))).second)
      best.push_back(evaluation->smiles);
  }
  return best;
}

void GoalDirectedBench::judge(const GoalDirectedTask& task, const SearchResult& result,
                              GoalDirectedRow& row) const {
  const auto scores = result.scores();
  row.calls = static_cast<int>(scores.size());
  row.end = generative::to_text(result.end);
  row.top_1 = scoring::top_mean(scores, 1);
  row.top_10 = scoring::top_mean(scores, 10);
  row.top_100 = scoring::top_mean(scores, 100);
  row.auc_top_1 = scoring::top_auc(scores, 1, calls_);
  row.auc_top_10 = scoring::top_auc(scores, 10, calls_);
  row.auc_top_100 = scoring::top_auc(scores, 100, calls_);
  row.score =
      suite_.name == "pmo" ? row.auc_top_10 : scoring::list_score(task, best_distinct(task, result)).score;
  row.start_best = 0;
  const generative::Evaluation* best = nullptr;
  for (const auto& evaluation : result.evaluations) {
    if (evaluation.origin == "start") row.start_best = std::max(row.start_best, evaluation.score);
    if (!best || evaluation.score > best->score) best = &evaluation;
  }
  if (best) row.best_smiles = best->smiles;
}

/// Every molecule that cost a call, in order.
void GoalDirectedBench::write_calls(const GoalDirectedRow& row, const SearchResult& result) const {
  std::string text = "call,smiles,score,origin\n";
  for (std::size_t i = 0; i < result.evaluations.size(); ++i) {
    const auto& evaluation = result.evaluations[i];
    text += fmt::format("{},{},{},{}\n", i + 1, datasets::csv_field(evaluation.smiles), evaluation.score,
                        datasets::csv_field(evaluation.origin));
  }
  datasets::DurableFile file(fmt::format("{}/calls/{}-{}.csv.gz", options_.out, row.task, row.seed));
  file.write(datasets::gzip(text));
  file.publish();
}

/// One run; false when it was stopped before its end.
bool GoalDirectedBench::design(const GoalDirectedTask& task, int run, GoalDirectedRow& row,
                               Progress& progress) {
  const std::uint64_t seed = session_.seed() + static_cast<unsigned>(run);
  const Stopwatch watch;
  const auto proposer = kind_.make({start_of(task, seed).molecules, seed, {}, [&] { return prior_; }});
  generative::SearchOptions search;
  search.calls = calls_;
  search.batch = std::min(batch_size, calls_);
  search.satisfied_count = suite_.name == "pmo"
                               ? 100  // so that no AUC in the row can grow
                               : *std::max_element(task.top_counts.begin(), task.top_counts.end());
  search.stop = session_.stop();
  search.progress = [&](int calls, double best) {
    progress.update(done_ + calls, failed_, fmt::format("{} {:.3f}", task.name, best));
  };
  const auto oracle = [&](const chem::Molecule& molecule) {
    try {
      return std::max(0.0, task.score(scoring::MeasuredMolecule(molecule)));
    } catch (const std::exception&) {  // a molecule that a measurement cannot take is worth nothing
      return 0.0;
    }
  };
  const SearchResult result = generative::search(*proposer, oracle, search);
  for (const std::string& remark : result.remarks)
    session_.terminal().note(fmt::format("{} {} {}", row.task, row.seed, remark));
  if (result.end == generative::SearchEnd::stopped) return false;
  judge(task, result, row);
  row.wall_seconds = watch.wall_seconds();
  row.cpu_seconds = watch.cpu_seconds();
  write_calls(row, result);
  return true;
}

void GoalDirectedBench::run_all(GrowingTable& table) {
  const auto runs = static_cast<std::int64_t>(tasks_.size()) * options_.seeds;
  for (const auto& task : tasks_)
    for (int run = 0; run < options_.seeds; ++run)
      done_ += table.contains({task.name, seed_name(run)}) ? calls_ : 0;
  const auto progress = session_.progress({suite_.name, "call", runs * calls_, done_, 0, done_, ""});
  for (const auto& task : tasks_)
    for (int run = 0; run < options_.seeds; ++run) {
      if (session_.stop().stop_requested()) return progress->finish();
      if (table.contains({task.name, seed_name(run)})) continue;
      GoalDirectedRow row;
      row.task = task.name;
      row.seed = seed_name(run);
      row.status = "ok";
      try {
        if (!design(task, run, row, *progress)) return progress->finish();
      } catch (const StorageError&) {
        throw;
      } catch (const std::exception& error) {
        row.status = "failed";
        row.message = error.what();
        session_.terminal().warn("runs that failed",
                                 fmt::format("{} seed {}: {}", row.task, row.seed, row.message));
      }
      table.append({goal_directed_cells(row)});
      done_ += calls_;
      progress->update(done_, failed_ += row.status != "ok");
    }
  progress->finish();
}

GoalDirectedReportHead GoalDirectedBench::head() const {
  GoalDirectedReportHead head;
  head.conditions = conditions_;
  head.proposer = kind_.name;
  head.calls = calls_;
  head.seeds = options_.seeds;
  const StartMolecules start = pool_.draw(options_.start_count, session_.seed());
  head.start = fmt::format("{} molecules of the {} of {}, drawn by seed", start.molecules.size(),
                           pool_.size(), pool_.label());
  return head;
}

int GoalDirectedBench::report(const GrowingTable& table) {
  std::vector<GoalDirectedRow> rows;
  std::int64_t failed = 0;
  for (const auto& cells : table.rows()) {
    rows.push_back(goal_directed_row(cells));
    failed += rows.back().status != "ok";
  }
  const std::string base = options_.out + "/" + suite_.name;
  const GoalDirectedReport report = goal_directed_report(suite_, rows, head());
  chem::write_text_file(base + ".md", report.markdown);
  std::fputs(session_.options.json ? report.json.c_str() : report.text.c_str(), stdout);
  session_.terminal().note(fmt::format("wrote {0}.csv, {0}.md, {1}/calls", base, options_.out));
  return session_.exit_code({static_cast<std::int64_t>(rows.size()), failed});
}

int GoalDirectedBench::run() {
  const GoalDirectedReportHead plan = head();
  session_.terminal().note(fmt::format("{:<9} {} tasks, {} seed{}, {} calls each, {}", suite_.name,
                                       tasks_.size(), options_.seeds, options_.seeds == 1 ? "" : "s", calls_,
                                       kind_.name));
  session_.terminal().note(fmt::format("          start: {}; {}", plan.start, conditions_.text()));
  if (session_.options.dry_run) return exit_done;
  make_folder(options_.out + "/calls");
  GrowingTable table(options_.out + "/" + suite_.name + ".csv", goal_directed_columns(), 2, settings(),
                     session_.options.overwrite);
  run_all(table);
  return report(table);
}

}  // namespace

int bench_goal_directed(const GoalDirectedOptions& options, Session& session) {
  return GoalDirectedBench(options, session).run();
}

}  // namespace theriac::cli
