#include "cli/screening_row.hpp"

#include "cli/row_cells.hpp"

namespace theriac::cli {
namespace {

const auto visit_row = [](auto& row, auto visit) {
  visit("set", row.set);
  visit("row", row.row);
  visit("id", row.id);
  visit("active", row.active);
  visit("status", row.status);
  visit("message", row.message);
  visit("mw", row.molecular_weight);
  visit("heavy_atoms", row.heavy_atoms);
  visit("clogp", row.clogp);
  visit("score_kcal_mol", row.score);
  visit("probability", row.probability);
  visit("probable_kcal_mol", row.probable_score);
  visit("pose_affinity_pk", row.pose_affinity);
  visit("pose_affinity_size_corrected_pk", row.pose_affinity_size_corrected);
  visit("cnn_score", row.cnn_score);
  visit("cnn_affinity_pk", row.cnn_affinity);
  visit("wall_s", row.wall_seconds);
  visit("cpu_s", row.cpu_seconds);
};

}  // namespace

std::vector<std::string> screening_columns() {
  return column_names(visit_row, ScreeningRow{});
}

std::vector<std::string> screening_cells(const ScreeningRow& row) {
  return row_cells(visit_row, row);
}

ScreeningRow screening_row(const std::vector<std::string>& cells) {
  return row_of_cells<ScreeningRow>(visit_row, cells);
}

}  // namespace theriac::cli
