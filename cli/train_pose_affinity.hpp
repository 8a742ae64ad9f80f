// theriac train pose-affinity: how strongly a ligand binds if a pose is right, learned from a network's
// opinion of docked poses. It takes the poses, and most options, of `train pose-scorer`.
#pragma once
#include "cli/train_pose_scorer.hpp"

namespace theriac::cli {

/// Writes OUT (safetensors) and prints how the affinity follows the measured one (column pK of the complexes'
/// index.csv, never learned from), beside size, docking energy and the network itself. Returns an exit code.
int train_pose_affinity(PoseScorerTrainingOptions options, Session& session);

}  // namespace theriac::cli
