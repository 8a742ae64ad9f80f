#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <vector>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/record_source.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t max_lines_per_row = 1000;

/// RFC 4180: cells may be quoted, a quote inside is doubled, and a quoted cell may hold separators and line
/// ends.
class RowParser {
 public:
  explicit RowParser(char separator) : separator_(separator) {}

  /// True when the row is complete; false when a quoted cell goes on in the next line.
  bool feed(const std::string& line) {
    if (quoted_) cells_.back() += '\n';
    if (cells_.empty()) start_cell();
    for (std::size_t i = 0; i < line.size(); ++i) take(line, i);
    return !quoted_;
  }
  std::vector<std::string> cells() const { return cells_; }

 private:
  void start_cell() {
    cells_.emplace_back();
    fresh_ = true;
  }

  void take(const std::string& line, std::size_t& i) {
    const char c = line[i];
    if (quoted_ && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cells_.back() += '"';
      ++i;
    } else if (quoted_ && c == '"') {
      quoted_ = false;
    } else if (!quoted_ && c == separator_) {
      start_cell();
      return;
    } else if (!quoted_ && fresh_ && c == '"') {
      quoted_ = true;
    } else {
      cells_.back() += c;
    }
    fresh_ = false;
  }

  char separator_;
  bool quoted_ = false, fresh_ = true;
  std::vector<std::string> cells_;
};

std::vector<std::string> split_plain(const std::string& line, char separator) {
  std::vector<std::string> cells;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(separator, at), line.size());
    cells.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return cells;
}

std::string squeezed(const std::string& name) {
  std::string word;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 20; ++i) text += (i ? ", " : "") + names[i];
  return names.size() > 20 ? text + ", ..." : text;
}

class DelimitedText : public RecordSource {
 public:
  DelimitedText(TextStream stream, char separator, const ColumnChoice& columns, const std::string& file)
      : RecordSource(std::move(stream)), separator_(separator) {
    read_header(file);
    smiles_column_ =
        columns.smiles.empty() ? smiles_column_by_name(file) : asked_column(columns.smiles, file);
    name_column_ = columns.name.empty() ? name_column_by_name() : asked_column(columns.name, file);
  }

  bool next(RawRecord& record) override {
    Line line;
    while (next_line(line)) {
      if (line.text.find_first_not_of(" \t") == std::string::npos) continue;
      record.line = line.number;
      record.message = line.trouble;
      std::vector<std::string> cells;
      if (record.message.empty()) record.message = read_row(line, cells);
      if (record.message.empty())
        fill(record, cells);
      else
        record.text = line.text.substr(0, 200);
      return true;
    }
    return false;
  }

 private:
  struct Line {
    std::string text;
    std::int64_t number = 0;
    std::string trouble;
  };

  bool next_line(Line& line) {
    if (!waiting_.empty()) {
      line = std::move(waiting_.front());
      waiting_.pop_front();
      return true;
    }
    if (!stream_.next_line(line.text)) return false;
    line.number = stream_.line_number();
    line.trouble = long_line_message(stream_);
    return true;
  }

  void read_header(const std::string& file) {
    Line line;
    while (next_line(line))
      if (line.text.find_first_not_of(" \t") != std::string::npos) break;
    if (!line.trouble.empty()) throw InputError(fmt::format("no table in '{}': {}", file, line.trouble));
    if (separator_ == 0) separator_ = separator_of(line.text);
    std::vector<std::string> cells;
    if (const std::string trouble = read_row(line, cells); !trouble.empty())
      throw InputError(fmt::format("the header of '{}' cannot be read: {}", file, trouble));
    for (const auto& cell : cells) header_.emplace_back(trimmed(cell));
  }

  static char separator_of(const std::string& header) {
    std::string bare;  // without what stands in quotes
    bool quoted = false;
    for (const char c : header) {
      quoted = quoted != (c == '"');
      if (!quoted) bare += c;
    }
    for (const char c : {',', '\t', ';'})
      if (bare.find(c) != std::string::npos) return c;
    return ',';
  }

