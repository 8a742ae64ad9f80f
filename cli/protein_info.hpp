// theriac protein info: what a file or folder of a protein language model is.
#pragma once
#include "cli/command.hpp"

namespace theriac::cli {

Command protein_info_command();

}  // namespace theriac::cli
