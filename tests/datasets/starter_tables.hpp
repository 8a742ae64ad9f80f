// Reads a table of datasets/tables: comma-separated, quotes doubled inside quotes, one header line.
#pragma once
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace theriac::testing {

using Row = std::map<std::string, std::string>;

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

inline std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[++i];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

/// The rows of `name` in file order. Throws std::runtime_error when a line has another number of fields.
inline std::vector<Row> read_table(const std::string& name) {
  std::ifstream file(std::string(THERIAC_TABLES) + "/" + name);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("cannot read " + name);
  const auto header = csv_fields(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto fields = csv_fields(line);
    if (fields.size() != header.size()) throw std::runtime_error(name + ": " + line);
    rows.emplace_back();
    for (std::size_t i = 0; i < header.size(); ++i) rows.back()[header[i]] = fields[i];
  }
  return rows;
}

}  // namespace theriac::testing
