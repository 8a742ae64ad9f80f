// How far the campaign in a run folder is: from its files alone, whether or not its coordinator runs.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/slurm_array.hpp"
#include "generative/campaign_standing.hpp"

namespace theriac::cli {

/// What is handed out: one round, or the final docking.
struct BatchStanding {
  std::string folder, text;  ///< "round 3"
  std::vector<int> finished, running, stopped, waiting;
  std::int64_t molecules = 0, done = 0, failed = 0;
  std::vector<std::string> holders;  ///< of running tasks
  std::string job;                   ///< its number in Slurm; empty: none is known
  SlurmQueue queue = SlurmQueue::unknown;

  int tasks() const {
    return static_cast<int>(finished.size() + running.size() + stopped.size() + waiting.size());
  }
  bool complete() const { return running.empty() && stopped.empty() && waiting.empty(); }
  /// Tasks that nobody will finish: their job is gone.
  std::vector<int> left() const;
};

struct RunStanding {
  std::string folder, name;
  enum class State {
    running,  ///< a coordinator has the folder
    waiting,  ///< none has, and tasks are not finished
    stopped,
    finished
  } state = State::stopped;
  std::string ending;  ///< of a finished campaign
  generative::CampaignStanding rounds;
  std::optional<BatchStanding> batch;
  int rounds_planned = 0;    ///< after the starting set; 0 in a campaign with stages
  bool final_tier = false;   ///< the best are docked again
  bool journal_cut = false;  ///< its last block is not whole
};

/// "running", "waiting", "stopped", "finished".
const char* name(RunStanding::State state);

/// Throws InputError (no campaign there) and StorageError (damaged).
RunStanding read_run_standing(const std::string& folder);

/// What the coordinator does now, or would do if it were started: one sentence.
std::string next_step(const RunStanding& standing);

}  // namespace theriac::cli
