// What people see: messages on stderr, in one voice, coloured only where that helps. Data goes to stdout.
#pragma once
#include <cstdio>
#include <map>
#include <mutex>
#include <string>

#include "chem/error.hpp"

namespace theriac::cli {

/// True when `stream` is a terminal that understands colour: not with NO_COLOR, TERM=dumb or --no-color.
bool wants_color(std::FILE* stream, bool no_color);

class Terminal {
 public:
  /// `verbosity` 0 shows errors only, 1 notes and warnings, 2 details too.
  explicit Terminal(int verbosity = 1, bool no_color = false);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void note(const std::string& text);    ///< one line of what is going on
  void detail(const std::string& text);  ///< shown with --verbosity 2
  /// The first warnings of a `kind` are shown, later ones counted; `end_warnings` says how many more there
  /// were.
  void warn(const std::string& kind, const std::string& text);
  void end_warnings();
  void error(const std::string& message, const std::string& hint = {});

  /// Every message also goes to this file, with the time. Throws StorageError.
  void log_to(const std::string& path);
  /// Called before a message is printed, so that a progress bar can clear its line.
  void set_interruption(void (*clear_line)(void*), void* context);

 private:
  void print(const std::string& text);
  int verbosity_;
  bool color_;
  std::FILE* log_ = nullptr;
  std::map<std::string, int> warnings_;
  std::mutex mutex_;
  void (*clear_line_)(void*) = nullptr;
  void* clear_context_ = nullptr;
};

}  // namespace theriac::cli
