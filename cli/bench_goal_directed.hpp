// theriac bench guacamol | pmo: how well a proposer designs molecules towards the tasks of GuacaMol or PMO;
// and what any molecules score in them.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct GoalDirectedOptions {
  std::string suite;  ///< "guacamol" or "pmo"
  std::string out;    ///< folder of a run; file of `--score`, empty: standard output
  std::string proposer = "graph-evolution";
  std::string model = "default";   ///< weights of a learned proposer (model_choice.hpp)
  std::string device = "cpu";      ///< where they compute: scoring::prediction_device()
  std::vector<std::string> tasks;  ///< empty: all
  int calls = 0;                   ///< budget of a run; 0: 10,000 in PMO, 50,000 in GuacaMol
  int seeds = 1;                   ///< runs of every task: --seed, --seed + 1, ...
  std::string start;               ///< file of start molecules; empty: the bundled set
  int start_count = 120;           ///< drawn from it for every run; 0: all
};

/// Runs what is missing of `guacamol.csv` or `pmo.csv` (a row per task and seed; every molecule that was
/// scored in `calls/TASK-SEED.csv.gz`), writes the table beside published figures and prints it. Returns an
/// exit code.
int bench_goal_directed(const GoalDirectedOptions& options, Session& session);

/// Scores the molecules of `file` on every task: one row a molecule, one column a task. With a file to write,
/// what the list as a whole is worth is printed.
int bench_score_file(const GoalDirectedOptions& options, const std::string& file, Session& session);

}  // namespace theriac::cli
