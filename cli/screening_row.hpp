// What screening one molecule gave: rows of `screening.csv` and `screening_vina.csv`.
#pragma once
#include <limits>
#include <string>
#include <vector>

namespace theriac::cli {

/// One engine on one molecule. Scores in kcal/mol, NaN when there is none.
struct ScreeningRow {
  std::string set;
  int row = 0;  ///< in the set's molecules.csv, from 1
  std::string id;
  bool active = false;
  std::string status;  ///< "ok" or "failed"
  std::string message;
  double molecular_weight = std::numeric_limits<double>::quiet_NaN();  ///< dalton
  int heavy_atoms = 0;
  double clogp = std::numeric_limits<double>::quiet_NaN();
  double score = std::numeric_limits<double>::quiet_NaN();
  /// Of the pose that the learned scorer thinks most of: its probability and its docking score.
  double probability = std::numeric_limits<double>::quiet_NaN();
  double probable_score = std::numeric_limits<double>::quiet_NaN();
  /// The affinity of that pose (pK), and the same above what is usual for as many heavy atoms.
  double pose_affinity = std::numeric_limits<double>::quiet_NaN();
  double pose_affinity_size_corrected = std::numeric_limits<double>::quiet_NaN();
  /// Of the pose that gnina's networks think most of: probability and affinity (pK).
  double cnn_score = std::numeric_limits<double>::quiet_NaN();
  double cnn_affinity = std::numeric_limits<double>::quiet_NaN();
  /// Of one ligand: Theriac works on many at once, so its share of the time of its block.
  double wall_seconds = std::numeric_limits<double>::quiet_NaN();
  double cpu_seconds = std::numeric_limits<double>::quiet_NaN();
};

std::vector<std::string> screening_columns();
std::vector<std::string> screening_cells(const ScreeningRow& row);
ScreeningRow screening_row(const std::vector<std::string>& cells);

}  // namespace theriac::cli
