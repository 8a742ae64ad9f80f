#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "datasets/provenance.hpp"

namespace theriac::cli {
namespace {
constexpr int warnings_shown = 5;  // of one kind
}

bool wants_color(std::FILE* stream, bool no_color) {
  const char* no_color_variable = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color || (no_color_variable && *no_color_variable)) return false;
  if (terminal && std::string(terminal) == "dumb") return false;
  return isatty(fileno(stream)) == 1;
}

Terminal::Terminal(int verbosity, bool no_color)
    : verbosity_(verbosity), color_(wants_color(stderr, no_color)) {}

Terminal::~Terminal() {
  if (log_) std::fclose(log_);
}

void Terminal::print(const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (clear_line_) clear_line_(clear_context_);
  std::fputs((text + '\n').c_str(), stderr);
  if (!log_) return;
  std::fputs(fmt::format("{} {}\n", datasets::utc_now(), text).c_str(), log_);
  std::fflush(log_);
}

void Terminal::note(const std::string& text) {
  if (verbosity_ >= 1) print(text);
}

void Terminal::detail(const std::string& text) {
  if (verbosity_ >= 2) print(text);
}

void Terminal::warn(const std::string& kind, const std::string& text) {
  if (verbosity_ < 1) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (++warnings_[kind] > warnings_shown) return;
  }
  print((color_ ? "theriac: \033[33mwarning:\033[0m " : "theriac: warning: ") + text);
}

void Terminal::end_warnings() {
  std::map<std::string, int> counts;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    counts.swap(warnings_);
  }
  for (const auto& [kind, count] : counts)
    if (count > warnings_shown)
      print(fmt::format("theriac: warning: {}: and {} more", kind, count - warnings_shown));
}

void Terminal::error(const std::string& message, const std::string& hint) {
  print((color_ ? "theriac: \033[31merror:\033[0m " : "theriac: error: ") + message);
  if (!hint.empty()) print("    hint: " + hint);
}

void Terminal::log_to(const std::string& path) {
  log_ = std::fopen(path.c_str(), "a");
  if (!log_) throw StorageError(fmt::format("cannot write the log '{}': {}", path, std::strerror(errno)));
}

void Terminal::set_interruption(void (*clear_line)(void*), void* context) {
  const std::lock_guard<std::mutex> lock(mutex_);
  clear_line_ = clear_line;
  clear_context_ = context;
}

}  // namespace theriac::cli
