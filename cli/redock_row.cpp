#include "cli/redock_row.hpp"

#include <algorithm>

#include "cli/row_cells.hpp"

namespace theriac::cli {
namespace {

/// Every column with the member it shows, once for header, writing and reading.
template <typename Result, typename Visit>
void visit_result(const std::string& engine, Result& result, Visit visit) {
  visit(engine + "_ran", result.ran);
  visit(engine + "_poses", result.poses);
  visit(engine + "_score_kcal_mol", result.score);
  visit(engine + "_rmsd_top1", result.rmsd_top1);
  visit(engine + "_rmsd_top3", result.rmsd_top3);
  visit(engine + "_rmsd_top9", result.rmsd_top9);
  visit(engine + "_wall_s", result.wall_seconds);
  visit(engine + "_cpu_s", result.cpu_seconds);
}

template <typename Row, typename Visit>
void visit_row(Row& row, Visit visit) {
  visit("pdbid", row.id);
  visit("status", row.status);
  visit("message", row.message);
  visit("heavy_atoms", row.heavy_atoms);
  visit("rotors", row.rotors);
  visit("ring_conformers", row.ring_conformers);
  visit("first", row.first);
  visit_result("theriac", row.theriac, visit);
  visit_result("vina", row.vina, visit);
  visit("theriac_ligand_s", row.ligand_seconds);
  visit("theriac_evaluations", row.evaluations);
  visit("theriac_checked_poses", row.checked_poses);
  visit("theriac_sound_poses", row.sound_poses);
  visit("theriac_failed_checks", row.failed_checks);
}

}  // namespace

void RedockResult::set_rmsds(const std::vector<double>& rmsds) {
  const auto least = [&](std::size_t count) {
    const auto end = rmsds.begin() + static_cast<std::ptrdiff_t>(std::min(count, rmsds.size()));
    return rmsds.empty() ? std::numeric_limits<double>::quiet_NaN() : *std::min_element(rmsds.begin(), end);
  };
  rmsd_top1 = least(1);
  rmsd_top3 = least(3);
  rmsd_top9 = least(9);
}

std::vector<std::string> redock_columns() {
  return column_names([](auto& row, auto visit) { visit_row(row, visit); }, RedockRow{});
}

std::vector<std::string> redock_cells(const RedockRow& row) {
  return row_cells([](auto& r, auto visit) { visit_row(r, visit); }, row);
}

RedockRow redock_row(const std::vector<std::string>& cells) {
  return row_of_cells<RedockRow>([](auto& row, auto visit) { visit_row(row, visit); }, cells);
}

}  // namespace theriac::cli
