// theriac protein variants: how well a protein probably bears substitutions, each term shown.
#pragma once
#include "cli/command.hpp"

namespace theriac::cli {

Command protein_variants_command();

}  // namespace theriac::cli
