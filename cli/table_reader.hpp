// A small CSV table in memory, its cells found by column name.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace theriac::cli {

class TableReader {
 public:
  /// Throws InputError: missing file (nearest name), no rows, a row with more or fewer cells than the header.
  explicit TableReader(const std::string& path);

  std::size_t size() const { return rows_.size(); }
  bool has(const std::string& column) const { return columns_.count(column) > 0; }
  /// Throws InputError naming the columns there are.
  const std::string& text(std::size_t row, const std::string& column) const;
  /// Throws InputError with file, line and value when the cell is not a finite number.
  double number(std::size_t row, const std::string& column) const;

 private:
  std::string path_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace theriac::cli
