#include "datasets/import/import_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::datasets {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool open_quote(const std::string& text) {
  return std::count(text.begin(), text.end(), '"') % 2 != 0;
}

constexpr int most_lines_per_row = 100;

}  // namespace

bool is_plain_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t more = c < 0x80                ? 0
                             : c >= 0xc2 && c < 0xe0 ? 1
                             : c >= 0xe0 && c < 0xf0 ? 2
                             : c >= 0xf0 && c < 0xf5 ? 3
                                                     : 9;
    if (more == 9 || i + more >= text.size() || (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
        c == 0x7f)
      return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    i += more + 1;
  }
  return true;
}

std::vector<std::string> list_in(std::string_view cell, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= cell.size();) {
    const std::size_t end = std::min(cell.find(separator, at), cell.size());
    const auto part = chem::trimmed(cell.substr(at, end - at));
    if (!part.empty()) parts.emplace_back(part);
    at = end + 1;
  }
  return parts;
}

ImportTable::ImportTable(const std::string& path, std::vector<std::string> columns)
    : path_(path), stream_(chem::TextStream::open(path)), header_(std::move(columns)) {
  if (!header_.empty()) return;
  do {
    if (!next_line()) throw InputError(fmt::format("'{}' is empty: no header line", path_));
  } while (chem::trimmed(row_).empty() || row_[0] == '!');
  if (row_.compare(0, 3, "\xef\xbb\xbf") == 0) row_.erase(0, 3);
  header_line_ = line_ = stream_.line_number();
  if (chem::trimmed(row_)[0] == '{') {
    separator_ = '{';
    split_json(true);
    if (header_.empty()) throw InputError(fmt::format("'{}', line {}: {}", path_, line_, trouble_));
    waiting_ = true;
    return;
  }
  const auto has = [&](char c) { return row_.find(c) != std::string::npos; };
  separator_ =
      has('\t')               ? '\t'
      : has(';') && !has(',') ? ';'
      : has(';') && std::count(row_.begin(), row_.end(), ';') > std::count(row_.begin(), row_.end(), ',')
          ? ';'
          : ',';
  split();
  header_ = cells_;
}

bool ImportTable::next_line() {
  if (!stream_.next_line(row_)) {
    if (!stream_.damage().empty())
      throw InputError(fmt::format("'{}', line {}: {}", path_, stream_.line_number(), stream_.damage()),
                       "get the file again; nothing was changed");
    return false;
  }
  return true;
}

void ImportTable::split() {
  cells_.clear();
  if (separator_ == '\t') {
    for (std::size_t at = 0; at <= row_.size();) {
      const std::size_t end = std::min(row_.find('\t', at), row_.size());
      cells_.emplace_back(chem::trimmed(std::string_view(row_).substr(at, end - at)));
      at = end + 1;
    }
    return;
  }
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < row_.size(); ++i) {
    const char c = row_[i];
    if (c == '"' && quoted && i + 1 < row_.size() && row_[i + 1] == '"') {
      cell += '"';
      ++i;
    } else if (c == '"' && (quoted || chem::trimmed(cell).empty())) {
      quoted = !quoted;
    } else if (c == separator_ && !quoted) {
      cells_.emplace_back(chem::trimmed(cell));
      cell.clear();
    } else {
      cell += c;
    }
  }
  cells_.emplace_back(chem::trimmed(cell));
}

/// Texts, numbers and truth values; other values are left out. The keys of the first object become the
/// header.
void ImportTable::split_json(bool header) {
  cells_.assign(header_.size(), "");
  const auto object = nlohmann::json::parse(row_, nullptr, false);
  if (!object.is_object()) {
    trouble_ = "not one JSON object on one line";
    return;
  }
  for (const auto& [key, value] : object.items()) {
    if (header) {
      header_.push_back(key);
      cells_.emplace_back();
    }
    const auto at = std::find(header_.begin(), header_.end(), key);
    if (at == header_.end()) continue;
    auto& cell = cells_[static_cast<std::size_t>(at - header_.begin())];
    if (value.is_string())
      cell = chem::trimmed(value.get_ref<const std::string&>());
    else if (value.is_number() || value.is_boolean())
      cell = value.dump();
  }
}

bool ImportTable::next() {
  if (waiting_) {  // the first object is a row too
    waiting_ = false;
    trouble_ = is_plain_utf8(row_) ? "" : "not UTF-8 text";
    return true;
  }
  do {
    if (!next_line()) return false;
  } while (row_.empty() || row_[0] == '!' || chem::trimmed(row_).empty());
  line_ = stream_.line_number();
  trouble_.clear();
  if (stream_.line_bytes() > row_.size() + 2)
    trouble_ = fmt::format("the line is longer than {} bytes", row_.size());
  if (separator_ == '{') {
    split_json(false);
    if (trouble_.empty() && !is_plain_utf8(row_)) trouble_ = "not UTF-8 text";
    return true;
  }
  if (separator_ != '\t' && open_quote(row_)) {
    std::string whole = row_;
    for (int lines = 1; lines < most_lines_per_row && open_quote(whole) && next_line(); ++lines)
      whole += "\n" + row_;
    row_ = std::move(whole);
    if (open_quote(row_)) trouble_ = "a quote is never closed";
  }
  split();
  if (trouble_.empty() && cells_.size() != header_.size())
    trouble_ = fmt::format("{} cells, the header has {}", cells_.size(), header_.size());
  if (trouble_.empty() && !is_plain_utf8(row_)) trouble_ = "not UTF-8 text";
  cells_.resize(header_.size());
  return true;
}

std::string_view ImportTable::cell(std::size_t column) const {
  return column == npos ? std::string_view() : std::string_view(cells_[column]);
}

std::size_t ImportTable::optional_column(const std::vector<std::string>& spellings) const {
  for (const auto& name : spellings)
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (header_[i] == name) return i;
  for (const auto& name : spellings)
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (lower(header_[i]) == lower(name)) return i;
  return npos;
}

std::size_t ImportTable::column(const std::vector<std::string>& spellings) const {
  const std::size_t found = optional_column(spellings);
  if (found != npos) return found;
  std::string have;
  for (std::size_t i = 0; i < header_.size() && i < 40; ++i) have += (i ? ", " : "") + header_[i];
  throw InputError(fmt::format("'{}', line {}: no column '{}'", path_, header_line_, spellings.front()),
                   fmt::format("the columns are: {}", have));
}

}  // namespace theriac::datasets
