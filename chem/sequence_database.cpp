#include "chem/sequence_database.hpp"

#include <fmt/format.h>

#include <array>

#include "chem/error.hpp"
#include "chem/sequence.hpp"
#include "chem/substitution_matrix.hpp"
#include "chem/text_file.hpp"
#include "chem/text_stream.hpp"

namespace theriac::chem {
namespace {

constexpr std::uint8_t left_out = 255;
constexpr std::size_t looked_at = 100000;  // residues that tell proteins from nucleotides

/// Residue number of each byte of a FASTA line.
std::array<std::uint8_t, 256> byte_codes() {
  std::array<std::uint8_t, 256> codes{};
  codes.fill(left_out);
  for (int letter = 'A'; letter <= 'Z'; ++letter)
    codes[static_cast<std::size_t>(letter)] = codes[static_cast<std::size_t>(letter - 'A' + 'a')] =
        residue_code(static_cast<char>(letter));
  return codes;
}

void append(const std::string& letters, std::vector<std::uint8_t>& residues) {
  static const auto codes = byte_codes();
  for (const char letter : letters)
    if (const std::uint8_t code = codes[static_cast<unsigned char>(letter)]; code != left_out)
      residues.push_back(code);
}

}  // namespace

void SequenceDatabase::close_record() {
  if (residues_.size() == starts_.back()) {
    names_.resize(name_starts_.back());
    return;
  }
  starts_.push_back(residues_.size());
  name_starts_.push_back(names_.size());
}

void SequenceDatabase::add(const std::string& name, const std::string& residues) {
  names_ += name;
  append(residues, residues_);
  close_record();
}

std::string SequenceDatabase::name(std::size_t i) const {
  return names_.substr(name_starts_[i], name_starts_[i + 1] - name_starts_[i]);
}

SequenceDatabase SequenceDatabase::read(const std::string& path) {
  SequenceDatabase database;
  TextStream stream = TextStream::open(path);
  std::string line, sample;
  bool begun = false;
  while (stream.next_line(line)) {
    if (!line.empty() && line.front() == '>') {
      if (begun) database.close_record();
      begun = true;
      const std::string_view header = trimmed(std::string_view(line).substr(1));
      database.names_ += header.substr(0, header.find_first_of(" \t"));
    } else if (begun) {
      if (sample.size() < looked_at) sample += line;
      append(line, database.residues_);
    } else if (!trimmed(line).empty()) {
      throw InputError(
          fmt::format("no FASTA file: '{}' (line {}) does not begin with '>'", path, stream.line_number()),
          "a sequence database is a FASTA file, plain or gzip");
    }
  }
  if (!stream.damage().empty()) throw InputError(fmt::format("'{}': {}", path, stream.damage()));
  database.close_record();
  if (database.size() == 0) throw InputError(fmt::format("no sequence in '{}'", path));
  if (looks_like_nucleotides(sample))
    throw InputError(fmt::format("'{}' holds nucleotide sequences", path),
                     "a database of protein sequences is needed; translate it first");
  return database;
}

}  // namespace theriac::chem
