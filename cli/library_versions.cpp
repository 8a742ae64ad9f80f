#include "cli/library_versions.hpp"

#include <fmt/format.h>
#include <tbb/version.h>

#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

#include "chem/library_versions.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {

std::vector<std::pair<std::string, std::string>> library_versions() {
  auto versions = chem::chemistry_library_versions();
  versions.emplace_back("oneTBB", TBB_runtime_version());
  versions.emplace_back("HDF5", datasets::hdf5_version());
  versions.emplace_back("OpenSSL", datasets::openssl_version());
  versions.emplace_back("nlohmann-json",
                        fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                    NLOHMANN_JSON_VERSION_PATCH));
  versions.emplace_back("CLI11", CLI11_VERSION);
  return versions;
}

}  // namespace theriac::cli
