// One run of one proposer on one task with one seed: a row of `guacamol.csv` or `pmo.csv`.
#pragma once
#include <limits>
#include <string>
#include <vector>

namespace theriac::cli {

struct GoalDirectedRow {
  std::string task;
  std::string seed;
  std::string status;  ///< "ok" or "failed"
  std::string message;
  /// What the benchmark counts: the list score of GuacaMol, the AUC of the top 10 of PMO. NaN when it failed.
  double score = std::numeric_limits<double>::quiet_NaN();
  int calls = 0;                                                 ///< oracle calls made
  std::string end;                                               ///< why it ended, "budget spent"
  double start_best = std::numeric_limits<double>::quiet_NaN();  ///< of the molecules it started from
  double top_1 = std::numeric_limits<double>::quiet_NaN();       ///< means of the best found
  double top_10 = std::numeric_limits<double>::quiet_NaN();
  double top_100 = std::numeric_limits<double>::quiet_NaN();
  double auc_top_1 = std::numeric_limits<double>::quiet_NaN();  ///< over the budget, as PMO computes it
  double auc_top_10 = std::numeric_limits<double>::quiet_NaN();
  double auc_top_100 = std::numeric_limits<double>::quiet_NaN();
  std::string best_smiles;
  double wall_seconds = std::numeric_limits<double>::quiet_NaN();
  double cpu_seconds = std::numeric_limits<double>::quiet_NaN();
};

std::vector<std::string> goal_directed_columns();
std::vector<std::string> goal_directed_cells(const GoalDirectedRow& row);
GoalDirectedRow goal_directed_row(const std::vector<std::string>& cells);

}  // namespace theriac::cli
