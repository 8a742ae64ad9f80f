// How well different rankings put a near-native pose first, on the same pools of poses.
#pragma once
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"
#include "scoring/pose_score_training.hpp"

namespace theriac::cli {

/// One ranking: a score per pose of every pool, higher is better; an empty entry leaves the pool out.
struct PoseRanking {
  std::string name;
  std::vector<std::vector<double>> scores;
};

/// Share of ligands with a pose within 2 angstrom among the first 1, 3 and 9, and the gain in the first over
/// the baseline; 95 % bootstrap intervals over groups of related proteins.
struct PoseRankingRow {
  std::string name;
  std::size_t ligands = 0;
  scoring::Interval top1, top3, top9, gain;  ///< percent, points
  double loss = 0;                           ///< mean ranking_loss of the scores as log odds
};

/// The first ranking is the baseline. Pools without a true pose are left out.
std::vector<PoseRankingRow> compare_rankings(const std::vector<scoring::PosePool>& pools,
                                             const std::vector<PoseRanking>& rankings);

/// Vina and Vinardo energy, and a teacher's score where the pools have one.
std::vector<PoseRanking> plain_rankings(const std::vector<scoring::PosePool>& pools);

std::string ranking_table(const std::vector<PoseRankingRow>& rows);  ///< Markdown

/// How far probabilities can be believed.
struct Reliability {
  struct Bin {
    int poses = 0;
    double said = 0, right = 0;  ///< means
  };
  std::vector<Bin> bins;  ///< ten, of equal width
  double error = 0;       ///< expected calibration error: mean |said - right| over poses
};
Reliability reliability(const std::vector<scoring::PosePool>& pools,
                        const std::vector<std::vector<double>>& probabilities);

}  // namespace theriac::cli
