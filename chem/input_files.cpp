#include "chem/input_files.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "chem/error.hpp"
#include "chem/molecule_format.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> files_of_folder(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string path = entry.path().string();
    const bool hidden = entry.path().filename().string().front() == '.';
    std::error_code ignored;
    if (!hidden && entry.is_regular_file(ignored) && format_from_extension(path)) files.push_back(path);
  }
  if (failure) throw InputError(fmt::format("cannot read folder '{}': {}", folder, failure.message()));
  if (files.empty())
    throw InputError(fmt::format("no molecule files in folder '{}'", folder),
                     fmt::format("files are taken by extension: {}, each also .gz", known_formats()));
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> files_of_glob(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (!fs::is_directory(found.gl_pathv[i])) files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (files.empty()) throw InputError(fmt::format("no file matches '{}'", pattern));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> expand_inputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  const auto append = [&](const std::vector<std::string>& more) {
    files.insert(files.end(), more.begin(), more.end());
  };
  for (const auto& input : inputs) {
    std::error_code ignored;
    if (input == "-" || (fs::exists(input, ignored) && !fs::is_directory(input, ignored))) {
      files.push_back(input);
    } else if (fs::is_directory(input, ignored)) {
      append(files_of_folder(input));
    } else if (input.find_first_of("*?[") != std::string::npos) {
      append(files_of_glob(input));
    } else {
      const std::string near = nearest_file(input);
      throw InputError(fmt::format("file not found: '{}'", input),
                       near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
    }
  }
  return files;
}

}  // namespace theriac::chem
