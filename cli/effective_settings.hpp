// The settings a command really ran with: for run.toml, for the identity of a run, and for --dry-run.
#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace theriac::cli {

struct EffectiveSetting {
  std::string name;
  std::vector<std::string> values;  ///< as on the command line; several for a list

  std::string text() const;  ///< joined by commas
};

/// Every option that decides the result, with its value, in the order of the help; options without a value
/// and those in `ignored` (output, threads, progress) are left out.
std::vector<EffectiveSetting> effective_settings(const CLI::App& app,
                                                 const std::vector<std::string>& ignored);

/// As a TOML file that --config reads; `again` is the command line that does so, "dock --config run.toml -o
/// OUT".
std::string settings_toml(const std::string& again, const std::vector<EffectiveSetting>& settings);

}  // namespace theriac::cli
