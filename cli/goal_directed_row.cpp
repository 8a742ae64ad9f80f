#include "cli/goal_directed_row.hpp"

#include "cli/row_cells.hpp"

namespace theriac::cli {
namespace {

const auto visit_row = [](auto& row, auto visit) {
  visit("task", row.task);
  visit("seed", row.seed);
  visit("status", row.status);
  visit("message", row.message);
  visit("score", row.score);
  visit("calls", row.calls);
  visit("end", row.end);
  visit("start_best", row.start_best);
  visit("top_1", row.top_1);
  visit("top_10", row.top_10);
  visit("top_100", row.top_100);
  visit("auc_top_1", row.auc_top_1);
  visit("auc_top_10", row.auc_top_10);
  visit("auc_top_100", row.auc_top_100);
  visit("best_smiles", row.best_smiles);
  visit("wall_s", row.wall_seconds);
  visit("cpu_s", row.cpu_seconds);
};

}  // namespace

std::vector<std::string> goal_directed_columns() {
  return column_names(visit_row, GoalDirectedRow{});
}

std::vector<std::string> goal_directed_cells(const GoalDirectedRow& row) {
  return row_cells(visit_row, row);
}

GoalDirectedRow goal_directed_row(const std::vector<std::string>& cells) {
  return row_of_cells<GoalDirectedRow>(visit_row, cells);
}

}  // namespace theriac::cli
