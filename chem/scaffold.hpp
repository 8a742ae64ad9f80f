// Scaffolds: what is left of a molecule when its side chains are cut off, to group molecules by series.
//
// Ring systems and the linkers between them: G. W. Bemis, M. A. Murcko, J. Med. Chem. 39, 2887 (1996). As in
// RDKit, atoms doubly bonded to a ring or linker stay (a lactam keeps its oxygen). Stereochemistry is
// dropped.
#pragma once
#include <string>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Canonical SMILES of the Bemis-Murcko scaffold; empty for a molecule without rings.
std::string murcko_scaffold(const Molecule& molecule);

/// The bare framework: every atom carbon, every bond single, doubly bonded side atoms cut off as well, as in
/// the paper's graph frameworks. Empty for a molecule without rings.
std::string generic_scaffold(const Molecule& molecule);

/// The same scaffold as the MOSES benchmark counts it.
struct RingScaffold {
  std::string smiles;  ///< stereo marks that survive the cut stay; empty without rings
  int rings = 0;
};
RingScaffold ring_scaffold(const Molecule& molecule);

}  // namespace theriac::chem
