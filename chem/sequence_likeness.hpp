// How alike two proteins are: the score of their best local alignment over what each would score with itself.
//
// T. F. Smith, M. S. Waterman, J. Mol. Biol. 147, 195 (1981), affine gaps after O. Gotoh, J. Mol. Biol. 162,
// 705 (1982); BLOSUM62, a gap of k residues costs 11 + k. Divided by sqrt(self(a) self(b)) it lies between 0
// and 1 and serves as a kernel between proteins (K. Bleakley, Y. Yamanishi, Bioinformatics 25, 2397 (2009)).
//
// One sequence is laid against 32 others at a time, so that one instruction works on all of them. Whole
// numbers only: the result does not depend on the instruction set or on the threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace theriac::chem {

class SequenceSet {
 public:
  static constexpr std::size_t lanes = 32;

  /// Any letters; those that are none of the twenty residues count as unknown.
  explicit SequenceSet(const std::vector<std::string>& sequences);

  std::size_t size() const { return self_.size(); }
  int self_score(std::size_t i) const { return self_[i]; }
  /// Alignment score of `query` with each member, in half bits. Safe to call from many threads.
  std::vector<int> scores(const std::string& query) const;
  /// scores over sqrt(self(query) self(member)), 0 to 1; exactly 1 for an identical member.
  std::vector<double> likeness(const std::string& query) const;
  /// Of a member with itself and those that follow it in order of length, each with its number: over all
  /// members every pair is met at least once.
  std::vector<std::pair<std::size_t, double>> likeness_half(std::size_t member) const;

 private:
  struct Pack {
    std::vector<std::size_t> members;    ///< up to `lanes`
    std::vector<std::uint8_t> residues;  ///< position j of lane l at j * lanes + l; padding scores nothing
  };
  std::vector<int> scores_from(const std::string& query, std::size_t first_pack) const;
  double normalised(int score, double self_a, std::size_t b) const;

  std::vector<std::string> sequences_;
  std::vector<std::size_t> pack_of_;
  std::vector<int> self_;
  std::vector<Pack> packs_;
};

/// Score of a sequence with itself, in half bits.
int self_alignment_score(const std::string& sequence);
/// The plain definition, one pair in 32-bit numbers: what SequenceSet is tested against, and what it uses for
/// pairs whose score could leave 16 bits.
int local_alignment_score(const std::string& a, const std::string& b);

}  // namespace theriac::chem
