// Changing a molecular graph: every edit works on a copy without explicit hydrogens and ends in a new
// Molecule. Inside `chem` only.
#pragma once
#include <memory>
#include <vector>

#include "chem/molecule.hpp"

namespace RDKit {
class Atom;
class RWMol;
}  // namespace RDKit

namespace theriac::chem {

/// A copy of the graph of its own, heavy atoms only (isotopes of hydrogen stay), conformers kept.
std::unique_ptr<RDKit::RWMol> editable_heavy_graph(const Molecule& molecule);

/// Gains (+1) or loses (-1) a proton: charge and hydrogen count change together.
void change_protons(RDKit::Atom& atom, int change);

/// Sanitises the edited graph and gives it the name of `original`. If that one stored hydrogens, so does the
/// result, placed by the geometry of their neighbours when there are coordinates. Throws MoleculeError when
/// the edit has broken a valence.
Molecule finished_edit(std::unique_ptr<RDKit::RWMol> graph, const Molecule& original);

/// Atom indices in an order that depends on the molecule only, not on how it was drawn.
std::vector<int> canonical_order(const RDKit::ROMol& graph);

}  // namespace theriac::chem
