// Training of the affinity of poses: ridge regression of a network's pK on what describes poses.
//
// Every ligand weighs the same, however many poses it has. No measured affinity is learned from, so that
// those of the complexes can judge the result. The ridge weight, the intercept and what the mean follows with
// size are chosen and fitted on ligands none of which is a relative of those that are held out; choices are
// made inside each fold's training part.
#pragma once
#include <string>
#include <vector>

#include "scoring/pose_affinity.hpp"
#include "scoring/pose_score_training.hpp"

namespace theriac::scoring {

struct PoseAffinityOptions {
  std::vector<double> ridges{0.003, 0.01, 0.03, 0.1};  ///< to choose from; per ligand, on scaled features
  int folds = 10;
};

struct TrainedPoseAffinity {
  PoseAffinityModel model;
  std::string choice;   ///< "ridge 0.01; size by heavy atoms": of the model
  std::string choices;  ///< ridges of the folds, with their number
  /// Of the pose put first of each pool, in their order: pK, and pK above the mean of that size, by what saw
  /// no relative of its protein.
  std::vector<double> held_out, held_out_corrected;
  std::vector<double> teacher;                           ///< the network's pK of the same pose
  std::vector<std::pair<SizeForm, double>> size_errors;  ///< held-out root mean square of each form, pK
  std::vector<int> fold;                                 ///< of each pool
};

/// `first`: the pose put first of each pool. Throws UsageError when a pool has no affinities of a teacher, or
/// with fewer than three folds that have pools.
TrainedPoseAffinity train_pose_affinity(const std::vector<PosePool>& pools,
                                        const std::vector<std::size_t>& first,
                                        const PoseAffinityOptions& options);

}  // namespace theriac::scoring
