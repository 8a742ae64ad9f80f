#include <fmt/format.h>

#include <cctype>
#include <vector>

#include "chem/error.hpp"
#include "chem/record_source.hpp"
#include "chem/smiles_fault.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr const char* blanks = " \t";

/// Tabs separate fields when there are any, else runs of blanks do. A name with blanks needs tabs.
std::vector<std::string> fields_of(const std::string& text) {
  std::vector<std::string> fields;
  const bool tabs = text.find('\t') != std::string::npos;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(tabs ? "\t" : " ", at), text.size());
    const std::string field(trimmed(std::string_view(text).substr(at, end - at)));
    if (tabs || !field.empty()) fields.push_back(field);
    at = end + 1;
  }
  return fields;
}

/// Atoms of a SMILES, hydrogens in brackets not counted; exact for a valid one.
int atoms_written(const std::string& smiles) {
  int atoms = 0;
  bool bracket = false;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const char c = smiles[i], before = i > 0 ? smiles[i - 1] : ' ';
    const bool second_letter = (c == 'l' && before == 'C') || (c == 'r' && before == 'B');
    if (c == '[') ++atoms;
    if (c == '[' || c == ']') bracket = c == '[';
    if (!bracket && !second_letter && (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '*')) ++atoms;
  }
  return atoms;
}

class SmilesLines : public RecordSource {
 public:
  using RecordSource::RecordSource;

  bool next(RawRecord& record) override {
    std::string line;
    while (stream_.next_line(line)) {
      const std::size_t begin = line.find_first_not_of(" \t\r");
      if (begin == std::string::npos || line[begin] == '#') continue;
      if (first_ && stream_.line_bytes() <= line.size() + 2 && take_header(line.substr(begin))) continue;
      first_ = false;
      record.line = stream_.line_number();
      record.message = long_line_message(stream_);
      if (record.message.empty() && line.front() == '\t')
        leave_empty(record, line);
      else if (record.message.empty())
        fill(record, line.substr(begin));
      else
        record.text = line.substr(begin, 200);
      return true;
    }
    return false;
  }

 private:
  /// A line that begins with a tab has a name but no SMILES.
  static void leave_empty(RawRecord& record, const std::string& line) {
    const auto fields = fields_of(line.substr(1) + "\t");
    if (!fields.empty()) record.name = fields.front();
    record.message = "no SMILES before the first tab";
  }

  /// A header line names the fields: "smiles zinc_id logp".
  bool take_header(const std::string& line) {
    const std::vector<std::string> fields = fields_of(line);
    first_ = false;
    if (!is_smiles_column(fields.front())) return false;
    header_ = fields;
    return true;
  }

  void fill(RawRecord& record, const std::string& line) const {
    const SmilesField field = split_smiles(line);
    record.text = field.smiles;
    if (record.text.size() > max_smiles_length) {
      record.message = fmt::format("the SMILES has {} characters, at most {} are read", record.text.size(),
                                   max_smiles_length);
      record.text.resize(200);
    }
    // A leading tab only ends the SMILES; further tabs separate fields, some of them perhaps empty.
    const bool tab = !field.rest.empty() && field.rest.front() == '\t';
    const auto fields = tab ? fields_of(field.rest.substr(1) + "\t") : fields_of(field.rest);
    if (!fields.empty()) record.name = fields.front();
    for (std::size_t i = 1; i < fields.size(); ++i)
      record.properties.emplace_back(i + 1 < header_.size() ? header_[i + 1] : fmt::format("field_{}", i + 2),
                                     fields[i]);
  }

  bool first_ = true;
  std::vector<std::string> header_;
};

}  // namespace

SmilesField split_smiles(const std::string& text) {
  SmilesField field;
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
  field.smiles = text.substr(begin, end - begin);
  const std::size_t suffix = text.find_first_not_of(blanks, end);
  if (suffix != std::string::npos && text[suffix] == '|') {
    const std::size_t close = text.find('|', suffix + 1);
    if (close != std::string::npos) end = close + 1;
  }
  field.rest = text.substr(end);
  return field;
}

Molecule molecule_from_smiles_text(const std::string& smiles, const std::string& name) {
  if (const int atoms = atoms_written(smiles); atoms > max_atoms_per_molecule)
    throw MoleculeError(
        fmt::format("the molecule has {} atoms, at most {} are read", atoms, max_atoms_per_molecule));
  try {
    return Molecule::from_smiles(smiles, name);
  } catch (const MoleculeError&) {
    const auto fault = smiles_fault(smiles);
    if (!fault) throw;
    throw MoleculeError(fmt::format("not a valid SMILES '{}': {}", smiles.substr(0, 200), fault->reason));
  }
}

std::string long_line_message(const TextStream& stream) {
  if (stream.line_bytes() <= TextStream::max_line_bytes) return {};
  return fmt::format("line {} is {} bytes long, at most {} are read", stream.line_number(),
                     stream.line_bytes(), TextStream::max_line_bytes);
}

std::unique_ptr<RecordSource> smiles_lines(TextStream stream) {
  return std::make_unique<SmilesLines>(std::move(stream));
}

}  // namespace theriac::chem
