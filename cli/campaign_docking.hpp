// The docking of a campaign: its engines, and handing it to other processes as tasks of a Slurm array.
//
// Below the run folder of a campaign whose docking is handed out:
//   tasks/campaign.toml          the settings, for the tasks; files are named as seen from here
//   tasks/round-003, tasks/final what is to be docked (generative/docking_batch.hpp), its array.sbatch and
//   logs
// A folder goes when all of its rows are in the campaign's journal; `tasks` goes with the finished campaign.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/campaign_file.hpp"
#include "cli/campaign_target.hpp"
#include "cli/command.hpp"
#include "cli/judge_record.hpp"
#include "cli/slurm_array.hpp"
#include "datasets/run_folder.hpp"
#include "generative/campaign.hpp"
#include "generative/docking_batch.hpp"

namespace theriac::cli {

class Session;

/// Engines of the loop and of the final docking, and who judges its poses.
std::vector<generative::CampaignTarget> campaign_targets(const CampaignFile& file,
                                                         const std::vector<PreparedTarget>& targets);

/// What decides the bytes of a docked molecule: prepared receptors, boxes, settings, seed and version; not
/// the models that judge poses (judge_record.hpp). The file is the one in `tasks`.
datasets::RunIdentity docking_identity(const CampaignFile& file, const std::vector<PreparedTarget>& targets);

struct HandOutOptions {
  bool hand_out = false;  ///< otherwise everything is docked here
  int tasks = 16;         ///< of a round, at most
  bool now = false;       ///< the array is given to sbatch
  bool wait = false;      ///< for the rows, instead of stopping
  double poll = 15;       ///< seconds between two looks for finished tasks
  SlurmArrayOptions array;
};

void declare_hand_out(CLI::App& app, HandOutOptions& options);
/// Throws UsageError for options that do nothing.
void check_hand_out(const HandOutOptions& options);

/// Docking by tasks in the folder of a run.
class HandedOutDocking : public generative::DockingElsewhere {
 public:
  /// Writes tasks/campaign.toml. The session outlives this.
  HandedOutDocking(const datasets::RunFolder& folder, const CampaignFile& file,
                   const std::vector<PreparedTarget>& targets, std::string campaign_fingerprint,
                   HandOutOptions options, Session& session);

  /// Throws StorageError (damaged rows, a batch of something else) and InputError (sbatch).
  void dock(int round, bool final_tier, const std::vector<generative::DockingRequest>& requests,
            const std::function<void(std::vector<generative::DockedCandidate>)>& take) override;
  void taken(int round, bool final_tier) override;

  /// What the campaign waits for: where it lies and which tasks are not finished. Empty: for nothing.
  struct Waiting {
    std::string folder;
    int tasks = 0;
    std::vector<int> unfinished;
  };
  const Waiting& waiting() const { return waiting_; }

 private:
  std::string batch_folder(int round, bool final_tier) const;
  generative::DockingBatch batch_of(int round, bool final_tier,
                                    const std::vector<generative::DockingRequest>& requests) const;
  void hand_out(const generative::DockingBatch& batch, const std::vector<int>& tasks);
  void check_queue(const generative::DockingBatch& batch);
  void pause(double seconds) const;

  std::string run_, tasks_, campaign_, docking_;
  std::vector<JudgeRecord> judges_;
  HandOutOptions options_;
  Session& session_;
  Waiting waiting_;
  std::string job_;  ///< of the batch in hand, where it is known
};

/// Where the job of a batch is noted (slurm_submission.hpp).
std::string job_path(const std::string& batch_folder);

/// theriac campaign dock: tasks of a batch.
Command campaign_dock_command();
/// theriac campaign status: how far a run folder is.
Command campaign_status_command();

}  // namespace theriac::cli
