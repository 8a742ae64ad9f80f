// A table to import: TSV, CSV, semicolon-separated or JSON lines, plain or gzip, columns found by name in any
// order.
//
// Rows are streamed. A row with too few or too many cells, or that is no UTF-8, is handed out with its
// trouble; a file that ends in the middle of its gzip data is an error. Tab-separated cells are taken as they
// are, others may be quoted (RFC 4180). In JSON lines the keys of the first object are the columns. Lines
// before the header, and rows, that begin with '!' are comments.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chem/text_stream.hpp"

namespace theriac::datasets {

class ImportTable {
 public:
  /// Reads the header. Throws InputError: missing file (nearest name), folder, empty.
  /// Columns of a tab-separated file without a header are given.
  explicit ImportTable(const std::string& path, std::vector<std::string> columns = {});

  const std::string& path() const { return path_; }
  /// Index of a column; several spellings may be given, the first that is there counts. Throws InputError
  /// naming file, line, column and the columns found.
  std::size_t column(const std::vector<std::string>& spellings) const;
  std::size_t column(const char* name) const { return column(std::vector<std::string>{name}); }
  /// The same, npos when there is none.
  std::size_t optional_column(const std::vector<std::string>& spellings) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  /// The next row, good or bad; false at the end. Throws InputError where the file is damaged.
  bool next();
  /// Why the row is bad; empty when it is good.
  const std::string& trouble() const { return trouble_; }
  /// Trimmed; empty for npos.
  std::string_view cell(std::size_t column) const;
  std::int64_t line() const { return line_; }
  const std::string& row() const { return row_; }  ///< as it stands

 private:
  void split();
  void split_json(bool header);
  bool next_line();
  std::string path_;
  chem::TextStream stream_;
  char separator_ = '\t';  ///< '{' for JSON lines
  std::vector<std::string> header_, cells_;
  std::int64_t header_line_ = 0, line_ = 0;
  std::string row_, trouble_;
  bool waiting_ = false;  ///< a row is read already
};

/// The parts of a cell such as "P01023|P04217", trimmed, empty ones left out.
std::vector<std::string> list_in(std::string_view cell, char separator = '|');

/// True for well-formed UTF-8 without control characters other than tab and line ends.
bool is_plain_utf8(std::string_view text);

}  // namespace theriac::datasets
