// theriac protein peptides: peptides that may bind a target, proposed and ranked.
#pragma once
#include "cli/command.hpp"

namespace theriac::cli {

Command protein_peptides_command();

}  // namespace theriac::cli
