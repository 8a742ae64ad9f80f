// Scores of many sequences against one query, fast: the query's positions lie in stripes over the lanes of a
// vector register, so that the steps along the query need no neighbouring lane.
//
// M. Farrar, Bioinformatics 23, 156 (2007), for the score with gaps; the score without gaps is its first
// half. The widest registers of the processor are chosen at run time. Integers of 8 and 16 bits: every choice
// gives the same numbers, and local_alignment.hpp is the plain reference.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chem/local_alignment.hpp"

namespace theriac::chem {

/// A score as high as this is this or more: local_end() tells.
constexpr int striped_limit = 32000;
constexpr int gapless_limit = 100;  ///< without gaps

class StripedScores {
 public:
  /// Scores beyond -100 and 27 are taken as these.
  explicit StripedScores(const PositionScores& scores);

  /// Memory that a thread computes in; kept between calls.
  struct Rows {
    std::vector<std::int8_t> diagonals;
    std::vector<std::int16_t> cells, gaps;
  };

  /// Best score on any diagonal, at most gapless_limit.
  int gapless(const std::uint8_t* residues, std::size_t count, Rows& rows) const;
  /// Best local alignment with gaps, at most striped_limit.
  AlignmentCorner gapped(const std::uint8_t* residues, std::size_t count, Rows& rows) const;

 private:
  template <class Cell>
  struct Stripes {
    Stripes(const PositionScores& scores, std::size_t lanes);
    std::size_t width, count = 0;
    std::vector<Cell> values;  ///< kinds x count x width
  };
  Stripes<std::int8_t> gapless_;
  Stripes<std::int16_t> gapped_;
};

}  // namespace theriac::chem
