// Versions: of Theriac and of the chemistry libraries that this program is linked with, asked of the
// libraries themselves where they can answer, so that provenance names what ran and not what was on the build
// machine.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace theriac::chem {

/// "0.1.0"
std::string theriac_version();

/// {"RDKit", "2022.09.3"}, {"Open Babel", "3.1.0"}, {"Eigen", ...}, {"zlib", ...}, {"fmt", ...}
std::vector<std::pair<std::string, std::string>> chemistry_library_versions();

}  // namespace theriac::chem
