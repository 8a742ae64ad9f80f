#include "cli/session.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <random>
#include <utility>

#include "chem/error.hpp"
#include "cli/duration.hpp"
#include "cli/granted_cores.hpp"
#include "cli/library_versions.hpp"
#include "cli/stop_signals.hpp"

namespace theriac::cli {
namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct Session::ThreadLimit {
  explicit ThreadLimit(int threads)
      : control(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)) {}
  tbb::global_control control;
};

std::uint64_t parse_seed(const std::string& text) {
  if (text == "random") return std::random_device{}();
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    throw UsageError(fmt::format("--seed is '{}'", text), "give a whole number from 0, or 'random'");
  return seed;
}

std::int64_t parse_max_failed(const std::string& text, std::int64_t total) {
  double value = 0;
  const bool percent = !text.empty() && text.back() == '%';
  const char* last = text.data() + text.size() - (percent ? 1 : 0);
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last || value < 0 || (percent && value > 100))
    throw UsageError(fmt::format("--max-failed is '{}'", text),
                     "give a share such as 20% or a count such as 5");
  return static_cast<std::int64_t>(std::floor(percent ? value / 100 * static_cast<double>(total) : value));
}

Session::Session(std::string command_line)
    : command_line_(std::move(command_line)),
      started_utc_(datasets::utc_now()),
      started_(now_seconds()),
      terminal_(std::make_unique<Terminal>()) {}

Session::~Session() = default;

void Session::begin() {
  terminal_ = std::make_unique<Terminal>(options.quiet ? 0 : options.verbosity, options.no_color);
  if (!options.log.empty()) terminal_->log_to(options.log);
  seed_ = parse_seed(options.seed);
  if (options.seed == "random") terminal_->note(fmt::format("seed      {}", seed_));
  parse_max_failed(options.max_failed, 0);
  threads_ = options.cpu > 0 ? options.cpu : granted_cores();
  thread_limit_ = std::make_unique<ThreadLimit>(threads_);
  if (!options.max_time.empty()) stop_after(parse_duration(options.max_time));
}

std::unique_ptr<Progress> Session::progress(ProgressState start) {
  const bool quiet = options.quiet || options.verbosity == 0;
  return std::make_unique<Progress>(quiet ? ProgressStyle::none : progress_style(options.progress),
                                    *terminal_, std::move(start));
}

chem::StopToken Session::stop() const {
  return stop_token();
}

int Session::exit_code(const RecordCounts& counts, const std::string& when_stopped) {
  terminal_->end_warnings();
  const StopReason reason = stop_reason();
  if (reason != StopReason::none) {
    const char* why = reason == StopReason::interrupted   ? "interrupted"
                      : reason == StopReason::out_of_time ? "--max-time is over"
                                                          : "asked to stop";
    terminal_->note(fmt::format("{}: {}", why, when_stopped));
    return reason == StopReason::interrupted ? exit_interrupted : exit_stopped;
  }
  const std::int64_t allowed = options.strict ? 0 : parse_max_failed(options.max_failed, counts.total);
  if (counts.failed <= allowed) return exit_done;
  terminal_->error(fmt::format("{} of {} records failed; {} may", counts.failed, counts.total, allowed),
                   options.strict ? "leave --strict out to accept failed records"
                                  : "each was named with its reason; --max-failed sets how many may fail");
  return exit_too_many_failed;
}

datasets::Provenance Session::provenance() const {
  datasets::Provenance provenance;
  provenance.command_line = command_line_;
  provenance.threads = threads_;
  provenance.started_utc = started_utc_;
  provenance.seconds = now_seconds() - started_;
  provenance.libraries = library_versions();
  return provenance;
}

}  // namespace theriac::cli
