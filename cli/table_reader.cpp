#include "cli/table_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {

TableReader::TableReader(const std::string& path) : path_(path) {
  rows_ = datasets::read_csv(chem::read_text_file(path));
  if (rows_.size() < 2) throw InputError(fmt::format("no rows in '{}'", path));
  for (std::size_t i = 0; i < rows_.front().size(); ++i) columns_[rows_.front()[i]] = i;
  for (std::size_t i = 1; i < rows_.size(); ++i)
    if (rows_[i].size() != rows_.front().size())
      throw InputError(fmt::format("row {} of '{}' has {} cells, the header has {}", i, path, rows_[i].size(),
                                   rows_.front().size()));
  rows_.erase(rows_.begin());
}

const std::string& TableReader::text(std::size_t row, const std::string& column) const {
  const auto at = columns_.find(column);
  if (at != columns_.end()) return rows_.at(row)[at->second];
  std::string names;
  for (const auto& [name, position] : columns_) names += (names.empty() ? "" : ", ") + name;
  throw InputError(fmt::format("no column '{}' in '{}'; its columns: {}", column, path_, names));
}

double TableReader::number(std::size_t row, const std::string& column) const {
  const std::string& cell = text(row, column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
    throw InputError(
        fmt::format("'{}' is no number (row {} of '{}', column '{}')", cell, row + 1, path_, column));
  return value;
}

}  // namespace theriac::cli
