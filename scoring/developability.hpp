// What stands between a peptide and a useful compound: all of chem's properties and liabilities and the
// learned classes in one record, and a count of warnings.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "scoring/peptide_classes.hpp"

namespace theriac::scoring {

struct Developability {
  double mass = 0;    ///< dalton
  double charge = 0;  ///< at pH 7.4, free ends, Bjellqvist's pKa values
  double isoelectric_point = 0;
  double gravy = 0, aliphatic_index = 0, instability = 0, boman = 0;
  double helix_moment = 0;       ///< Eisenberg, 100 degrees
  double absorption_280 = 0;     ///< 1/(M cm), cysteines reduced
  int aggregating_residues = 0;  ///< in AGGRESCAN hot spots
  std::string liabilities;       ///< "deamidation@7"
  std::string protease_sites;
  std::string synthesis;                         ///< rules that speak against solid-phase synthesis
  std::vector<PeptideClassProbability> classes;  ///< in the order of the model
  /// Liabilities, aggregating stretches, rules of synthesis, and classes of which less is better with a
  /// probability above 0.5 inside their domain. Protease sites do not count: every peptide has some.
  int warnings = 0;
};

/// Throws InputError for what chem::check_residues() refuses.
Developability developability(std::string_view residues, const PeptideClasses& classes);

}  // namespace theriac::scoring
