// The lines of one structure record (SDF, MOL2, PDB) as they are collected.
// Only for the sources of `record_source.hpp`.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "chem/record_source.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {

/// Collects lines up to `max_record_bytes`; remembers the first reason why the record is not usable.
class StructureText {
 public:
  void add(const TextStream& stream, const std::string& line) {
    if (lines_ == 0) first_line_ = stream.line_number();
    ++lines_;
    last_line_ = stream.line_number();
    if (line.find_first_not_of(" \t") != std::string::npos) last_written_ = line.substr(0, 80);
    if (message_.empty()) message_ = long_line_message(stream);
    if (message_.empty() && text_.size() + line.size() > max_record_bytes)
      message_ = fmt::format("the record is longer than {} MB", max_record_bytes >> 20);
    if (message_.empty()) (text_ += line) += '\n';
  }

  bool blank() const { return last_written_.empty(); }
  const std::string& last_written_line() const { return last_written_; }
  std::int64_t last_line() const { return last_line_; }
  void set_message(const std::string& message) {
    if (message_.empty()) message_ = message;
  }

  void move_to(RawRecord& record) {
    record.line = first_line_;
    record.message = std::move(message_);
    record.text = std::move(text_);
    *this = StructureText();
  }

 private:
  std::string text_, message_, last_written_;
  std::int64_t first_line_ = 0, last_line_ = 0, lines_ = 0;
};

inline bool begins_with(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word;
}

/// True for "1.5", "-2e3", "+0.1"; false for "nan", "inf", "1.5x" and nothing. Independent of the locale.
inline bool is_finite_number(std::string_view cell) {
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return !cell.empty() && failure == std::errc() && end == cell.data() + cell.size() && std::isfinite(value);
}

}  // namespace theriac::chem
