#include "chem/fasta_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::string_view residue_letters = "ACDEFGHIKLMNPQRSTVWYBJOUXZ", nucleotide_letters = "ACGTUN";
constexpr std::size_t least_nucleotides = 12;  // a peptide of four kinds of residues may be shorter

bool is_nucleotide(const std::string& residues) {
  return residues.size() >= least_nucleotides &&
         residues.find_first_not_of(nucleotide_letters) == residues.npos;
}

void add_note(FastaRecord& record, const std::string& note) {
  record.note += (record.note.empty() ? "" : "; ") + note;
}

}  // namespace

void take_residues(const std::string& text, FastaRecord& record) {
  std::size_t gaps = 0, lower = 0;
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  for (std::size_t i = 0; i < text.size() && record.fault.empty(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const char letter = static_cast<char>(std::toupper(c));
    if (std::isspace(c)) continue;
    if (c == '-' || c == '.')
      ++gaps;
    else if (c == '*' && i == last)
      add_note(record, "final '*' removed");
    else if (residue_letters.find(letter) != residue_letters.npos)
      record.residues += letter, lower += letter != text[i];
    else if (c == '*')
      record.fault = fmt::format("a stop codon '*' behind residue {}", record.residues.size());
    else
      record.fault = c >= 0x20 && c < 0x7f ? fmt::format("'{}' behind residue {} stands for no amino acid",
                                                         text[i], record.residues.size())
                                           : fmt::format("byte {} behind residue {} stands for no amino acid",
                                                         c, record.residues.size());
  }
  if (gaps) add_note(record, fmt::format("{} gaps removed", gaps));
  if (lower) add_note(record, fmt::format("{} residues in lower case", lower));
  const auto unknown = std::count(record.residues.begin(), record.residues.end(), 'X');
  if (unknown) add_note(record, fmt::format("{} unknown residues X", unknown));
  if (record.fault.empty() && record.residues.empty()) record.fault = "no residues";
  if (record.fault.empty() && is_nucleotide(record.residues))
    record.fault = "nothing but the letters of nucleotides: translate it to protein first";
  if (!record.fault.empty()) record.residues.clear();
}

void FastaRecords::begin(const std::string& header, FastaRecord& record) {
  const std::string_view title = trimmed(header);
  record = {};
  record.line = header_line_;
  record.name = std::string(title.substr(0, title.find_first_of(" \t")));
  ++count_;
  if (record.name.empty()) record.name = fmt::format("sequence_{}", count_);
}

bool FastaRecords::next(FastaRecord& record) {
  std::string line, text;
  bool begun = has_header_, too_long = false;
  if (begun) begin(header_, record);
  has_header_ = false;
  while (stream_.next_line(line)) {
    if (!line.empty() && line[0] == '>') {
      header_ = line.substr(1);
      header_line_ = stream_.line_number();
      has_header_ = begun;
      if (begun) break;
      begin(header_, record);
      begun = true;
      continue;
    }
    if (!begun) {
      if (trimmed(line).empty()) continue;
      header_line_ = stream_.line_number();
      begin("", record);
      begun = true;
    }
    too_long =
        too_long || text.size() + line.size() > most_residues || stream_.line_bytes() > line.size() + 2;
    if (!too_long) text += line + '\n';
  }
  if (!begun) return false;
  if (too_long)
    record.fault = fmt::format("more than {} residues", most_residues);
  else
    take_residues(text, record);
  return true;
}

}  // namespace theriac::chem
