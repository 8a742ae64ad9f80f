// What the rows of a goal-directed benchmark say, beside published figures.
#pragma once
#include <string>
#include <vector>

#include "cli/bench_conditions.hpp"
#include "cli/goal_directed_row.hpp"
#include "scoring/goal_directed_task.hpp"

namespace theriac::cli {

struct GoalDirectedReportHead {
  BenchConditions conditions;
  std::string proposer;
  int calls = 0, seeds = 1;
  std::string start;  ///< where the start molecules come from: "120 of 224 molecules of ..."
};

struct GoalDirectedReport {
  std::string markdown;  ///< guacamol.md or pmo.md
  std::string text;      ///< the table for a terminal
  std::string json;      ///< theriac.bench/1
};

/// Tasks in the order of the suite; those without a row are left out, and sums are over the tasks shown, for
/// the published methods as well.
GoalDirectedReport goal_directed_report(const scoring::GoalDirectedSuite& suite,
                                        const std::vector<GoalDirectedRow>& rows,
                                        const GoalDirectedReportHead& head);

}  // namespace theriac::cli
