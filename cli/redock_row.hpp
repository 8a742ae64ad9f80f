// What redocking one complex gave: a row of `redock.csv`.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace theriac::cli {

/// One engine on one complex. RMSD in angstrom to the crystal pose, symmetry-corrected, heavy atoms: of the
/// best-scored pose, and the least among the three and the nine best. NaN: not there.
struct RedockResult {
  bool ran = false;  ///< it was asked and gave poses
  int poses = 0;
  double score = std::numeric_limits<double>::quiet_NaN();  ///< of the best pose, kcal/mol
  double rmsd_top1 = std::numeric_limits<double>::quiet_NaN();
  double rmsd_top3 = std::numeric_limits<double>::quiet_NaN();
  double rmsd_top9 = std::numeric_limits<double>::quiet_NaN();
  double wall_seconds = std::numeric_limits<double>::quiet_NaN();
  double cpu_seconds = std::numeric_limits<double>::quiet_NaN();

  /// Notes the RMSD values of the poses, the best-scored first.
  void set_rmsds(const std::vector<double>& rmsds);
};

struct RedockRow {
  std::string id;
  std::string status;   ///< "ok" or "failed"
  std::string message;  ///< which engine failed, and why
  int heavy_atoms = 0;
  int rotors = 0;           ///< bonds that turn, terminal ones included
  int ring_conformers = 0;  ///< conformers searched, the input's included
  std::string first;        ///< which engine ran first
  RedockResult theriac, vina;
  double ligand_seconds = std::numeric_limits<double>::quiet_NaN();  ///< of `theriac.wall_seconds`: ligand 3D
  std::int64_t evaluations = 0;
  int checked_poses = 0, sound_poses = 0;  ///< of Theriac's poses: checked, and without a complaint
  std::string failed_checks;               ///< "internal_clash 2; protein_clash 1"
};

std::vector<std::string> redock_columns();
std::vector<std::string> redock_cells(const RedockRow& row);
RedockRow redock_row(const std::vector<std::string>& cells);

}  // namespace theriac::cli
