// The finished results of a run folder, as `theriac show` lists, sorts and filters them.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct ResultList {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// Position of a column. Throws UsageError with the nearest name.
  std::size_t column(const std::string& name) const;
};

/// The results.csv of a finished run, its checksum verified, or any CSV file. Throws InputError,
/// StorageError.
ResultList read_results(const std::string& path);

/// Keeps the rows for which `rule` holds: "mw<600 and score_kcal_mol<=-9", numbers only; text columns compare
/// with
/// == and !=. A row without the value is dropped. Throws UsageError.
void filter_results(ResultList& list, const std::string& rule);

/// Sorts by a column: numbers by value, a missing value last, ties in input order.
void sort_results(ResultList& list, const std::string& column, bool descending);

}  // namespace theriac::cli
