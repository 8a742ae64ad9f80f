// How far a run is: a bar with rate and time left on a terminal, one line a minute elsewhere, or nothing.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace theriac::cli {

class Terminal;

enum class ProgressStyle { none, bar, lines };

/// "auto": a bar when stderr is a terminal, else lines. Throws UsageError for another word.
ProgressStyle progress_style(const std::string& word);

struct ProgressState {
  std::string label;       ///< "dock"
  std::string unit;        ///< what is counted: "lig"
  std::int64_t total = 0;  ///< 0: not known
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t skipped = 0;  ///< of `done`, already there from an earlier run: not part of the rate
  std::string note;          ///< "best -11.9 ZINC3814434"
};

/// "[########----]  83/248  33%  12.4 lig/min  ETA 13m18s  best ..."
std::string progress_bar(const ProgressState& state, double seconds);
/// "dock 83/248 33% 12.4/min eta 13m18s failed 2"
std::string progress_line(const ProgressState& state, double seconds);

class Progress {
 public:
  Progress(ProgressStyle style, Terminal& terminal, ProgressState start);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` records of the total are finished now, `failed` of them without a result. Thread-safe.
  void update(std::int64_t done, std::int64_t failed, const std::string& note = {});
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void show(Clock::time_point now);
  static void clear_line(void* self);

  ProgressStyle style_;
  Terminal& terminal_;
  ProgressState state_;
  Clock::time_point start_, shown_;
  bool on_line_ = false;
  std::mutex mutex_;
};

}  // namespace theriac::cli
