// Asking a run to end early: SIGTERM and SIGUSR1 (a batch system), SIGINT (Ctrl-C) and --max-time.
//
// The first one sets a flag: the run finishes the molecules in hand, writes them and ends with 75 or 130. The
// second signal ends the process at once; the journal keeps what was written.
#pragma once
#include "chem/stop_token.hpp"

namespace theriac::cli {

enum class StopReason { none, terminated, interrupted, out_of_time };

/// Installs the handlers. Once per process, before threads are started.
void install_stop_signals();
/// Sets the flag after `seconds`, by SIGALRM.
void stop_after(double seconds);

chem::StopToken stop_token();
StopReason stop_reason();

}  // namespace theriac::cli
