// theriac bench admet: how well endpoints are predicted, on the splits that everybody uses, beside a random
// forest, the nearest neighbour and the best that is published.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct AdmetBenchOptions {
  std::string data;  ///< folder with tdc/
  std::string out;
  std::string network;             ///< folder of train properties-network; empty: trees alone
  std::vector<std::string> tasks;  ///< empty: the 22 of the group
  int seeds = 5;
  int trees = 600;
};

/// Trains and tests what is missing of `admet.csv` (a row per task; predictions of every test molecule in
/// `predictions/TASK.csv`), writes the table and prints it. Tasks without test labels are scored by scaffold
/// cross-validation. Returns an exit code.
int bench_admet(const AdmetBenchOptions& options, Session& session);

}  // namespace theriac::cli
