// Training of the learned pose score.
//
// 1. A teacher's log odds of a good pose, measured from their mean over the ligand's poses, are fitted by
//    ridge regression on environments and descriptors: pair potentials learned from a network that knows many
//    more structures. No true pose is needed, so any receptor and any molecule teaches.
// 2. Two weights join that score with the docking energy: the most likely ones under
//    L = -log( sum w exp(s) / sum exp(s) ) over a ligand's poses, w = 1 / (1 + exp((RMSD - 2) / 0.3)).
// 3. The calibration of probabilities.
// For steps 2 and 3 every ligand is scored by a regression that saw no relative of its protein.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/pose_score_model.hpp"

namespace theriac::scoring {

/// The poses of one ligand in one receptor.
struct PosePool {
  std::string id;        ///< of the complex
  std::string sequence;  ///< of the protein
  std::string group;     ///< of related proteins: never on both sides of a fold
  std::vector<PoseFeatures> poses;
  std::vector<double> rmsd;     ///< to the true pose, angstrom; empty when it is unknown
  std::vector<double> teacher;  ///< log odds of a good pose; empty when there is none
};

struct PoseTrainingOptions {
  double ridge = 0.03;  ///< of the regression, per pose, on scaled features
  int folds = 10;
};

/// What was predicted for ligands whose relatives were held out, in the order of the pools; pools without a
/// true pose get nothing.
struct HeldOutPoses {
  std::vector<std::vector<double>> scores, probabilities;
};

struct TrainedPoseScore {
  PoseScoreModel model;
  HeldOutPoses held_out;
  double teacher_correlation = 0;  ///< mean over held-out ligands, of score and teacher
};

/// Which fold a group belongs to, by name: groups are dealt out, large ones first, to the smallest fold.
/// One entry per pool.
std::vector<int> folds_by_group(const std::vector<PosePool>& pools, int folds);

/// Throws UsageError when there are fewer than two folds with true poses, or no teacher.
TrainedPoseScore train_pose_score(const std::vector<PosePool>& pools, const PoseTrainingOptions& options);

/// -log of the share that `scores` give to poses near the true one, as above; NaN if none lies within 2.5
/// angstrom.
double ranking_loss(const std::vector<double>& scores, const std::vector<double>& rmsd);

}  // namespace theriac::scoring
