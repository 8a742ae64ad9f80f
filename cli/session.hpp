// What every command shares while it runs: the common options, messages, seed, threads, and how it ends.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "chem/stop_token.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "datasets/provenance.hpp"

namespace theriac::cli {

struct CommonOptions {
  bool quiet = false, no_color = false, json = false, strict = false, overwrite = false, dry_run = false;
  int verbosity = 1;
  int cpu = 0;  ///< 0: all granted
  std::string seed = "1";
  std::string progress = "auto";
  std::string max_failed = "20%";
  std::string max_time, log, config;
};

/// How a batch went.
struct RecordCounts {
  std::int64_t total = 0, failed = 0;
};

class Session {
 public:
  explicit Session(std::string command_line);
  ~Session();

  CommonOptions options;
  /// Where each option's value comes from: "command line", "dock.toml, line 3", "THERIAC_SEED", "default".
  std::map<std::string, std::string> origins;

  /// Acts on the common options: messages, log, threads, seed, time limit. Called before the command runs.
  void begin();

  Terminal& terminal() { return *terminal_; }
  std::unique_ptr<Progress> progress(ProgressState start);
  std::uint64_t seed() const { return seed_; }
  int threads() const { return threads_; }
  chem::StopToken stop() const;

  /// The exit code of a batch: 130 or 75 when it was stopped, 4 when too many records failed, else 0. Says
  /// why, and after a stop how to go on.
  int exit_code(const RecordCounts& counts,
                const std::string& when_stopped = "run the same command to continue");
  /// Started, command line, threads and library versions.
  datasets::Provenance provenance() const;

 private:
  struct ThreadLimit;
  std::string command_line_, started_utc_;
  double started_ = 0;
  std::uint64_t seed_ = 1;
  int threads_ = 1;
  std::unique_ptr<Terminal> terminal_;
  std::unique_ptr<ThreadLimit> thread_limit_;
};

/// A seed from its text: a whole number, or "random", which draws one. Throws UsageError.
std::uint64_t parse_seed(const std::string& text);
/// Records that may fail out of `total`: "20%" or "5". Throws UsageError.
std::int64_t parse_max_failed(const std::string& text, std::int64_t total);

}  // namespace theriac::cli
