#include "cli/goal_directed_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/published_scores.hpp"
#include "cli/text_table.hpp"
#include "scoring/bootstrap.hpp"

namespace theriac::cli {
namespace {

using scoring::GoalDirectedSuite;

constexpr int published_pmo_calls = 10000;

/// All seeds of one task.
struct TaskFigures {
  std::string task;
  std::vector<double> scores;
  double calls = 0, start_best = 0, top_1 = 0, top_10 = 0, minutes = 0, cpu_minutes = 0;  ///< means
  int failed = 0;

  double mean() const { return scoring::mean(scores); }
  /// Standard deviation over the seeds, with n - 1; NaN for one.
  double deviation() const {
    double sum = 0;
    for (const double s : scores) sum += (s - mean()) * (s - mean());
    return std::sqrt(sum / (static_cast<double>(scores.size()) - 1));
  }
};

std::vector<TaskFigures> figures_of(const GoalDirectedSuite& suite,
                                    const std::vector<GoalDirectedRow>& rows) {
  std::vector<TaskFigures> all;
  for (const auto& task : suite.tasks) {
    TaskFigures one;
    one.task = task.name;
    for (const GoalDirectedRow& row : rows) {
      if (row.task != task.name) continue;
      one.failed += row.status != "ok";
      if (row.status != "ok") continue;
      one.scores.push_back(row.score);
      one.calls += row.calls;
      one.start_best += row.start_best;
      one.top_1 += row.top_1;
      one.top_10 += row.top_10;
      one.minutes += row.wall_seconds / 60;
      one.cpu_minutes += row.cpu_seconds / 60;
    }
    if (one.scores.empty() && one.failed == 0) continue;
    for (double* sum : {&one.calls, &one.start_best, &one.top_1, &one.top_10, &one.minutes, &one.cpu_minutes})
      *sum /= static_cast<double>(one.scores.size());
    all.push_back(std::move(one));
  }
  return all;
}

std::string number(double value) {
  return std::isnan(value) ? std::string("-") : fmt::format("{:.3f}", value);
}

std::string with_deviation(const TaskFigures& task) {
  if (task.scores.empty()) return "failed";
  return task.scores.size() < 2 ? number(task.mean())
                                : fmt::format("{} ± {}", number(task.mean()), number(task.deviation()));
}

/// "Deco Hop" as the suite writes it for people.
std::string measure(const GoalDirectedSuite& suite) {
  return suite.name == "pmo" ? "AUC top-10" : "score";
}

std::vector<std::string> titles(const PublishedScores& published, const std::string& ours) {
  std::vector<std::string> line = {"task", ours};
  for (const auto& method : published.methods) line.push_back(method.name + (method.head_start ? " *" : ""));
  return line;
}

std::vector<std::vector<std::string>> score_table(const GoalDirectedSuite& suite,
                                                  const std::vector<TaskFigures>& tasks,
                                                  const std::string& proposer) {
  const PublishedScores& published = published_scores(suite.name);
  std::vector<std::vector<std::string>> table = {titles(published, "Theriac, " + proposer)};
  std::vector<double> sums(published.methods.size() + 1, 0.0);
  for (const TaskFigures& task : tasks) {
    table.push_back({task.task, with_deviation(task)});
    sums[0] += task.scores.empty() ? 0 : task.mean();
    const auto theirs = published.of(task.task);
    for (std::size_t i = 0; i < published.methods.size(); ++i) {
      table.back().push_back(theirs ? number((*theirs)[i]) : "-");
      if (theirs) sums[i + 1] += (*theirs)[i];
    }
  }
  table.push_back({fmt::format("sum of {}", tasks.size())});
  for (const double sum : sums) table.back().push_back(number(sum));
  return table;
}

std::vector<std::vector<std::string>> run_table(const std::vector<TaskFigures>& tasks) {
  std::vector<std::vector<std::string>> table = {{"task", "runs", "calls", "best at the start", "best found",
                                                  "best 10", "minutes a run", "CPU minutes a run"}};
  for (const TaskFigures& task : tasks)
    table.push_back({task.task, fmt::format("{}", task.scores.size()), fmt::format("{:.0f}", task.calls),
                     number(task.start_best), number(task.top_1), number(task.top_10),
                     fmt::format("{:.2f}", task.minutes), fmt::format("{:.2f}", task.cpu_minutes)});
  return table;
}

/// Areas over different budgets do not compare.
std::string budget_caution(const GoalDirectedSuite& suite, int calls) {
  if (suite.name != "pmo" || calls == published_pmo_calls) return {};
  return fmt::format("- Do not compare: the published figures are for {} calls, these for {}.\n",
                     published_pmo_calls, calls);
}

std::string explanation(const GoalDirectedSuite& suite, const GoalDirectedReportHead& head) {
  const char* what =
      suite.name == "pmo"
          ? "Area under the mean of the best 10 against oracle calls, taken every 100 calls, as PMO defines "
            "it; no prescreening: every molecule scored is a call, the start molecules too."
          : "Mean over k of the mean of the best k distinct molecules, as GuacaMol defines it; every "
            "molecule "
            "scored is a call, the start molecules too.";
  return fmt::format(
      "{}\n\n- Budget: {} calls a run, repeats by canonical SMILES free; {} seed{}.\n- Start: {}; nothing "
      "with Tanimoto similarity above 0.323 to a goal molecule.\n- {}; {}.\n- `*` ranked a corpus with the "
      "oracle and began with the best of it, before its calls were counted.\n{}",
      what, head.calls, head.seeds, head.seeds == 1 ? "" : "s", head.start, head.conditions.text(),
      "Theriac " + head.conditions.theriac_version, budget_caution(suite, head.calls));
}

std::string markdown_of(const GoalDirectedSuite& suite, const std::vector<TaskFigures>& tasks,
                        const std::vector<GoalDirectedRow>& rows, const GoalDirectedReportHead& head) {
  std::string text = fmt::format("# {}: {} of {} tasks\n\n", suite.title, tasks.size(), suite.tasks.size());
  text += explanation(suite, head);
  text += fmt::format("\n## {}\n\n", measure(suite)) +
          markdown_table(score_table(suite, tasks, head.proposer)) + "\n" +
          published_scores(suite.name).source + "\n\n## Runs\n\n" + markdown_table(run_table(tasks));
  for (const GoalDirectedRow& row : rows)
    if (row.status != "ok") text += fmt::format("\n- {} seed {}: {}\n", row.task, row.seed, row.message);
  return text;
}

std::string text_of(const std::vector<std::vector<std::string>>& table) {
  std::vector<TextColumn> columns;
  for (const auto& title : table.front()) columns.push_back({title, !columns.empty()});
  return text_table(columns, {table.begin() + 1, table.end()});
}

nlohmann::ordered_json json_of(const TaskFigures& task) {
  return {{"task", task.task},
          {"scores", task.scores},
          {"failed", task.failed},
          {"mean_calls", task.calls},
          {"mean_top_1", task.top_1},
          {"mean_top_10", task.top_10},
          {"mean_minutes", task.minutes},
          {"mean_cpu_minutes", task.cpu_minutes}};
}

}  // namespace

GoalDirectedReport goal_directed_report(const GoalDirectedSuite& suite,
                                        const std::vector<GoalDirectedRow>& rows,
                                        const GoalDirectedReportHead& head) {
  const auto tasks = figures_of(suite, rows);
  GoalDirectedReport report;
  report.markdown = markdown_of(suite, tasks, rows, head);
  report.text = text_of(score_table(suite, tasks, head.proposer));
  nlohmann::ordered_json json = {{"schema", "theriac.bench/1"}, {"benchmark", suite.name}};
  for (const auto& [name, value] : head.conditions.settings()) json["conditions"][name] = value;
  json["proposer"] = head.proposer;
  json["calls"] = head.calls;
  json["seeds"] = head.seeds;
  double sum = 0;
  json["tasks"] = nlohmann::ordered_json::array();
  for (const TaskFigures& task : tasks) {
    json["tasks"].push_back(json_of(task));
    sum += task.scores.empty() ? 0 : task.mean();
  }
  json["sum"] = sum;
  report.json = json.dump(2) + '\n';
  return report;
}

}  // namespace theriac::cli
