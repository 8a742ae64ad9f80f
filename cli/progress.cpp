#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "chem/error.hpp"
#include "cli/duration.hpp"
#include "cli/terminal.hpp"

namespace theriac::cli {
namespace {

constexpr int bar_width = 24;
constexpr auto bar_interval = std::chrono::milliseconds(200);
constexpr auto line_interval = std::chrono::seconds(60);

double per_second(const ProgressState& state, double seconds) {
  return seconds > 0 ? static_cast<double>(state.done - state.skipped) / seconds : 0.0;
}

std::string rate_text(double per_second) {
  return per_second >= 10 ? fmt::format("{:.0f}/s", per_second)
                          : fmt::format("{:.{}f}/min", 60 * per_second, per_second * 60 < 100 ? 1 : 0);
}

double seconds_left(const ProgressState& state, double seconds) {
  return static_cast<double>(state.total - state.done) / per_second(state, seconds);
}

int terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

}  // namespace

ProgressStyle progress_style(const std::string& word) {
  if (word == "auto") return isatty(STDERR_FILENO) == 1 ? ProgressStyle::bar : ProgressStyle::lines;
  if (word == "bar") return ProgressStyle::bar;
  if (word == "lines") return ProgressStyle::lines;
  if (word == "none") return ProgressStyle::none;
  throw UsageError(fmt::format("unknown progress style '{}'", word), "one of auto, bar, lines, none");
}

std::string progress_bar(const ProgressState& state, double seconds) {
  std::string text;
  if (state.total > 0) {
    const auto filled = std::min<std::int64_t>(bar_width, bar_width * state.done / state.total);
    text = fmt::format("[{}{}]  {}/{}  {}%", std::string(static_cast<std::size_t>(filled), '#'),
                       std::string(static_cast<std::size_t>(bar_width - filled), '-'), state.done,
                       state.total, 100 * state.done / state.total);
  } else {
    text = fmt::format("{} {}", state.done, state.unit);
  }
  text += "  " + rate_text(per_second(state, seconds));
  if (state.total > 0 && state.done > state.skipped)
    text += "  ETA " + duration_text(seconds_left(state, seconds));
  if (state.failed > 0) text += fmt::format("  failed {}", state.failed);
  if (!state.note.empty()) text += "  " + state.note;
  return text;
}

std::string progress_line(const ProgressState& state, double seconds) {
  std::string text = state.label + ' ';
  text += state.total > 0 ? fmt::format("{}/{} {}%", state.done, state.total, 100 * state.done / state.total)
                          : fmt::format("{}", state.done);
  text += ' ' + rate_text(per_second(state, seconds));
  if (state.total > 0 && state.done > state.skipped)
    text += " eta " + duration_text(seconds_left(state, seconds));
  if (state.failed > 0) text += fmt::format(" failed {}", state.failed);
  return text;
}

Progress::Progress(ProgressStyle style, Terminal& terminal, ProgressState start)
    : style_(style), terminal_(terminal), state_(std::move(start)), start_(Clock::now()), shown_(start_) {
  if (style_ == ProgressStyle::bar) terminal_.set_interruption(&Progress::clear_line, this);
}

Progress::~Progress() {
  finish();
}

void Progress::update(std::int64_t done, std::int64_t failed, const std::string& note) {
  const auto now = Clock::now();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    state_.done = done;
    state_.failed = failed;
    if (!note.empty()) state_.note = note;
    const auto interval =
        style_ == ProgressStyle::bar ? Clock::duration(bar_interval) : Clock::duration(line_interval);
    if (style_ == ProgressStyle::none || now - shown_ < interval) return;
    shown_ = now;
  }
  show(now);
}

void Progress::show(Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (style_ == ProgressStyle::lines) {
    const std::time_t time = std::time(nullptr);
    std::tm parts{};
    localtime_r(&time, &parts);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &parts);
    terminal_.note(fmt::format("{} {}", stamp, progress_line(state_, seconds)));
    return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  auto text = progress_bar(state_, seconds);
  text.resize(std::min(text.size(), static_cast<std::size_t>(terminal_width() - 1)));
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  on_line_ = true;
}

void Progress::clear_line(void* self) {
  auto& progress = *static_cast<Progress*>(self);
  const std::lock_guard<std::mutex> lock(progress.mutex_);
  if (!progress.on_line_) return;
  std::fputs("\r\033[K", stderr);
  progress.on_line_ = false;
}

void Progress::finish() {
  if (style_ != ProgressStyle::bar) return;
  clear_line(this);
  terminal_.set_interruption(nullptr, nullptr);
  style_ = ProgressStyle::none;
}

}  // namespace theriac::cli
