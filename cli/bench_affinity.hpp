// theriac bench affinity: unseen pairs, drugs and targets of DAVIS and KIBA, beside what is simple.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct AffinityBenchOptions {
  std::string data, out;
  std::vector<std::string> sets;  ///< empty: davis and kiba
  std::vector<std::string>
      splits;  ///< empty: all; "test", "chosen", "relatives", "fold4", "drug", "target", "cluster", "both"
  int trees = 400, resamples = 100;
  int folds = 5;  ///< how many of the five folds of a split are asked
};

/// A row per set, split and method to OUT/affinity.csv, and the table printed. Returns an exit code.
int bench_affinity(const AffinityBenchOptions& options, Session& session);

}  // namespace theriac::cli
