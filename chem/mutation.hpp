// Substitutions of a protein as people write them: "L858R", "p.Leu858Arg", "L858R:T790M".
//
// Positions count from 1, as in HGVS (J. T. den Dunnen et al., Hum. Mutat. 37, 564 (2016)). Insertions,
// deletions, frame shifts and stops are no substitutions; what they are is said when they are refused.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace theriac::chem {

struct Substitution {
  std::size_t position = 1;  ///< from 1
  char from = 'A', to = 'A';
};

/// One or more substitutions of one protein together.
struct Mutant {
  std::string gene;  ///< "EGFR" of "EGFR:L858R"; may be empty
  std::vector<Substitution> substitutions;

  std::string text() const;  ///< "L858R:T790M", without the gene
};

/// "L858R", "p.Leu858Arg", "EGFR:L858R", "EGFR p.L858R"; several joined by ':', '+', ',' or ';'. Throws
/// UsageError for what is no substitution, for one position named twice, and for an exchange of a residue
/// with itself.
Mutant parse_mutant(const std::string& text);

/// Mutants of a list, one a line: the first cell counts (up to a tab, comma or blank when what follows is no
/// substitution), lines that begin with '#' and a header "mutation", "mutant" or "variant" do not. Throws
/// InputError naming source and line.
std::vector<Mutant> mutants_from_text(const std::string& text, const std::string& source);

/// Throws InputError when a position lies beyond the sequence, or another residue is there: the message names
/// it.
void check_mutant(const Mutant& mutant, const std::string& residues, const std::string& name);

/// All 19 substitutions of each position, in the order of positions and of letters. Positions that hold none
/// of the twenty are left out.
std::vector<Mutant> single_mutants(const std::string& residues);

/// The sequence with the substitutions made.
std::string mutated(const std::string& residues, const Mutant& mutant);

}  // namespace theriac::chem
