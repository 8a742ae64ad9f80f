// A struct as the cells of a CSV row: its columns are listed once, and header, writing and reading follow.
//
// `visit_row(row, visit)` calls visit("column", row.member) for every column. Numbers are written with as
// many digits as their value needs; an empty cell is a missing number.
#pragma once
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace theriac::cli {

template <typename Value>
std::string cell_of(const Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value ? "yes" : "no";
  } else if constexpr (std::is_floating_point_v<Value>) {
    return std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string();
  } else {
    return fmt::format("{}", value);
  }
}

template <typename Value>
void take_cell(const std::string& cell, Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) {
    value = cell;
  } else if constexpr (std::is_same_v<Value, bool>) {
    value = cell == "yes";
  } else {
    if constexpr (std::is_floating_point_v<Value>) value = std::numeric_limits<Value>::quiet_NaN();
    std::from_chars(cell.data(), cell.data() + cell.size(), value);
  }
}

template <typename VisitRow, typename Row>
std::vector<std::string> column_names(VisitRow visit_row, const Row& row) {
  std::vector<std::string> names;
  visit_row(row, [&](const std::string& name, const auto&) { names.push_back(name); });
  return names;
}

template <typename VisitRow, typename Row>
std::vector<std::string> row_cells(VisitRow visit_row, const Row& row) {
  std::vector<std::string> cells;
  visit_row(row, [&](const std::string&, const auto& value) { cells.push_back(cell_of(value)); });
  return cells;
}

/// `cells` has one cell per column.
template <typename Row, typename VisitRow>
Row row_of_cells(VisitRow visit_row, const std::vector<std::string>& cells) {
  Row row;
  std::size_t at = 0;
  visit_row(row, [&](const std::string&, auto& value) { take_cell(cells.at(at++), value); });
  return row;
}

}  // namespace theriac::cli
