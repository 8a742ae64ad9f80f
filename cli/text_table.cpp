#include "cli/text_table.hpp"

#include <algorithm>

namespace theriac::cli {
namespace {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& column : columns) widths.push_back(width_of(column.title));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
      const std::string padding(widths[i] - width_of(cells[i]), ' ');
      line += (i ? "  " : "") + (columns[i].right ? padding + cells[i] : cells[i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  std::vector<std::string> titles;
  for (const auto& column : columns) titles.push_back(column.title);
  add_line(titles);
  for (const auto& row : rows) add_line(row);
  return text;
}

}  // namespace theriac::cli
