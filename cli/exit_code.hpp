// What the shell is told when the program ends. Stable: batch scripts rely on these numbers.
#pragma once

namespace theriac::cli {

enum ExitCode : int {
  exit_done = 0,             ///< every record processed, failures below --max-failed
  exit_bug = 1,              ///< an internal error
  exit_usage = 2,            ///< unknown option, bad value, bad settings file
  exit_input = 3,            ///< missing or unreadable file, no usable molecule, box off the receptor
  exit_too_many_failed = 4,  ///< finished, but too many records failed
  exit_storage = 5,          ///< disk full, no permission, damaged or foreign results
  exit_model = 6,            ///< weights missing or incompatible
  exit_device = 7,           ///< device absent or out of memory
  exit_stopped = 75,         ///< stopped early on request; stderr says how to go on
  exit_interrupted = 130,    ///< Ctrl-C; the same
};

}  // namespace theriac::cli
