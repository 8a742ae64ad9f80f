// The parts of `theriac screen`, one file each.
#pragma once
#include "cli/command.hpp"

namespace theriac::cli {

Command screen_plan_command();
Command screen_run_command();
Command screen_status_command();
Command screen_submit_command();
Command screen_merge_command();
Command screen_surrogate_command();
Command screen_rounds_command();

}  // namespace theriac::cli
