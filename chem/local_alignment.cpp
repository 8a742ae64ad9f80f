#include "chem/local_alignment.hpp"

#include <algorithm>

#include "chem/substitution_matrix.hpp"

namespace theriac::chem {
namespace {

constexpr int gap_open = 11, gap_extend = 1;
constexpr int nothing = -1000000;

/// An alignment that ends at a cell: its score, and what it holds so far.
struct Ending {
  int score = 0, identical = 0, length = 0;
};

Ending extended(const Ending& from, int score, int identical) {
  return {from.score + score, from.identical + identical, from.length + 1};
}

const Ending& better(const Ending& a, const Ending& b) {
  return b.score > a.score ? b : a;
}

/// Score and end of the best alignment of positions [0, rows) read by `position(i)` with residues read by
/// `residue(j)`.
template <class Position, class Residue>
AlignmentCorner best_corner(const PositionScores& scores, std::size_t rows, std::size_t columns,
                            Position position, Residue residue) {
  std::vector<int> match(rows + 1, 0), across(rows + 1, nothing);
  AlignmentCorner best;
  for (std::size_t j = 0; j < columns; ++j) {
    const std::uint8_t code = residue(j);
    int diagonal = 0, down = nothing;
    for (std::size_t i = 0; i < rows; ++i) {
      const int left = across[i + 1] = std::max(match[i + 1] - gap_open, across[i + 1]) - gap_extend;
      down = std::max(match[i] - gap_open, down) - gap_extend;
      int here = std::max(diagonal + scores.at(position(i), code), 0);
      here = std::max(here, std::max(left, down));
      diagonal = match[i + 1];
      match[i + 1] = here;
      if (here > best.score) best = {here, i, j};
    }
  }
  return best;
}

// How a cell was reached, in bits: where the match came from, and whether a gap goes on.
constexpr std::uint8_t from_diagonal = 1, from_left = 2, from_up = 3, way = 3, left_goes_on = 4,
                       up_goes_on = 8;

/// The steps of the global course of a rectangle whose corners are known, walked back from its end.
class Course {
 public:
  Course(const PositionScores& scores, std::size_t first, std::size_t rows, const std::uint8_t* residues,
         std::size_t columns)
      : rows_(rows), columns_(columns), steps_((rows + 1) * (columns + 1), 0) {
    std::vector<int> match(rows + 1, nothing), across(rows + 1, nothing);
    match[0] = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      int diagonal = match[0], down = nothing;
      match[0] = nothing;
      for (std::size_t i = 0; i < rows; ++i) {
        std::uint8_t step = 0;
        const int open_left = match[i + 1] - gap_open, open_up = match[i] - gap_open;
        if (across[i + 1] > open_left) step |= left_goes_on;
        across[i + 1] = std::max(open_left, across[i + 1]) - gap_extend;
        if (down > open_up) step |= up_goes_on;
        down = std::max(open_up, down) - gap_extend;
        int here = diagonal + scores.at(first + i, residues[j]);
        std::uint8_t reached = from_diagonal;
        if (across[i + 1] > here) here = across[i + 1], reached = from_left;
        if (down > here) here = down, reached = from_up;
        diagonal = match[i + 1];
        match[i + 1] = here;
        steps_[(j + 1) * (rows + 1) + i + 1] = static_cast<std::uint8_t>(step | reached);
      }
    }
  }

  /// The residue at each position.
  std::vector<std::uint8_t> residues(const std::uint8_t* codes) const {
    std::vector<std::uint8_t> out(rows_, gap_residue);
    std::size_t i = rows_, j = columns_;
    std::uint8_t state = from_diagonal;  // what the step taken last was: inside a gap we go on along it
    bool in_gap = false;
    while (i > 0 && j > 0) {
      const std::uint8_t step = steps_[j * (rows_ + 1) + i];
      if (!in_gap) state = step & way;
      if (state == from_diagonal) {
        out[--i] = codes[--j];
      } else if (state == from_left) {
        in_gap = (step & left_goes_on) != 0;
        --j;
      } else {
        in_gap = (step & up_goes_on) != 0;
        --i;
      }
    }
    return out;
  }

 private:
  std::size_t rows_, columns_;
  std::vector<std::uint8_t> steps_;
};

}  // namespace

Alignment local_alignment(const std::string& a, const std::string& b) {
  std::vector<Ending> match(b.size() + 1), down(b.size() + 1, Ending{nothing, 0, 0});
  const auto codes = residue_codes(b);
  Ending best;
  for (const char letter : a) {
    const std::uint8_t residue = residue_code(letter);
    Ending diagonal, right{nothing, 0, 0};
    for (std::size_t j = 1; j <= codes.size(); ++j) {
      down[j] = better(extended(match[j], -gap_open - gap_extend, 0), extended(down[j], -gap_extend, 0));
      right = better(extended(match[j - 1], -gap_open - gap_extend, 0), extended(right, -gap_extend, 0));
      const bool equal = residue == codes[j - 1] && residue < residue_kinds;
      Ending here = extended(diagonal, blosum62(residue, codes[j - 1]), equal ? 1 : 0);
      here = better(better(here, down[j]), right);
      if (here.score <= 0) here = {};
      diagonal = match[j];
      match[j] = here;
      best = better(best, here);
    }
  }
  return {best.score, best.identical, best.length};
}

PositionScores scores_of_sequence(const std::vector<std::uint8_t>& residues) {
  PositionScores scores{residues.size(), std::vector<std::int16_t>(residues.size() * PositionScores::kinds)};
  for (std::size_t i = 0; i < residues.size(); ++i)
    for (std::uint8_t k = 0; k < PositionScores::kinds; ++k)
      scores.values[i * PositionScores::kinds + k] = static_cast<std::int16_t>(blosum62(residues[i], k));
  return scores;
}

AlignmentCorner local_end(const PositionScores& scores, const std::uint8_t* residues, std::size_t count) {
  return best_corner(
      scores, scores.length, count, [](std::size_t i) { return i; },
      [&](std::size_t j) { return residues[j]; });
}

AlignedResidues local_course(const PositionScores& scores, const std::uint8_t* residues, std::size_t count) {
  return local_course(scores, residues, local_end(scores, residues, count));
}

AlignedResidues local_course(const PositionScores& scores, const std::uint8_t* residues,
                             const AlignmentCorner& end) {
  AlignedResidues out;
  if (end.score <= 0) return out;
  const AlignmentCorner begin = best_corner(
      scores, end.position + 1, end.residue + 1, [&](std::size_t i) { return end.position - i; },
      [&](std::size_t j) { return residues[end.residue - j]; });
  out.score = end.score;
  out.first = end.position - begin.position;
  out.last = end.position + 1;
  out.found_first = end.residue - begin.residue;
  const std::size_t rows = out.last - out.first, columns = end.residue + 1 - out.found_first;
  if ((rows + 1) * (columns + 1) > course_limit) return {};
  out.residues = Course(scores, out.first, rows, residues + out.found_first, columns)
                     .residues(residues + out.found_first);
  return out;
}

}  // namespace theriac::chem
