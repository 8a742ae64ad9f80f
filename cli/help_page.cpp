#include "cli/help_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/library_versions.hpp"
#include "cli/library_versions.hpp"

namespace theriac::cli {
namespace {

constexpr std::size_t short_help_lines = 25;
constexpr std::size_t name_width = 30, line_width = 100;

/// "-r,--receptor FILE"
std::string option_title(const CLI::Option& option) {
  std::string title;
  if (option.get_positional()) {
    title = option.get_name(true);
  } else {
    for (const auto& name : option.get_snames()) title += "-" + name + ",";
    for (const auto& name : option.get_lnames()) title += "--" + name + ",";
    title.pop_back();
    if (option.get_expected_max() > 0 && option.get_items_expected_max() > 0)
      title += " " + option.get_type_name();
  }
  return title;
}

std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result, line;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && indent + line.size() + 1 + word.size() > line_width) {
      result += line + '\n' + std::string(indent, ' ');
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  return result + line;
}

std::string option_line(const CLI::Option& option) {
  const std::string title = "  " + option_title(option);
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += fmt::format(" [{}]", option.get_default_str());
  const std::string gap = title.size() + 2 <= name_width ? std::string(name_width - title.size(), ' ')
                                                         : '\n' + std::string(name_width, ' ');
  return title + gap + wrapped(text, name_width) + '\n';
}

/// Option groups in the order of their first option.
std::vector<std::string> groups_of(const CLI::App& app) {
  std::vector<std::string> groups;
  for (const CLI::Option* option : app.get_options())
    if (std::find(groups.begin(), groups.end(), option->get_group()) == groups.end())
      groups.push_back(option->get_group());
  return groups;
}

std::string group_text(const CLI::App& app, const std::string& group) {
  std::string text;
  for (const CLI::Option* option : app.get_options())
    if (option->get_group() == group) text += option_line(*option);
  return text.empty() || group.empty() ? "" : fmt::format("{}\n{}", group, text);
}

std::string usage_line(const Command& command, const CLI::App& app) {
  std::string line = "Usage: theriac " + command.name;
  for (const CLI::Option* option : app.get_options())
    if (option->get_positional()) line += " " + option->get_name(true);
  return line + " [options]\n";
}

std::string examples_text(const Command& command) {
  std::string text = "Examples\n";
  for (const auto& example : command.examples) text += "  " + example + '\n';
  return text;
}

}  // namespace

std::string overview(const std::vector<Command>& commands) {
  std::string text = "Usage: theriac <command> [options]\n";
  std::string group;
  for (const auto& command : commands) {
    if (command.group != group) text += (group = command.group) + '\n';
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  }
  return text +
         "theriac <command> -h shows examples, --help every option; theriac --version the libraries in use\n";
}

std::string short_help(const Command& command, const CLI::App& app) {
  std::string text = command.summary + '\n' + examples_text(command) + usage_line(command, app);
  const auto groups = groups_of(app);
  if (!groups.empty()) text += group_text(app, groups[0]);
  std::size_t lines = 0, at = 0;
  while (lines + 1 < short_help_lines && at < text.size()) at = text.find('\n', at) + 1, ++lines;
  return text.substr(0, at) + fmt::format("theriac {} --help shows every option\n", command.name);
}

std::string full_help(const Command& command, const CLI::App& app) {
  std::string text = usage_line(command, app) + command.summary + "\n\n";
  for (const auto& group : groups_of(app))
    if (const std::string part = group_text(app, group); !part.empty()) text += part + '\n';
  if (!command.parts.empty()) {
    text += "Parts\n";
    for (const auto& part : command.parts) text += fmt::format("  {:<20}{}\n", part.name, part.summary);
    text += '\n';
  }
  text += examples_text(command);
  if (!command.citation.empty()) text += "\nPlease cite\n  " + wrapped(command.citation, 2) + '\n';
  return text;
}

std::string parts_help(const Command& command) {
  std::string text = fmt::format("Usage: theriac {} <part> [options]\n{}\n\n", command.name, command.summary);
  for (const auto& part : command.parts) text += fmt::format("  {:<20}{}\n", part.name, part.summary);
  text += '\n' + examples_text(command);
  return text + fmt::format("theriac {} <part> --help shows every option\n", command.name);
}

std::string version_text() {
  std::string text = fmt::format("theriac {}\n", chem::theriac_version());
  for (const auto& [name, version] : library_versions()) text += fmt::format("  {:<14}{}\n", name, version);
  return text;
}

}  // namespace theriac::cli
