// BRICS: a molecule cut into the pieces that a synthesis would join.
//
// Sixteen chemical environments and which of them may be bonded decide where to cut: J. Degen, C.
// Wegscheid-Gerlach, A. Zaliani, M. Rarey, ChemMedChem 3, 1503 (2008). The rules are RDKit's.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// SMILES of the pieces when every BRICS bond is cut, "[16*]c1ccccc1" with the environment numbers of the cut
/// bonds; a piece that occurs twice is listed twice. A molecule without such a bond is its own piece, and a
/// counter-ion is one more.
std::vector<std::string> brics_fragments(const Molecule& molecule);

}  // namespace theriac::chem
