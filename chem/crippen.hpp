// Wildman-Crippen log P and molar refractivity, as RDKit computes them, a few times faster. Inside `chem`.
//
// Every atom, hydrogens included, gets the first of 110 atom types whose SMARTS fits, and the contributions
// are added up: S. A. Wildman, G. M. Crippen, J. Chem. Inf. Comput. Sci. 39, 868 (1999). Patterns and values
// come from RDKit; types that cannot occur, or whose atoms all have a type already, are not searched for.
#pragma once
#include <string>
#include <vector>

namespace RDKit {
class ROMol;
}

namespace theriac::chem {

struct CrippenEstimate {
  double log_p = 0;
  double molar_refractivity = 0;  ///< cm^3/mol
};

CrippenEstimate crippen_estimate(const RDKit::ROMol& graph);

/// One heavy atom's share, that of its hydrogens included.
struct CrippenAtom {
  int label = -1;           ///< position in `crippen_labels()`; -1: no type fits
  int hydrogen_label = -1;  ///< of its hydrogens, which are all of one type
  double log_p = 0;
  double molar_refractivity = 0;
};

/// Labels of the types, "C1" to "Me2": 68 of them, several patterns each.
const std::vector<std::string>& crippen_labels();

/// Per atom of `graph`, which has no hydrogens as atoms of their own.
std::vector<CrippenAtom> crippen_atoms(const RDKit::ROMol& graph);

}  // namespace theriac::chem
