#include "cli/bench_affinity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/affinity_table.hpp"
#include "datasets/results_table.hpp"
#include "scoring/affinity_trial.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;
using scoring::AffinitySplit;

const std::vector<std::pair<std::string, AffinitySplit>>& all_splits() {
  static const std::vector<std::pair<std::string, AffinitySplit>> splits{
      {"test", AffinitySplit::test_fold},
      {"chosen", AffinitySplit::chosen_on_fold4},
      {"relatives", AffinitySplit::related_pairs},
      {"fold4", AffinitySplit::validation_fold},
      {"drug", AffinitySplit::new_drug},
      {"target", AffinitySplit::new_target},
      {"cluster", AffinitySplit::new_target_cluster},
      {"both", AffinitySplit::both_new}};
  return splits;
}

std::vector<AffinitySplit> asked_splits(const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  for (const auto& [name, split] : all_splits()) names.push_back(name);
  for (const auto& name : wanted)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw UsageError(
          fmt::format("there is no split '{}', did you mean '{}'?", name, chem::nearest_name(name, names)),
          "splits are test, chosen, relatives, fold4, drug, target, cluster and both");
  std::vector<AffinitySplit> out;
  for (const auto& [name, split] : all_splits())
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) out.push_back(split);
  return out;
}

std::string with_interval(const scoring::Interval& figure) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", figure.value, figure.low, figure.high);
}

/// Rows of the printed table and of the file.
class AffinityTable {
 public:
  explicit AffinityTable(const std::string& path)
      : file_(path,
              {text("set"), text("split"), text("method"), real("mse"), real("mse_low"), real("mse_high"),
               real("ci"), real("ci_low"), real("ci_high"), real("coverage_90"), real("width_90")}) {}

  void add(const std::string& set, AffinitySplit split, const scoring::AffinityTrial& trial,
           std::size_t method, const scoring::AffinityFigure& f) {
    const bool model = method == 0;
    const std::string& name = trial.methods[method].name;
    printed_.push_back({set, to_text(split), name, with_interval(f.mse), with_interval(f.ci),
                        model ? fmt::format("{:.3f}", trial.coverage) : "",
                        model ? fmt::format("{:.2f}", trial.width) : ""});
    file_.append({set, std::string(to_text(split)), name, f.mse.value, f.mse.low, f.mse.high, f.ci.value,
                  f.ci.low, f.ci.high, model ? datasets::Cell{trial.coverage} : datasets::Cell{},
                  model ? datasets::Cell{trial.width} : datasets::Cell{}});
  }
  void publish() { file_.publish(); }
  std::string markdown() const { return markdown_table(printed_, 3); }

 private:
  static Column text(const char* name) { return {name, ColumnType::text, "", "", -1, {}}; }
  static Column real(const char* name) { return {name, ColumnType::float64, "", "", 4, {}}; }

  datasets::CsvTable file_;
  std::vector<std::vector<std::string>> printed_{
      {"set", "split", "method", "MSE (95 %)", "CI (95 %)", "coverage of the 90 % interval", "mean width"}};
};

}  // namespace

int bench_affinity(const AffinityBenchOptions& options, Session& session) {
  const auto splits = asked_splits(options.splits);
  const std::vector<std::string> sets =
      options.sets.empty() ? std::vector<std::string>{"davis", "kiba"} : options.sets;
  std::filesystem::create_directories(options.out);
  AffinityTable rows(options.out + "/affinity.csv");
  const Stopwatch watch;
  for (const std::string& set : sets) {
    const auto table = datasets::read_affinity_set(options.data, set);
    const auto drugs = scoring::drug_similarities(scoring::drug_fingerprints(table.smiles));
    const auto targets = scoring::target_similarities(table.sequences);
    session.terminal().note(fmt::format("{:9} {} affinities of {} drugs and {} targets, {:.0f} s", set,
                                        table.entries.size(), table.smiles.size(), table.sequences.size(),
                                        watch.wall_seconds()));
    for (const AffinitySplit split : splits) {
      scoring::AffinityFitOptions fit;
      fit.trees.trees = options.trees;
      fit.seed = session.seed();
      const auto trial = affinity_trial(table, drugs, targets, split, fit, options.folds);
      scoring::BootstrapOptions bootstrap;
      bootstrap.resamples = options.resamples;
      bootstrap.seed = session.seed();
      for (std::size_t m = 0; m < trial.methods.size(); ++m)
        rows.add(set, split, trial, m, affinity_figure(trial, trial.methods[m], bootstrap));
      session.terminal().note(fmt::format("{:9} {}, {:.0f} s", set, to_text(split), watch.wall_seconds()));
      if (!trial.left_out.empty())
        session.terminal().note(fmt::format("{:9} left out: {}", set, fmt::join(trial.left_out, ", ")));
    }
  }
  rows.publish();
  std::fputs((rows.markdown() + "\n" + bench_conditions(session).text() + "\n").c_str(), stdout);
  return print_result(session, "bench", {{"task", "affinity"}, {"out", options.out}}, exit_done);
}

}  // namespace theriac::cli
