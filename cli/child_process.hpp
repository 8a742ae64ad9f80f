// Another program run to its end as a child: without a shell, its output kept, its time measured.
//
// Time is the kernel's account of that child alone (wait4), all of its threads included.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct ChildResult {
  int exit_code = 0;   ///< 128 + the signal when it was killed, as shells say it
  std::string output;  ///< standard output and standard error as they came, the first 4 MiB
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< user and system, all threads
};

/// Runs `words[0]` (a path) with the other words as arguments and an empty standard input. Ctrl-C does not
/// reach it, so that a measurement in hand can be finished; it ends when this process ends. Throws InputError
/// when it cannot be started.
ChildResult run_child(const std::vector<std::string>& words);

/// Full path of a program in PATH; `name` itself when it has a slash and can be run; empty when there is
/// none.
std::string find_program(const std::string& name);

}  // namespace theriac::cli
