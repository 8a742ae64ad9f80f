#include "cli/argument_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::cli {
namespace {

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

bool is_number(const std::string& word) {
  return word.size() > 1 && word[0] == '-' &&
         (std::isdigit(static_cast<unsigned char>(word[1])) || word[1] == '.');
}

[[noreturn]] void refuse(const std::string& flag, const CLI::App& app,
                         const std::vector<std::string>& names) {
  const std::string near = chem::nearest_name(flag, names);
  throw UsageError(fmt::format("unknown option '{}' for 'theriac {}'", flag, app.get_name()),
                   near.empty() ? fmt::format("theriac {} --help lists the options", app.get_name())
                                : fmt::format("did you mean '{}'?", near));
}

}  // namespace

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> normalise_arguments(const std::vector<std::string>& words, const CLI::App& app) {
  const auto names = option_names(app);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      result.insert(result.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-' || is_number(word)) {
      result.push_back(word);
      continue;
    }
    const bool is_long = word[1] == '-';
    const std::string flag = is_long ? word.substr(0, word.find('=')) : word.substr(0, 2);
    const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return name == flag || (is_long && with_dashes(name) == with_dashes(flag));
    });
    if (found == names.end()) refuse(flag, app, names);
    result.push_back(*found + word.substr(flag.size()));
  }
  return result;
}

CLI::Option* find_option(CLI::App& app, const std::string& name) {
  const std::string wanted = with_dashes(name);
  for (CLI::Option* option : app.get_options())
    for (const auto& known : option->get_lnames())
      if (with_dashes(known) == wanted) return option;
  return nullptr;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace theriac::cli
