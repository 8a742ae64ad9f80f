#include "chem/graph_edit.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/new_canon.h>
#include <fmt/format.h>

#include <utility>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {

std::unique_ptr<RDKit::RWMol> editable_heavy_graph(const Molecule& molecule) {
  auto graph = std::make_unique<RDKit::RWMol>(molecule.graph());
  if (molecule.atom_count() > molecule.heavy_atom_count()) RDKit::MolOps::removeHs(*graph);
  return graph;
}

void change_protons(RDKit::Atom& atom, int change) {
  const int hydrogens = static_cast<int>(atom.getTotalNumHs()) + change;
  atom.setNoImplicit(true);
  atom.setNumExplicitHs(static_cast<unsigned>(hydrogens));
  atom.setFormalCharge(atom.getFormalCharge() + change);
}

Molecule finished_edit(std::unique_ptr<RDKit::RWMol> graph, const Molecule& original) {
  const RdkitLog log;
  try {
    graph->clearComputedProps();
    RDKit::MolOps::sanitizeMol(*graph);
    RDKit::MolOps::assignStereochemistry(*graph, true, true);
    if (original.atom_count() > original.heavy_atom_count())
      RDKit::MolOps::addHs(*graph, false, graph->getNumConformers() > 0);
    return Molecule(std::shared_ptr<const RDKit::ROMol>(std::move(graph)), original.name());
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("editing '{}' gave no valid molecule: {}", original.smiles(), e.what()));
  }
}

std::vector<int> canonical_order(const RDKit::ROMol& graph) {
  std::vector<unsigned> rank;
  RDKit::Canon::rankMolAtoms(graph, rank);
  std::vector<int> order(rank.size());
  for (std::size_t atom = 0; atom < rank.size(); ++atom) order[rank[atom]] = static_cast<int>(atom);
  return order;
}

}  // namespace theriac::chem
