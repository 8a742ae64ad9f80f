// theriac train pose-scorer: the learned score of docked poses, from complexes and a teacher's opinion.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "cli/pose_pools.hpp"

namespace theriac::cli {

class Session;

struct PoseScorerTrainingOptions {
  PosePoolOptions pools;
  scoring::PoseTrainingOptions training;
  std::string out, name, about, licence;
  std::string folds;  ///< folder for the scorers of the folds; empty: none
};

/// --targets, --molecules, --teacher, --poses and their like.
void declare_pose_scorer_training(CLI::App& app, PoseScorerTrainingOptions& options);

/// The docked poses that a command of this family learns from, kept in OUT.poses unless --poses names a
/// folder. None after a dry run or a stop, with the exit code in `ended`. Throws UsageError without a teacher
/// or with another -o than a .safetensors file, and what pose_pools() throws.
std::vector<scoring::PosePool> poses_to_learn_from(PoseScorerTrainingOptions& options, Session& session,
                                                   int& ended);

/// Writes OUT (safetensors) and prints the cross-validated table. Returns an exit code.
int train_pose_scorer(PoseScorerTrainingOptions options, Session& session);

}  // namespace theriac::cli
