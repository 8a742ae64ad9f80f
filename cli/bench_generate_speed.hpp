// theriac bench generate-speed: molecules a second from the generator, end to end: canonical SMILES out.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct GenerateSpeedOptions {
  std::string model = "default";  ///< weights, as theriac generate takes them
  std::string device = "cpu";     ///< another source there, as scoring::prediction_device() takes it
  std::string out;                ///< folder; empty: bench-generate-speed
  int draws = 2000;               ///< molecules of one run
  int repeats = 5;                ///< runs, one after the other; the median counts
};

/// One thread and all threads, the network and the random policy. Writes speed.csv (a row per run), speed.md,
/// and prints the table. Returns an exit code.
int bench_generate_speed(const GenerateSpeedOptions& options, Session& session);

}  // namespace theriac::cli
