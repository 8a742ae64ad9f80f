#include "cli/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <toml.hpp>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::cli {
namespace {

const char* type_name(const toml::value& value) {
  switch (value.type()) {
    case toml::value_t::boolean:
      return "true or false";
    case toml::value_t::integer:
      return "a whole number";
    case toml::value_t::floating:
      return "a number";
    case toml::value_t::string:
      return "a text";
    case toml::value_t::array:
      return "a list";
    case toml::value_t::table:
      return "a table";
    default:
      return "a date or time";
  }
}

/// Column at which `key` stands in its line, or the value's own: toml11 remembers values, not keys.
int key_column(const toml::source_location& at, const std::string& key) {
  const std::string& line = at.line_str();
  for (std::size_t i = line.find(key); i != std::string::npos; i = line.find(key, i + 1)) {
    const auto is_word = [&](std::size_t k) {
      return k < line.size() &&
             (std::isalnum(static_cast<unsigned char>(line[k])) || line[k] == '_' || line[k] == '-');
    };
    const std::size_t after = line.find_first_not_of(" \t\"'", i + key.size());
    const bool ends =
        !is_word(i + key.size()) && after != std::string::npos && (line[after] == '=' || line[after] == ']');
    if ((i == 0 || !is_word(i - 1)) && ends) return static_cast<int>(i) + 1;
  }
  return static_cast<int>(at.column());
}

}  // namespace

std::string TomlPlace::text() const {
  return fmt::format("{}, line {}, column {}", file, line, column);
}

struct TomlTable::Implementation {
  std::string file, title;
  toml::value value;  ///< a table
  std::set<std::string> asked;

  const toml::value* find(const std::string& key) {
    asked.insert(key);
    const auto& table = value.as_table();
    const auto found = table.find(key);
    return found == table.end() ? nullptr : &found->second;
  }
};