  int smiles_column_by_name(const std::string& file) const {
    for (const char* exact : {"smiles", "canonicalsmiles"})
      for (std::size_t i = 0; i < header_.size(); ++i)
        if (squeezed(header_[i]) == exact) return static_cast<int>(i);
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (is_smiles_column(header_[i])) return static_cast<int>(i);
    std::vector<int> likely;
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (squeezed(header_[i]).find("smiles") != std::string::npos) likely.push_back(static_cast<int>(i));
    if (likely.size() == 1) return likely.front();
    throw InputError(fmt::format("no SMILES column in '{}'; its columns: {}", file, joined(header_)),
                     "name it with --smiles-column");
  }

  int name_column_by_name() const {
    for (const char* known : {"name", "title", "id", "compoundid", "compoundname", "moleculename",
                              "moleculeid", "molid", "compound", "moleculechemblid", "chemblid", "zincid",
                              "drugname", "drugid", "ligandid", "ligandname", "cid"})
      for (std::size_t i = 0; i < header_.size(); ++i)
        if (squeezed(header_[i]) == known && static_cast<int>(i) != smiles_column_)
          return static_cast<int>(i);
    return -1;
  }

  int asked_column(const std::string& name, const std::string& file) const {
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (header_[i] == name) return static_cast<int>(i);
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (squeezed(header_[i]) == squeezed(name)) return static_cast<int>(i);
    const std::string near = nearest_name(name, header_);
    throw UsageError(fmt::format("no column '{}' in '{}'; its columns: {}", name, file, joined(header_)),
                     near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
  }

  /// The cells of the row that begins with `first`; the reason when it is broken. A quote that is never
  /// closed must not swallow the rows below it: they are put back and read again, each on its own.
  std::string read_row(const Line& first, std::vector<std::string>& cells) {
    RowParser parser(separator_);
    std::deque<Line> taken;
    std::size_t bytes = first.text.size();
    bool complete = parser.feed(first.text);
    Line line;
    while (!complete && taken.size() < max_lines_per_row && bytes < TextStream::max_line_bytes &&
           next_line(line)) {
      bytes += line.text.size();
      complete = parser.feed(line.text);
      taken.push_back(line);
    }
    cells = parser.cells();
    const bool too_many = !header_.empty() && cells.size() > header_.size();
    if (complete && !too_many) return {};
    const bool quote = !complete || !taken.empty();
    waiting_.insert(waiting_.begin(), taken.begin(), taken.end());
    if (quote && separator_ == '\t') {  // tab-separated files often do not quote at all
      cells = split_plain(first.text, separator_);
      if (header_.empty() || cells.size() <= header_.size()) return {};
    }
    if (quote) return "a quoted cell that begins in this row is not closed";
    return fmt::format("the row has {} cells, the header has {}", cells.size(), header_.size());
  }

  void fill(RawRecord& record, const std::vector<std::string>& cells) const {
    for (std::size_t i = 0; i < header_.size(); ++i) {
      const std::string cell = i < cells.size() ? cells[i] : std::string();
      if (static_cast<int>(i) == smiles_column_)
        record.text = split_smiles(cell).smiles;
      else if (static_cast<int>(i) == name_column_)
        record.name = trimmed(cell);
      else
        record.properties.emplace_back(header_[i], cell);
    }
    if (record.text.empty())
      record.message = fmt::format("no SMILES in column '{}'", header_[smiles_column_]);
    if (record.text.size() <= max_smiles_length) return;
    record.message = fmt::format("the SMILES has {} characters, at most {} are read", record.text.size(),
                                 max_smiles_length);
    record.text.resize(200);
  }

  char separator_;
  std::vector<std::string> header_;
  int smiles_column_ = -1, name_column_ = -1;
  std::deque<Line> waiting_;
};

}  // namespace

std::unique_ptr<RecordSource> delimited_text(TextStream stream, char separator, const ColumnChoice& columns,
                                             const std::string& file) {
  return std::make_unique<DelimitedText>(std::move(stream), separator, columns, file);
}

}  // namespace theriac::chem
