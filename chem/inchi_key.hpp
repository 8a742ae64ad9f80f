// The standard InChIKey: a 27-character name of a structure that databases share.
//
// S. R. Heller et al., "InChI, the IUPAC International Chemical Identifier", J. Cheminform. 7, 23 (2015).
// Computed by Open Babel, one molecule at a time in the whole process (its InChI library is not safe to run
// in parallel).
#pragma once
#include <string>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// For example "LFQSCWFLJHTTHZ-UHFFFAOYSA-N" for ethanol; empty when no InChI can be made (dummy atoms, Open
/// Babel's plug-ins missing). Never throws for a molecule.
std::string inchi_key(const Molecule& molecule);

}  // namespace theriac::chem
