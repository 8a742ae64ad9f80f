// Settings from a file and from the environment, where the command line is silent.
//
// A file named *.toml is TOML; its keys are the long flags, tables only group them. Any other file holds
// `key = bare words` lines with # comments: Vina's config files and Meeko's *.box.txt are read as they are.
#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace theriac::cli {

struct Setting {
  std::string key;
  std::vector<std::string> values;
  int line = 0;
};

/// In file order. Throws InputError (missing file, nearest name suggested) and UsageError (bad syntax: file,
/// line).
std::vector<Setting> read_settings(const std::string& path);

/// Gives `app`, already parsed, the settings of `config` (may be empty) and of THERIAC_* variables for
/// options that the command line left out; THERIAC_DATA, THERIAC_MODELS and THERIAC_NETWORKS name places of
/// the installation and are no options. Precedence: flag, file, environment, default. Fills `origins` for
/// every option. Throws UsageError: unknown key with file, line and the nearest known key; bad value with its
/// place.
void apply_settings(CLI::App& app, const std::string& config, std::map<std::string, std::string>& origins);

}  // namespace theriac::cli
