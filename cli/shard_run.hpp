// One shard from wherever it is to its finished file of rows.
#pragma once
#include <cstdint>
#include <string>

#include "cli/screen_folder.hpp"
#include "cli/screen_stages.hpp"
#include "cli/session.hpp"
#include "datasets/shard_files.hpp"

namespace theriac::cli {

struct ShardRunOptions {
  double checkpoint = 10;  ///< seconds of work that a kill can cost
  double silence = 60;     ///< of another host's task before its shard is taken over, seconds
  bool overwrite = false;  ///< forget what was there
};

using datasets::ShardOutcome;

struct ShardReport {
  ShardOutcome outcome = ShardOutcome::complete;
  std::string holder;  ///< of a busy shard
  DockProgress progress;
  std::int64_t records = 0;
  double seconds = 0;  ///< wall time of this process
};

/// Throws StorageError.
ShardReport run_shard(const ScreenFolder& folder, int shard, ScreenStages& stages,
                      const ShardRunOptions& options, Session& session);

}  // namespace theriac::cli
