// FASTA files read record by record, in constant memory but for one sequence, and without giving up at a bad
// record: what is wrong with one is said in it, and the next one follows.
//
// sequence.hpp reads a whole file and stops at the first mistake: for a target, where a mistake must not
// pass.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "chem/text_stream.hpp"

namespace theriac::chem {

struct FastaRecord {
  std::string name;       ///< first word of the header; "sequence_3" for the third one when it has none
  std::string residues;   ///< upper case: the twenty, and B J O U X Z; empty when `fault` says why
  std::string fault;      ///< empty for a good record
  std::string note;       ///< what was changed in silence elsewhere: "2 gaps removed"
  std::int64_t line = 0;  ///< of its header
};

class FastaRecords {
 public:
  /// Longer sequences are a fault: the longest known protein, titin, has about 35,000 residues.
  static constexpr std::size_t most_residues = 200'000;

  /// Plain or gzip; "-" is standard input. Throws InputError as TextStream does.
  static FastaRecords open(const std::string& path) { return FastaRecords(TextStream::open(path)); }
  static FastaRecords from_text(std::string text) {
    return FastaRecords(TextStream::from_text(std::move(text)));
  }

  /// False at the end. A text before the first header is a record of its own.
  bool next(FastaRecord& record);
  /// Why the file ended before it was over; empty when all is well.
  const std::string& damage() const { return stream_.damage(); }

 private:
  explicit FastaRecords(TextStream stream) : stream_(std::move(stream)) {}
  void begin(const std::string& header, FastaRecord& record);
  TextStream stream_;
  std::string header_;  ///< of the record to come
  std::int64_t header_line_ = 0, count_ = 0;
  bool has_header_ = false;
};

/// Residues of a text as it stands in a record: blanks are passed over, letters are read in upper case, gaps
/// ('-' and '.') are removed and a final '*' too, which is noted. A fault: another sign, a '*' inside, no
/// residues, or letters of nothing but nucleotides.
void take_residues(const std::string& text, FastaRecord& record);

}  // namespace theriac::chem
