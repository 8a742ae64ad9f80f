// Answers about a target, named or found by its sequence, and about a library of the user's own molecules.
#pragma once
#include "cli/repurpose_question.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

/// --target: by gene or accession, with a variant or without. Prints, writes the JSON files asked for.
int show_target(const RepurposeOptions& options, Session& session);
/// --sequence: the target most like it, then as above.
int show_sequence_target(const RepurposeOptions& options, Session& session);
/// --library: every molecule of a file against a disease's genes or a target.
int show_library(const RepurposeOptions& options, Session& session);

}  // namespace theriac::cli
