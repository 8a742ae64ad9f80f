#include "chem/heavy_graph.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>

namespace theriac::chem {

std::shared_ptr<const RDKit::ROMol> heavy_graph(const Molecule& molecule) {
  if (molecule.atom_count() == molecule.heavy_atom_count()) return molecule.shared_graph();
  return std::shared_ptr<const RDKit::ROMol>(RDKit::MolOps::removeHs(molecule.graph()));
}

}  // namespace theriac::chem
