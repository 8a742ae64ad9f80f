// Structural alerts: groups that make a hit suspicious in assays or unwelcome in a drug.
//
// PAINS, in three classes by how often they were seen: J. B. Baell, G. A. Holloway, J. Med. Chem. 53, 2719
// (2010). Brenk: unwanted groups for a lead, R. Brenk et al., ChemMedChem 3, 435 (2008). NIH: reactive and
// assay-disturbing groups, A. Jadhav et al., J. Med. Chem. 53, 37 (2010), and D. Doveston et al., Org.
// Biomol. Chem. 13, 859 (2015). The patterns are those of RDKit's FilterCatalog. An alert is a reason to look
// twice, not a proof: several approved drugs carry one.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/substructure.hpp"

namespace theriac::chem {

enum class AlertSet {
  pains_a,  ///< the 16 commonest PAINS families
  pains_b,  ///< 55 less common ones
  pains_c,  ///< 409 rare ones
  brenk,    ///< 105 groups
  nih,      ///< 180 groups
};

/// "PAINS A", "Brenk" ...
const char* alert_set_name(AlertSet set);

struct Alert {
  AlertSet set;
  std::string name;  ///< as in the catalogue, e.g. "quinone_A(370)"
  /// Where it matches: for every occurrence its atoms, rising, as numbered in the graph of the molecule
  /// without hydrogens (from 0). At most 1000.
  std::vector<std::vector<int>> atoms;
};

/// All alerts of the molecule, by set and then in the order of the catalogue. Thread-safe.
std::vector<Alert> structural_alerts(const Molecule& molecule);
std::vector<Alert> structural_alerts(const SubstructureTarget& target);

/// Only the sets asked for.
std::vector<Alert> structural_alerts(const SubstructureTarget& target, const std::vector<AlertSet>& sets);

/// How many patterns a set has.
std::size_t alert_count(AlertSet set);

}  // namespace theriac::chem
