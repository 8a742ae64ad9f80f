// One task of a docking batch, from wherever it is to its finished rows.
//
// Docked molecules go to the task's journal in blocks; whoever runs the task after a kill docks the others.
// Who works on a task is told by its lease, so no two processes dock the same molecules.
#pragma once
#include <functional>
#include <string>

#include "chem/stop_token.hpp"
#include "datasets/shard_files.hpp"
#include "generative/docking_batch.hpp"
#include "generative/docking_tier.hpp"

namespace theriac::generative {

struct DockingTaskOptions {
  double checkpoint = 10;  ///< seconds of work that a kill can cost
  double silence = 60;     ///< of another host's process before its task is taken over, seconds
  bool overwrite = false;  ///< forget what was there
  chem::StopToken stop;
  std::function<void(const datasets::LeaseHolder&)> on_wait;  ///< a holder elsewhere is watched
  /// Molecules done, to do and failed; from one thread at a time.
  std::function<void(std::int64_t, std::int64_t, std::int64_t)> observe;
};

struct DockingTaskReport {
  datasets::ShardOutcome outcome = datasets::ShardOutcome::complete;
  std::string holder;  ///< of a busy task
  std::int64_t molecules = 0, done = 0, failed = 0;
  std::int64_t kept = 0;  ///< done by earlier attempts
};

/// Throws StorageError.
DockingTaskReport run_docking_task(const DockingBatch& batch, int task, const DockingTier& tier,
                                   const DockingTaskOptions& options);

}  // namespace theriac::generative