TomlTable::TomlTable(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
TomlTable::~TomlTable() = default;
TomlTable::TomlTable(TomlTable&&) noexcept = default;

TomlTable TomlTable::read(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    const std::string near = chem::nearest_file(path);
    throw InputError(fmt::format("campaign file not found: '{}'", path),
                     near.empty() ? "theriac campaign --init FILE.toml writes an example"
                                  : fmt::format("did you mean '{}'?", near));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  return parse({std::istreambuf_iterator<char>(in), {}}, path);
}

TomlTable TomlTable::parse(const std::string& text, const std::string& name) {
  auto own = std::make_unique<Implementation>();
  own->file = name;
  own->title = "the file";
  std::istringstream in(text);
  try {
    own->value = toml::parse(in, name);
  } catch (const toml::exception& e) {
    std::string reason = e.what();
    reason = reason.substr(0, reason.find('\n'));
    if (reason.rfind("[error] ", 0) == 0) reason.erase(0, 8);
    throw UsageError(fmt::format("not valid TOML: {} ({}, line {}, column {})", reason, name,
                                 e.location().line(), e.location().column()));
  } catch (const std::runtime_error& e) {
    throw InputError(fmt::format("cannot read '{}': {}", name, e.what()));
  }
  return TomlTable(std::move(own));
}

void TomlTable::check(const std::string& key, const std::function<void()>& rule) const {
  try {
    rule();
  } catch (const UsageError& e) {
    refuse(key, fmt::format("key '{}' in {}: {}", key, title(), e.what()), e.hint());
  }
}

std::string TomlTable::title() const {
  return implementation_->title;
}

TomlPlace TomlTable::place(const std::string& key) const {
  const auto& table = implementation_->value.as_table();
  const auto found = table.find(key);
  const auto at = found == table.end() ? implementation_->value.location() : found->second.location();
  return {implementation_->file, static_cast<int>(at.line()),
          found == table.end() ? static_cast<int>(at.column()) : key_column(at, key)};
}

void TomlTable::refuse(const std::string& key, const std::string& what, const std::string& hint) const {
  throw UsageError(fmt::format("{} ({})", what, place(key).text()), hint);
}

bool TomlTable::has(const std::string& key) {
  return implementation_->find(key) != nullptr;
}

bool TomlTable::is_text(const std::string& key) {
  const auto* value = implementation_->find(key);
  return value && value->is_string();
}

double TomlTable::number(const std::string& key, double otherwise, double low, double high) {
  const auto* value = implementation_->find(key);
  if (!value) return otherwise;
  const std::string wanted = std::isfinite(low) && std::isfinite(high)
                                 ? fmt::format("a number from {} to {}", low, high)
                             : std::isfinite(low) ? fmt::format("a number from {}", low)
                                                  : std::string("a number");
  if (!value->is_floating() && !value->is_integer())
    refuse(key, fmt::format("key '{}' in {} is {}; expected {}", key, title(), type_name(*value), wanted));
  const double x = value->is_integer() ? static_cast<double>(value->as_integer()) : value->as_floating();
  if (!(x >= low && x <= high))
    refuse(key, fmt::format("key '{}' in {} is {}; expected {}", key, title(), x, wanted));
  return x;
}

std::int64_t TomlTable::whole(const std::string& key, std::int64_t otherwise, std::int64_t low,
                              std::int64_t high) {
  const auto* value = implementation_->find(key);
  if (!value) return otherwise;
  const std::string wanted = fmt::format("a whole number from {} to {}", low, high);
  if (!value->is_integer())
    refuse(key, fmt::format("key '{}' in {} is {}; expected {}", key, title(), type_name(*value), wanted));
  const std::int64_t x = value->as_integer();
  if (x < low || x > high)
    refuse(key, fmt::format("key '{}' in {} is {}; expected {}", key, title(), x, wanted));
  return x;
}

bool TomlTable::flag(const std::string& key, bool otherwise) {
  const auto* value = implementation_->find(key);
  if (!value) return otherwise;
  if (!value->is_boolean())
    refuse(key, fmt::format("key '{}' in {} is {}; expected true or false", key, title(), type_name(*value)));
  return value->as_boolean();
}

std::string TomlTable::text(const std::string& key, const std::string& otherwise) {
  const auto* value = implementation_->find(key);
  if (!value) return otherwise;
  if (!value->is_string())
    refuse(key,
           fmt::format("key '{}' in {} is {}; expected a text in quotes", key, title(), type_name(*value)));
  return value->as_string().str;
}

std::string TomlTable::choice(const std::string& key, const std::string& otherwise,
                              const std::vector<std::string>& choices) {
  const std::string word = text(key, otherwise);
  if (std::find(choices.begin(), choices.end(), word) != choices.end()) return word;
  const std::string near = chem::nearest_name(word, choices);
  refuse(key,
         fmt::format("key '{}' in {} is '{}'; expected {}", key, title(), word, fmt::join(choices, ", ")),
         near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

std::vector<std::string> TomlTable::texts(const std::string& key, const std::vector<std::string>& otherwise) {
  const auto* value = implementation_->find(key);
  if (!value) return otherwise;
  std::vector<std::string> out;
  if (value->is_array())
    for (const auto& element : value->as_array())
      if (element.is_string()) out.push_back(element.as_string().str);
  if (!value->is_array() || out.size() != value->as_array().size())
    refuse(key, fmt::format("key '{}' in {} is {}; expected a list of texts, [\"...\", \"...\"]", key,
                            title(), value->is_array() ? "a list of something else" : type_name(*value)));
  return out;
}

std::vector<double> TomlTable::numbers(const std::string& key, std::size_t count) {
  const auto* value = implementation_->find(key);
  if (!value) return {};
  std::vector<double> out;
  if (value->is_array())
    for (const auto& element : value->as_array())
      if (element.is_floating() || element.is_integer())
        out.push_back(element.is_integer() ? static_cast<double>(element.as_integer())
                                           : element.as_floating());
  if (out.size() != count || out.size() != value->as_array().size())
    refuse(key, fmt::format("key '{}' in {} has {} numbers; expected {}", key, title(), out.size(), count));
  return out;
}

TomlTable TomlTable::table(const std::string& key) {
  auto own = std::make_unique<Implementation>();
  own->file = implementation_->file;
  own->title = fmt::format("[{}]", key);
  if (const auto* value = implementation_->find(key)) {
    if (!value->is_table())
      refuse(key, fmt::format("key '{}' in {} is {}; expected a table, {} = {{ ... }}", key, title(),
                              type_name(*value), key));
    own->value = *value;
  } else {
    own->value = toml::table{};
  }
  return TomlTable(std::move(own));
}

std::vector<TomlTable> TomlTable::tables(const std::string& key) {
  std::vector<TomlTable> out;
  const auto* value = implementation_->find(key);
  if (!value) return out;
  const bool all_tables = value->is_array() && std::all_of(value->as_array().begin(), value->as_array().end(),
                                                           [](const toml::value& v) { return v.is_table(); });
  if (!all_tables)
    refuse(key, fmt::format("key '{}' in {} is {}; expected tables, [[{}]]", key, title(), type_name(*value),
                            key));
  for (const auto& element : value->as_array()) {
    auto own = std::make_unique<Implementation>();
    own->file = implementation_->file;
    own->title = fmt::format("[[{}]]", key);
    own->value = element;
    out.push_back(TomlTable(std::move(own)));
  }
  return out;
}

void TomlTable::finish() const {
  std::string first;
  TomlPlace where;
  for (const auto& [key, value] : implementation_->value.as_table()) {
    if (implementation_->asked.count(key) > 0) continue;
    const TomlPlace at = place(key);
    if (first.empty() || std::tie(at.line, at.column) < std::tie(where.line, where.column)) {
      first = key;
      where = at;
    }
  }
  if (first.empty()) return;
  const std::vector<std::string> known(implementation_->asked.begin(), implementation_->asked.end());
  const std::string near = chem::nearest_name(first, known);
  refuse(first, fmt::format("unknown key '{}' in {}", first, title()),
         near.empty() ? fmt::format("known keys: {}", fmt::join(known, ", "))
                      : fmt::format("did you mean '{}'?", near));
}

}  // namespace theriac::cli
