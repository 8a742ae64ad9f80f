#include "cli/settings_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <toml.hpp>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/argument_list.hpp"

namespace theriac::cli {
namespace {

std::string trimmed(const std::string& text) {
  const char* blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<Setting> read_plain(const std::string& path) {
  std::ifstream in(path);
  std::vector<Setting> settings;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const auto equals = line.find('=');
    if (equals == std::string::npos)
      throw UsageError(fmt::format("no '=' in '{}' ({}, line {})", line, path, number),
                       "write it as key = value");
    settings.push_back({trimmed(line.substr(0, equals)), {trimmed(line.substr(equals + 1))}, number});
  }
  return settings;
}

std::string scalar_text(const toml::value& value) {
  if (value.is_string()) return value.as_string().str;
  if (value.is_boolean()) return value.as_boolean() ? "true" : "false";
  if (value.is_integer()) return fmt::format("{}", value.as_integer());
  return fmt::format("{}", value.as_floating());
}

void flatten(const toml::value& table, const std::string& path, std::vector<Setting>& settings) {
  for (const auto& [key, value] : table.as_table()) {
    const int line = static_cast<int>(value.location().line());
    if (value.is_table()) {
      flatten(value, path, settings);
      continue;
    }
    Setting setting{key, {}, line};
    if (value.is_array()) {
      for (const auto& element : value.as_array()) setting.values.push_back(scalar_text(element));
    } else if (value.is_string() || value.is_boolean() || value.is_integer() || value.is_floating()) {
      setting.values.push_back(scalar_text(value));
    } else {
      throw UsageError(
          fmt::format("key '{}' is neither a number, text nor a list ({}, line {})", key, path, line));
    }
    settings.push_back(std::move(setting));
  }
}

std::vector<Setting> read_toml(const std::string& path) {
  try {
    std::vector<Setting> settings;
    flatten(toml::parse(path), path, settings);
    std::stable_sort(settings.begin(), settings.end(),
                     [](const Setting& a, const Setting& b) { return a.line < b.line; });
    return settings;
  } catch (const toml::exception& error) {
    std::string text = error.what();
    if (text.rfind("[error] ", 0) == 0) text.erase(0, 8);
    throw UsageError(
        fmt::format("not valid TOML ({}, line {})\n    {}", path, error.location().line(), text));
  } catch (const std::runtime_error& error) {
    throw InputError(fmt::format("cannot read '{}': {}", path, error.what()));
  }
}

void give(CLI::Option& option, const std::vector<std::string>& values, const std::string& place) {
  try {
    for (const auto& value : values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} ({})", error.what(), place));
  }
}

/// These name places of the installation, not values of the options --data, --models and --networks.
bool names_a_place(const std::string& variable) {
  return variable == "THERIAC_DATA" || variable == "THERIAC_MODELS" || variable == "THERIAC_NETWORKS";
}

std::string variable_name(const std::string& option) {
  std::string name = "THERIAC_";
  for (const char c : option)
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace

std::vector<Setting> read_settings(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    const std::string near = chem::nearest_file(path);
    throw InputError(fmt::format("settings file not found: '{}' (--config)", path),
                     near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  }
  return std::filesystem::path(path).extension() == ".toml" ? read_toml(path) : read_plain(path);
}

void apply_settings(CLI::App& app, const std::string& config, std::map<std::string, std::string>& origins) {
  for (const CLI::Option* option : app.get_options())
    if (!option->get_lnames().empty())
      origins[option->get_lnames()[0]] = option->count() ? "command line" : "default";

  for (const auto& setting : config.empty() ? std::vector<Setting>{} : read_settings(config)) {
    CLI::Option* option = find_option(app, setting.key);
    const std::string place = fmt::format("{}, line {}", config, setting.line);
    if (!option) {
      std::vector<std::string> known;
      for (const auto& entry : origins) known.push_back(entry.first);
      const std::string near = chem::nearest_name(setting.key, known);
      throw UsageError(fmt::format("unknown key '{}' ({})", setting.key, place),
                       near.empty() ? fmt::format("theriac {} --help lists them", app.get_name())
                                    : fmt::format("did you mean '{}'?", near));
    }
    auto& origin = origins[option->get_lnames()[0]];
    if (origin == "command line") continue;
    if (origin != "default")
      throw UsageError(fmt::format("key '{}' is given twice ({}; {})", setting.key, origin, place));
    give(*option, setting.values, place);
    origin = place;
  }

  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || origins[option->get_lnames()[0]] != "default") continue;
    const std::string variable = variable_name(option->get_lnames()[0]);
    const char* value = std::getenv(variable.c_str());
    if (!value || !*value || names_a_place(variable)) continue;
    give(*option, {value}, variable);
    origins[option->get_lnames()[0]] = variable;
  }
}

}  // namespace theriac::cli
