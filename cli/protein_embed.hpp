// theriac protein embed: a FASTA file in, the vectors of a protein language model out.
#pragma once
#include "cli/command.hpp"

namespace theriac::cli {

Command protein_embed_command();

}  // namespace theriac::cli
