// Protein sequences as a language model reads them: one token a residue, in the published numbering of
// ProGen2 (E. Nijkamp et al., Cell Systems 14, 968 (2023)).
//
// A protein is "1", its residues, "2": the N and the C terminus are tokens of their own. A binder pair is
// two such proteins after each other, the target first; only the peptide part is learned then.
//
// For training, the proteins of an epoch stand in random order one after another, and this stream is cut into
// rows of equal length: nothing is padded, nothing is dropped but the last part of a row, and a protein
// longer than a row is cut at a place that differs from epoch to epoch. Pairs must stay whole: they are
// packed into rows one by one.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chem/sequence.hpp"

namespace theriac::generative {

namespace protein_token {
constexpr std::uint8_t padding = 0, begin = 3, end = 4, first_letter = 5;
constexpr int count = 30;       ///< used ones
constexpr int table_size = 32;  ///< rows of the published tables
/// Of an upper-case letter; J, which is leucine or isoleucine, is read as X. `padding` for anything else.
std::uint8_t of(char letter);
/// Of the twenty residues, in the order ACDEFGHIKLMNPQRSTVWY.
const std::array<std::uint8_t, 20>& residues();
bool is_residue(std::uint8_t token);
}  // namespace protein_token

/// Rows of one length. `target`: the token that follows, as far as it is to be learned; else padding.
struct ProteinRows {
  std::int64_t rows = 0, length = 0;
  std::vector<std::uint8_t> token, target;  ///< [rows][length]
  std::vector<std::int32_t> segment;        ///< [rows][length]: tokens see only those of their own segment
};

class ProteinCorpus {
 public:
  /// X, B, Z, U, O and J are kept, as letters of their own. Counts them (`odd_letters`).
  void add(const chem::Sequence& sequence);
  /// Only the peptide is learned. A target is cut on the left to `longest` tokens of both together.
  void add_pair(const std::string& target, const std::string& peptide, std::size_t longest);

  std::size_t size() const { return begin_.size() - 1; }
  std::size_t tokens() const { return tokens_.size(); }
  std::int64_t residues() const { return residues_; }
  std::int64_t odd_letters() const { return odd_letters_; }
  bool pairs() const { return pairs_; }
  /// Of record i, with its termini.
  const std::uint8_t* begin_of(std::size_t i) const { return tokens_.data() + begin_[i]; }
  std::size_t length_of(std::size_t i) const { return begin_[i + 1] - begin_[i]; }
  /// First token of record i that is to be learned; 1 but for pairs.
  std::size_t learned_from(std::size_t i) const { return learned_from_[i]; }
  /// Of all tokens, as a hexadecimal digest.
  std::string sha256() const;

 private:
  void append(std::string_view residues);
  std::vector<std::uint8_t> tokens_;
  std::vector<std::size_t> begin_{0};
  std::vector<std::uint32_t> learned_from_;
  std::int64_t residues_ = 0, odd_letters_ = 0;
  bool pairs_ = false;
};

/// The rows of one epoch, a pure function of corpus, row length, seed and epoch.
class ProteinEpoch {
 public:
  /// `corpus` outlives this.
  ProteinEpoch(const ProteinCorpus& corpus, std::int64_t length, std::uint64_t seed, std::uint64_t epoch);
  std::size_t rows() const { return row_begin_.size() - 1; }
  /// Rows [first, last), which may lie beyond rows(): there they begin anew.
  ProteinRows taken(std::size_t first, std::size_t last) const;

 private:
  void fill(std::size_t row, ProteinRows& out, std::size_t place) const;
  const ProteinCorpus& corpus_;
  std::size_t length_;
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> offset_;     ///< in the stream, of each record of order_, and its end
  std::vector<std::size_t> row_begin_;  ///< stream: first token of the row; pairs: first record of the row
};

/// Rows that score every token of the records once: long ones in windows that overlap by half. `owner`: the
/// record of each position, -1 where nothing is scored.
struct ProteinWindows {
  ProteinRows rows;
  std::vector<std::int32_t> owner;  ///< [rows][length]
};
ProteinWindows protein_windows(const ProteinCorpus& corpus, const std::vector<std::size_t>& records,
                               std::int64_t length);

}  // namespace theriac::generative
