// The name the user probably meant, by Damerau-Levenshtein distance, for error messages.
#pragma once
#include <string>
#include <vector>

namespace theriac::chem {

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
int edit_distance(const std::string& a, const std::string& b);

/// The closest of `known`, or empty when none is within a third of the length (at least 2 edits).
std::string nearest_name(const std::string& name, const std::vector<std::string>& known);

/// The file in the same folder whose name is closest to that of `path`, or empty.
std::string nearest_file(const std::string& path);

}  // namespace theriac::chem
