// How long a screen will take and how much disk it needs, from a timed sample of its own molecules.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "chem/record.hpp"
#include "cli/screen_stages.hpp"
#include "datasets/shard_records.hpp"

namespace theriac::cli {

constexpr int largest_sample = 256;  ///< records tried for an estimate

struct ScreenEstimate {
  std::int64_t records = 0;
  int shards = 1;
  int tried = 0, passed = 0, docked = 0;  ///< records of the sample: looked at, left for docking, docked
  double seconds_before = 0;              ///< CPU time per record before docking
  double seconds_docking = 0,
         seconds_docking_error = 0;  ///< CPU time per docked ligand, and its standard error
  double bytes_per_row = 0;          ///< in the finished shard files
  double planned_bytes = 0;          ///< of records.bin and index.bin

  double share_passed() const { return tried > 0 ? static_cast<double>(passed) / tried : 1; }
  /// CPU time of the whole screen, hours; low and high: two standard errors of the docking time.
  double core_hours(double errors = 0) const;
  double shard_hours(int cores) const;  ///< wall time of a shard on so many cores
  double gigabytes() const;             ///< of plan and shards together
  nlohmann::ordered_json json() const;
  std::string text(int cores) const;  ///< several lines
};

/// Tries `sample`, an even sample of the library in random order, and docks up to `most_docked` of what
/// passes.
ScreenEstimate estimated(const datasets::ShardRecords& records, const std::vector<chem::RawRecord>& sample,
                         ScreenStages& stages, int most_docked, const chem::StopToken& stop);

}  // namespace theriac::cli
