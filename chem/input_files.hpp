// What the user named on the command line, as a list of files: files, folders, globs and "-".
#pragma once
#include <string>
#include <vector>

namespace theriac::chem {

/// Files stay in the order given; a folder gives its molecule files (known extension, not in sub-folders) and
/// a glob ("lib_*.sdf.gz") its matches, both sorted by name. "-" stays. A file named twice is read twice.
/// Throws InputError: missing file (hint: nearest name), folder without molecule files, glob without a match.
std::vector<std::string> expand_inputs(const std::vector<std::string>& inputs);

}  // namespace theriac::chem
