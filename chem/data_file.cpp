#include "chem/data_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>

#include "chem/error.hpp"

namespace theriac::chem {
namespace fs = std::filesystem;

std::vector<std::string> data_folders() {
  const char* chosen = std::getenv("THERIAC_DATA");
  if (chosen && *chosen) return {chosen};
  std::vector<std::string> folders;
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) folders.push_back((program.parent_path().parent_path() / "share" / "theriac").string());
  folders.emplace_back(THERIAC_INSTALLED_DATA);
  return folders;
}

std::string data_file(const std::string& name) {
  const auto folders = data_folders();
  for (const auto& folder : folders) {
    std::error_code failed;
    const fs::path path = fs::path(folder) / name;
    if (fs::is_regular_file(path, failed)) return path.string();
  }
  throw InputError(
      fmt::format("data file '{}' is not in '{}'", name, fmt::join(folders, "' or '")),
      fmt::format("set THERIAC_DATA to the folder that holds '{}', usually <prefix>/share/theriac, "
                  "or install Theriac again",
                  name));
}

}  // namespace theriac::chem
