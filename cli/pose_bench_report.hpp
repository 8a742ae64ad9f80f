// What the bench of judges of poses says: rankings of the same poses with their intervals, the same for
// ligands that are harder, how sound the poses are, and what each judge costs.
#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/pose_ranking.hpp"

namespace theriac::cli {

/// One search, beside its pool. Only what holds for the complex is known where nothing judged it.
struct JudgedSearch {
  int rotatable_bonds = 0;                    ///< of the ligand
  bool metal = false;                         ///< one near the crystal ligand
  std::vector<double> sound;                  ///< per pose: 1 if it passed the physical checks, else 0
  double description_seconds = std::nan("");  ///< of processor time, for what our scorer reads
  std::vector<std::vector<double>> networks;  ///< log odds, per network and pose
  std::vector<double> network_seconds;        ///< of processor time, per network
};

struct PoseBenchReport {
  std::string markdown;         ///< poses.md
  std::string table;            ///< poses.csv: ranking, subset, searches, figures with their intervals
  std::string figure;           ///< poses.svg: share with a right pose among the first N, and reliability
  nlohmann::ordered_json rows;  ///< of the rankings of all searches
};

/// `judged`: one per pool; `networks`: their names. Ours is trained here, by cross-validation on the pools. A
/// network that says what the pools' teacher says is taken for it, so that its row is of all searches.
/// Throws UsageError as train_pose_score.
PoseBenchReport pose_bench_report(const std::vector<scoring::PosePool>& pools,
                                  const std::vector<JudgedSearch>& judged,
                                  const std::vector<std::string>& networks, const std::string& conditions,
                                  const scoring::PoseTrainingOptions& training = {});

}  // namespace theriac::cli
