// theriac bench poses: which judge puts a right pose first, on the same docked poses of a redocking set.
//
// Judges: energies, the learned scorer with relatives held out, gnina's networks, both together. The poses
// are those that `theriac train pose-scorer` kept, with the teacher's opinion of all; further networks and
// the physical checks see the coordinates of each complex's first search.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct PoseBenchOptions {
  std::string data;                   ///< folder of the redocking set
  std::string poses;                  ///< folder of kept poses
  std::vector<std::string> networks;  ///< each as --cnn
  std::string out = "bench-poses";
};

/// Judges what is missing of `judged.csv`, then writes `poses.md` (and .csv, .svg) and prints it. Returns an
/// exit code.
int bench_poses(const PoseBenchOptions& options, Session& session);

}  // namespace theriac::cli
