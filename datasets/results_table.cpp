#include "datasets/results_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "chem/error.hpp"

namespace theriac::datasets {
namespace {

constexpr std::size_t rows_in_memory = 4096;  // the chunk of a column

std::string real_text(double value, int decimals) {
  if (!std::isfinite(value)) return {};
  std::string text = decimals < 0 ? fmt::format("{}", value) : fmt::format("{:.{}f}", value, decimals);
  if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);  // -0.00
  return text;
}

bool is_real(ColumnType type) {
  return type == ColumnType::float32 || type == ColumnType::float64;
}

double as_real(const Cell& cell) {
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*integer);
  return std::numeric_limits<double>::quiet_NaN();
}

std::int64_t as_integer(const Cell& cell) {
  const auto* integer = std::get_if<std::int64_t>(&cell);
  return integer ? *integer : -1;
}

std::string as_text(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text ? *text : std::string();
}

void require_length(const Row& row, const std::vector<Column>& columns) {
  if (row.size() != columns.size())
    throw StorageError(
        fmt::format("a row of {} values for a table of {} columns", row.size(), columns.size()));
}

}  // namespace

std::string cell_text(const Cell& cell, const Column& column) {
  if (std::holds_alternative<std::monostate>(cell)) return {};
  if (is_real(column.type)) return real_text(as_real(cell), column.decimals);
  if (column.type == ColumnType::text) return as_text(cell);
  const std::int64_t value = as_integer(cell);
  if (column.type != ColumnType::category) return fmt::format("{}", value);
  return value >= 0 && value < static_cast<std::int64_t>(column.labels.size())
             ? column.labels[static_cast<std::size_t>(value)]
             : std::string();
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false, any = false;
  const auto end_line = [&] {
    fields.push_back(std::exchange(field, {}));
    lines.push_back(std::exchange(fields, {}));
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        quoted = false;
      continue;
    }
    if (c == '\n') {
      end_line();
      continue;
    }
    any = true;
    if (c == '"')
      quoted = true;
    else if (c == ',')
      fields.push_back(std::exchange(field, {}));
    else if (c != '\r')
      field += c;
  }
  if (any) end_line();
  return lines;
}

void put_row(ByteWriter& out, const Row& row) {
  out.put_integer(static_cast<std::int64_t>(row.size()));
  for (const Cell& cell : row) {
    out.put_byte(static_cast<std::uint8_t>(cell.index()));
    if (const auto* integer = std::get_if<std::int64_t>(&cell))
      out.put_integer(*integer);
    else if (const auto* real = std::get_if<double>(&cell))
      out.put_real(*real);
    else if (const auto* text = std::get_if<std::string>(&cell))
      out.put_text(*text);
  }
}

Row get_row(ByteReader& in) {
  const std::int64_t size = in.get_integer();
  Row row;
  for (std::int64_t i = 0; i < size; ++i) {
    switch (in.get_byte()) {
      case 0:
        row.emplace_back();
        break;
      case 1:
        row.emplace_back(in.get_integer());
        break;
      case 2:
        row.emplace_back(in.get_real());
        break;
      case 3:
        row.emplace_back(in.get_text());
        break;
      default:
        throw StorageError("a journal block holds a value of unknown type");
    }
  }
  return row;
}

CsvTable::CsvTable(const std::string& path, std::vector<Column> columns)
    : file_(path), columns_(std::move(columns)) {
  std::string line;
  for (const auto& column : columns_) line += (line.empty() ? "" : ",") + csv_field(column.name);
  file_.write(line + '\n');
}

void CsvTable::append(const Row& row) {
  require_length(row, columns_);
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_field(cell_text(row[i], columns_[i]));
  }
  file_.write(line + '\n');
}

Hdf5Table::Hdf5Table(Hdf5File& file, const std::string& group, std::vector<Column> columns)
    : file_(file), group_(group), columns_(std::move(columns)) {
  for (const auto& column : columns_) file_.create_column(group_ + '/' + column.name, column);
}

void Hdf5Table::append(const Row& row) {
  require_length(row, columns_);
  pending_.push_back(row);
  ++rows_;
  if (pending_.size() == rows_in_memory) flush();
}

void Hdf5Table::flush() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string path = group_ + '/' + columns_[i].name;
    if (columns_[i].type == ColumnType::text) {
      std::vector<std::string> values;
      for (const Row& row : pending_) values.push_back(as_text(row[i]));
      file_.append(path, values);
    } else if (is_real(columns_[i].type)) {
      std::vector<double> values;
      for (const Row& row : pending_) values.push_back(as_real(row[i]));
      file_.append(path, values);
    } else {
      std::vector<std::int64_t> values;
      for (const Row& row : pending_) values.push_back(as_integer(row[i]));
      file_.append(path, values);
    }
  }
  pending_.clear();
}

}  // namespace theriac::datasets
