// The best local alignment of two proteins, or of a protein and a profile.
//
// T. F. Smith, M. S. Waterman, J. Mol. Biol. 147, 195 (1981), with affine gaps after O. Gotoh, J. Mol. Biol.
// 162, 705 (1982): a gap of k residues costs 11 + k, as in BLAST. Scores are half bits (BLOSUM62).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace theriac::chem {

struct Alignment {
  int score = 0;      ///< BLOSUM62
  int identical = 0;  ///< pairs of equal residues
  int length = 0;     ///< columns, gaps included
  double identity() const { return length > 0 ? static_cast<double>(identical) / length : 0; }
};

/// Best local alignment of two sequences. Residues other than the twenty count as X.
Alignment local_alignment(const std::string& a, const std::string& b);

/// What each residue scores at each position of the query, in half bits: of the sequence itself, or of a
/// profile of its relatives.
struct PositionScores {
  static constexpr int kinds = 21;   ///< the twenty and the unknown one
  std::size_t length = 0;            ///< positions
  std::vector<std::int16_t> values;  ///< length x kinds

  int at(std::size_t position, std::uint8_t residue) const { return values[position * kinds + residue]; }
};

/// BLOSUM62 rows of the residues.
PositionScores scores_of_sequence(const std::vector<std::uint8_t>& residues);

/// Cells of an alignment whose course is still followed.
constexpr std::size_t course_limit = std::size_t{1} << 28;

/// A relative laid over the query: one code for each position of the query between `first` and `last`,
/// gap_residue where the relative has none. What it has more is left out.
struct AlignedResidues {
  int score = 0;
  std::size_t first = 0, last = 0;     ///< positions of the query, last excluded
  std::size_t found_first = 0;         ///< where it begins in the relative
  std::vector<std::uint8_t> residues;  ///< last - first codes
  bool empty() const { return first == last; }
};

/// Where the best local alignment ends: the plain reference of striped_alignment.hpp.
struct AlignmentCorner {
  int score = 0;
  std::size_t position = 0, residue = 0;
};
AlignmentCorner local_end(const PositionScores& scores, const std::uint8_t* residues, std::size_t count);

/// With its course. Empty when nothing scores above 0, or when the rectangle of the alignment has more than
/// course_limit cells (a byte each): a relative that long is left out.
AlignedResidues local_course(const PositionScores& scores, const std::uint8_t* residues, std::size_t count);
/// The same when its end is known.
AlignedResidues local_course(const PositionScores& scores, const std::uint8_t* residues,
                             const AlignmentCorner& end);

}  // namespace theriac::chem
