// Code of others that may never end, in a child process with a limit on its processor time.
//
// RDKit's distance geometry minimises until it has converged and cannot be told to stop; for some molecules
// that is never. A thread cannot be ended from outside, a process can.
#pragma once
#include <functional>
#include <string>

namespace theriac::chem {

enum class ChildEnd {
  done,      ///< the work is done
  too_long,  ///< it was ended because its processor time was spent
  crashed,   ///< it ended by itself without a result
};

struct ChildResult {
  ChildEnd end = ChildEnd::crashed;
  std::string bytes;  ///< what the work returned, when it is done
};

/// Forks; `work` runs in the copy and its text comes back. It must not use threads, and signals that end a
/// run cleanly do not reach it. `cpu_seconds` is rounded up to whole seconds. A child that uses no processor
/// time for `idle_seconds` waits for a lock that another thread held when it was made: it is replaced by a
/// new one, and after three the work counts as crashed. Thread-safe. Throws StorageError when no process can
/// be made.
ChildResult run_bounded(const std::function<std::string()>& work, double cpu_seconds,
                        double idle_seconds = 30);

}  // namespace theriac::chem
