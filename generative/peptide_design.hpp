// What a proposed peptide may look like: lengths, residues that are fixed or banned, and how residues are
// drawn.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "chem/counter_random.hpp"
#include "chem/residue_scales.hpp"

namespace theriac::generative {

struct PeptideDesign {
  int shortest = 8, longest = 15;  ///< residues
  std::map<int, char> fixed;       ///< position from 1 to residue
  std::string banned;              ///< residues that are never drawn
  double temperature = 1;          ///< above 1 bolder, near 0 the likeliest
  double top_p = 1;                ///< only the likeliest residues that together have this chance
  bool allow_low_complexity = false;
  bool free_cysteines = true;  ///< false: cysteines stand where they are fixed and nowhere else
};

constexpr int longest_peptide = 100;

/// Throws UsageError: lengths out of 2 .. longest_peptide or the wrong way round, a fixed position beyond the
/// shortest peptide, a letter that is no residue, a residue that is fixed and banned, nothing left to draw,
/// temperature or top_p out of range.
void check_design(const PeptideDesign& design);

/// "3:C,8:C"; "8-15" or "12"; "CMW". Letters are read in upper case. Throw UsageError.
std::map<int, char> fixed_positions(std::string_view text);
std::pair<int, int> length_range(std::string_view text);
std::string banned_residues(std::string_view text);

/// Fixed residues in place, no banned one elsewhere, length in range, complexity as asked.
bool fits(const PeptideDesign& design, std::string_view peptide);

/// The residue of a position: the fixed one, else drawn from natural log probabilities of the twenty.
char drawn_residue(const double* log_p, const PeptideDesign& design, int position,
                   chem::CounterRandom& random);

}  // namespace theriac::generative
