// Rows of results: one row per input record, the same rows as CSV for people and as HDF5 columns for
// programs.
//
// CSV: fields quoted as RFC 4180, lines end in "\n", UTF-8, "." decimals, a missing value is an empty field
// and never the text NaN. The layout of `results.h5` is described in docs/results.md.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "datasets/byte_stream.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/hdf5_file.hpp"

namespace theriac::datasets {

/// One value; std::monostate is "missing". A category is stored as its code (int64).
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
/// One value per column, in their order.
using Row = std::vector<Cell>;

/// A cell as it stands in CSV, unquoted: "-12.84", "ok", "".
std::string cell_text(const Cell& cell, const Column& column);
/// A field quoted when it needs to be: a,b -> "a,b".
std::string csv_field(const std::string& text);
/// The lines of a CSV text as fields; quotes resolved, line ends inside quotes kept.
std::vector<std::vector<std::string>> read_csv(const std::string& text);

/// Rows inside a journal block.
void put_row(ByteWriter& out, const Row& row);
Row get_row(ByteReader& in);

/// Writes `results.csv` or `failures.csv` as a stream; the file appears on `publish`.
class CsvTable {
 public:
  CsvTable(const std::string& path, std::vector<Column> columns);
  /// Throws StorageError when the row has another length than the columns (a bug), or the disk is full.
  void append(const Row& row);
  void publish() { file_.publish(); }

 private:
  DurableFile file_;
  std::vector<Column> columns_;
};

/// Appends rows to the columns of one group of an HDF5 file, in constant memory.
class Hdf5Table {
 public:
  /// Makes one dataset per column: `group`/`column.name`. The file outlives the table.
  Hdf5Table(Hdf5File& file, const std::string& group, std::vector<Column> columns);
  void append(const Row& row);
  /// Writes what is still in memory. Call it once before closing the file.
  void flush();
  std::int64_t row_count() const { return rows_; }

 private:
  Hdf5File& file_;
  std::string group_;
  std::vector<Column> columns_;
  std::vector<Row> pending_;
  std::int64_t rows_ = 0;
};

}  // namespace theriac::datasets
