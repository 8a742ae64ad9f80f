// Training of the learned pose score.
//
// 1. A teacher's log odds of a good pose, measured from their mean over the ligand's poses, are fitted by
//    ridge regression on environments and descriptors: pair potentials learned from a network that knows many
//    more structures. No true pose is needed, so any receptor and any molecule teaches.
// 2. Few weights join that score with the docking energy: one for the score or one for each of its parts
//    (PosePart), one for the energy, and two more where both depend on the ligand's rotors. They are the most
//    likely ones of a conditional logit over a ligand's poses, right by 1 / (1 + exp((RMSD - 2) / 0.3)).
// 3. The calibration of probabilities, and two weights that join the score with a network's log odds.
//
// Everything that is fitted or chosen is so on ligands whose scores come from a regression that saw no
// relative of their protein. The ridge weight and the form of step 2 are chosen by cross-validation inside
// each fold's training part, so that what is held out has no say in them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/pose_score_model.hpp"

namespace theriac::scoring {

/// The poses of one ligand in one receptor.
struct PosePool {
  std::string id;        ///< of the complex, "1abc"; of its further searches "1abc.2" ...
  std::string sequence;  ///< of the protein
  std::string group;     ///< of related proteins: never on both sides of a fold
  std::vector<PoseFeatures> poses;
  std::vector<double> rmsd;  ///< to the true pose, angstrom; empty when it is unknown
  std::vector<std::vector<chem::Vector3>> coordinates;  ///< of each pose; empty when `rmsd` is
  std::vector<double> teacher;                          ///< log odds of a good pose; empty when there is none
  std::vector<double> affinity;  ///< pK of each pose, as the teacher sees it; empty when there is none
};

struct PoseTrainingOptions {
  std::vector<double> ridges{0.01, 0.03, 0.1, 0.3};  ///< to choose from; per pose, on scaled features
  int folds = 10;
};

/// What was predicted for ligands whose relatives were held out, in the order of the pools; pools without a
/// true pose get nothing.
struct HeldOutPoses {
  std::vector<std::vector<double>> scores, probabilities;
};

struct TrainedPoseScore {
  PoseScoreModel model;
  std::string choice;                        ///< "ridge 0.1 with weights by part and rotors": the model's
  std::string choices;                       ///< of the folds, with their number
  HeldOutPoses held_out;                     ///< choices made inside the folds
  HeldOutPoses same_choice;                  ///< the model's choice in all folds, though it was made on all
  HeldOutPoses fused;                        ///< `held_out` with the teacher's opinion; empty without one
  std::vector<HeldOutPoses> joined;          ///< `held_out` with each further network's opinion
  std::vector<PoseScoreModel> without_fold;  ///< what gave `held_out` and `fused`: one per fold
  std::vector<int> fold;                     ///< of each pool
  double teacher_correlation = 0;            ///< mean over held-out ligands, of score and teacher
};

/// Which fold a group belongs to, by name: groups are dealt out, large ones first, to the smallest fold.
/// One entry per pool.
std::vector<int> folds_by_group(const std::vector<PosePool>& pools, int folds);

/// What one network says of the poses of each pool, as log odds; empty where it did not judge.
using NetworkOpinions = std::vector<std::vector<double>>;

/// `further`: networks that are not learned from but joined with the score, by weights that are fitted
/// outside each fold. Throws UsageError when there are fewer than two folds with true poses, or no teacher.
TrainedPoseScore train_pose_score(const std::vector<PosePool>& pools, const PoseTrainingOptions& options,
                                  const std::vector<NetworkOpinions>& further = {});

/// -log of the share that `scores` give to poses near the true one, as above; NaN if none lies within 2.5
/// angstrom.
double ranking_loss(const std::vector<double>& scores, const std::vector<double>& rmsd);

}  // namespace theriac::scoring
