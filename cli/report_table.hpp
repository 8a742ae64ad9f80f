// The hit table of the report: which columns of the results it shows, how, and in which order.
#pragma once
#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <vector>

#include "cli/result_list.hpp"

namespace theriac::cli {

/// The rows of a results table by column name; a column that is not there is empty.
class ReportTable {
 public:
  /// `list` outlives the table.
  explicit ReportTable(const ResultList& list);

  std::size_t size() const { return list_.rows.size(); }
  bool has(const std::string& column) const { return index_.count(column) > 0; }
  const std::vector<std::string>& columns() const { return list_.columns; }
  std::string text(std::size_t row, const std::string& column) const;
  /// NaN when it is none. "heavy_atoms" is worked out from score and ligand efficiency where it is no column.
  double number(std::size_t row, const std::string& column) const;
  std::vector<double> numbers(const std::vector<std::size_t>& rows, const std::string& column) const;

  std::vector<std::size_t> all() const;
  /// Rows with a rank, best first.
  std::vector<std::size_t> ranked() const;

 private:
  const ResultList& list_;
  std::map<std::string, std::size_t> index_;
};

class HitColumns {
 public:
  explicit HitColumns(const ReportTable& table);

  /// For the template: label, unit, meaning, index, numeric, sortable.
  kainjow::mustache::data header() const;
  /// For the template: one row of cells with class, sort key and HTML each.
  kainjow::mustache::data rows(const std::vector<std::size_t>& chosen) const;

 private:
  enum class Kind { rank, structure, name, number, desirability, objective, text, reasons };
  static bool is_numeric(Kind kind) {
    return kind != Kind::structure && kind != Kind::name && kind != Kind::text && kind != Kind::reasons;
  }
  struct Shown {
    std::string column, label, unit, meaning;
    Kind kind = Kind::number;
    int decimals = 2;
  };
  std::string cell(const Shown& shown, std::size_t row) const;

  const ReportTable& table_;
  std::vector<Shown> shown_;
};

}  // namespace theriac::cli
