#include "chem/library_versions.hpp"

#include <RDGeneral/versions.h>
#include <fmt/format.h>
#include <openbabel/babelconfig.h>
#include <zlib.h>

#include <Eigen/Core>

namespace theriac::chem {

std::string theriac_version() {
  return THERIAC_VERSION;
}

std::vector<std::pair<std::string, std::string>> chemistry_library_versions() {
  return {{"RDKit", RDKit::rdkitVersion},
          {"Open Babel", BABEL_VERSION},
          {"Eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"zlib", zlibVersion()},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)}};
}

}  // namespace theriac::chem
