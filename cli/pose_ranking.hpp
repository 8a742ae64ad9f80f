// How well different rankings put a near-native pose first, on the same pools of poses.
#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"
#include "scoring/pose_score_training.hpp"

namespace theriac::cli {

/// One ranking: a score per pose of every pool, higher is better; an empty entry leaves the pool out.
struct PoseRanking {
  std::string name;
  std::vector<std::vector<double>> scores;
  bool by_chance = false;               ///< what any order would give on average, whatever the scores
  bool log_odds = true;                 ///< scores can be taken for log odds, so that they have a loss
  double added_seconds = std::nan("");  ///< of processor time a ligand, beside docking
};

/// Share of searches with a pose within 2 angstrom among the first 1, 3 and 9, and the gain in the first over
/// the baseline; 95 % bootstrap intervals over groups of related proteins.
struct PoseRankingRow {
  std::string name;
  std::size_t ligands = 0;                   ///< searches of complexes
  scoring::Interval top1, top3, top9, gain;  ///< percent, points
  scoring::Interval sound;                   ///< percent of the poses put first; NaN where it is not known
  double loss = 0;                           ///< mean ranking_loss of the scores as log odds; NaN: none
  double added_seconds = std::nan("");       ///< as of the ranking
};

/// The first ranking is the baseline. Pools without a true pose are left out. `sound`: 1 per pose that passed
/// the physical checks, else 0; empty where that is not known.
std::vector<PoseRankingRow> compare_rankings(const std::vector<scoring::PosePool>& pools,
                                             const std::vector<PoseRanking>& rankings,
                                             const std::vector<std::vector<double>>& sound = {});

/// Per cent of searches with a pose within 2 angstrom among the first `count`.
double share_found(const std::vector<scoring::PosePool>& pools, const PoseRanking& ranking,
                   std::size_t count);

/// What the mean of all orders, and the best one, would give.
PoseRanking chance_ranking(const std::vector<scoring::PosePool>& pools);
PoseRanking best_ranking(const std::vector<scoring::PosePool>& pools);

/// Vina and Vinardo energy, and a teacher's score where the pools have one.
std::vector<PoseRanking> plain_rankings(const std::vector<scoring::PosePool>& pools);

/// Our score with choices made inside the folds, with the model's own choice, and joined with the teacher.
void add_held_out(const scoring::TrainedPoseScore& trained, std::vector<PoseRanking>& rankings);

/// The complex that a pool is a search of: "1abc" of "1abc.2".
std::string complex_of(const scoring::PosePool& pool);

std::string gain_text(const PoseRankingRow& row);                    ///< "+6.9 [+1.6, +12.5]"
std::string ranking_table(const std::vector<PoseRankingRow>& rows);  ///< Markdown
nlohmann::ordered_json json_of(const PoseRankingRow& row);

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
