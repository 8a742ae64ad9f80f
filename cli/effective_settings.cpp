#include "cli/effective_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "chem/library_versions.hpp"

namespace theriac::cli {
namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && text[0] != '.' &&
         text.back() != '.';
}

std::string toml_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      quoted += fmt::format("\\u{:04x}", static_cast<int>(c));
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string toml_value(const std::string& text) {
  return is_number(text) || text == "true" || text == "false" ? text : toml_text(text);
}

}  // namespace

std::string EffectiveSetting::text() const {
  return fmt::format("{}", fmt::join(values, ","));
}

std::vector<EffectiveSetting> effective_settings(const CLI::App& app,
                                                 const std::vector<std::string>& ignored) {
  std::vector<EffectiveSetting> settings;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;
    const std::string name = option->get_lnames()[0];
    if (std::find(ignored.begin(), ignored.end(), name) != ignored.end()) continue;
    std::vector<std::string> values = option->results();
    if (values.empty() && !option->get_default_str().empty()) values = {option->get_default_str()};
    if (values.empty()) continue;
    settings.push_back({name, values});
  }
  return settings;
}

std::string settings_toml(const std::string& again, const std::vector<EffectiveSetting>& settings) {
  std::string text = fmt::format("# these settings again: theriac {}\n# made by theriac {}\n", again,
                                 chem::theriac_version());
  for (const auto& [name, values] : settings) {
    std::string value;
    for (const auto& each : values) value += (value.empty() ? "" : ", ") + toml_value(each);
    text += fmt::format(values.size() == 1 ? "{} = {}\n" : "{} = [{}]\n", name, value);
  }
  return text;
}

}  // namespace theriac::cli
