// The folder of a planned screen: everything that its shards need, and what became of them.
//
//   plan.json     what was planned: identity, library, judges, records, shards, estimate; written last
//   screen.toml   the settings; inputs/ holds copies of the files that they name
//   records.bin, index.bin   the library cut into shards (datasets/shard_records.hpp)
//   shards/shard-00017.journal-2   rows of a shard that is not finished, by the number of its lease
//   shards/shard-00017.lease-2     who works on it (datasets/shard_lease.hpp)
//   shards/shard-00017.rows        a finished shard
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/judge_record.hpp"
#include "cli/screen_options.hpp"
#include "datasets/run_folder.hpp"
#include "datasets/shard_records.hpp"

namespace theriac::cli {

/// A file of the library as it was when it was planned.
struct PlannedFile {
  std::string path, absolute_path, sha256;
  std::uint64_t bytes = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970 by the file system's clock; only ever compared
};
PlannedFile planned_file(const datasets::InputFile& file);

struct PlanFacts {
  std::string identity;  ///< JSON of the RunIdentity
  std::string version, seed;
  int shards = 0;
  std::int64_t records = 0;
  std::vector<PlannedFile> library;
  std::vector<JudgeRecord> judges;  ///< models that judge poses, as they were when it was planned
  nlohmann::ordered_json estimate;  ///< null without one
};

class ScreenFolder {
 public:
  /// Throws InputError when `path` holds no plan (a hint when planning was stopped), StorageError when it is
  /// damaged, UsageError when another version of Theriac made it.
  explicit ScreenFolder(std::string path);

  /// A finished plan's identity; nothing when there is no plan.json. Throws StorageError.
  static std::optional<PlanFacts> read(const std::string& path);
  static void write(const std::string& path, const PlanFacts& facts);

  const std::string& path() const { return path_; }
  const PlanFacts& facts() const { return facts_; }
  const datasets::ShardRecords& records() const { return records_; }
  std::uint64_t seed() const;

  std::string shard_stem(int shard) const;  ///< "DIR/shards/shard-00017"
  std::string rows_path(int shard) const { return shard_stem(shard) + ".rows"; }
  /// What a shard's files say about themselves.
  std::string shard_identity(int shard) const;
  bool finished(int shard) const;
  /// Removes what killed tasks left beside the rows of finished shards: journals, leases, temporary files.
  void tidy_all() const;
  std::vector<int> unfinished() const;

  /// Throws InputError when a file of the library is there but is another than was planned. Returns those
  /// that are not there: the plan holds their records.
  std::vector<std::string> check_library() const;

 private:
  std::string path_;
  PlanFacts facts_;
  datasets::ShardRecords records_;
};

/// The options that the screen was planned with.
ScreenOptions planned_options(const ScreenFolder& folder);

}  // namespace theriac::cli
