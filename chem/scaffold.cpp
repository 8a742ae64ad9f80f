#include "chem/scaffold.hpp"

#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <memory>

#include "chem/heavy_graph.hpp"

namespace theriac::chem {
namespace {

/// Takes a copy of the molecule: RDKit stores the distance matrix on it.
std::unique_ptr<RDKit::ROMol> decomposed(const RDKit::ROMol graph) {
  std::unique_ptr<RDKit::ROMol> scaffold(RDKit::MurckoDecompose(graph));
  scaffold->clearComputedProps();
  scaffold->updatePropertyCache();
  RDKit::MolOps::symmetrizeSSSR(*scaffold);
  return scaffold;
}

std::string flat_smiles(const RDKit::ROMol& graph) {
  return graph.getNumAtoms() ? RDKit::MolToSmiles(graph, false) : std::string();
}

/// Same atoms and bonds, all carbon, all single.
std::unique_ptr<RDKit::ROMol> saturated_carbon(const RDKit::ROMol& graph) {
  auto carbon = std::make_unique<RDKit::RWMol>();
  for (unsigned i = 0; i < graph.getNumAtoms(); ++i) carbon->addAtom(new RDKit::Atom(6), false, true);
  for (const auto bond : graph.bonds())
    carbon->addBond(bond->getBeginAtomIdx(), bond->getEndAtomIdx(), RDKit::Bond::SINGLE);
  // carbon with five or more neighbours (from phosphorus, sulphur) is no valence error here
  carbon->updatePropertyCache(false);
  RDKit::MolOps::symmetrizeSSSR(*carbon);
  return carbon;
}

}  // namespace

std::string murcko_scaffold(const Molecule& molecule) {
  return flat_smiles(*decomposed(*heavy_graph(molecule)));
}

RingScaffold ring_scaffold(const Molecule& molecule) {
  try {
    const auto scaffold = decomposed(molecule.graph());
    if (scaffold->getNumAtoms() == 0) return {};
    return {RDKit::MolToSmiles(*scaffold), static_cast<int>(scaffold->getRingInfo()->numRings())};
  } catch (const RDKit::MolSanitizeException&) {
    return {};  // what is left has an impossible valence: no scaffold, as in MOSES
  }
}

std::string generic_scaffold(const Molecule& molecule) {
  const auto scaffold = decomposed(*heavy_graph(molecule));
  if (scaffold->getNumAtoms() == 0) return {};
  const auto carbon = saturated_carbon(*scaffold);
  const std::unique_ptr<RDKit::ROMol> framework(RDKit::MurckoDecompose(*carbon));
  framework->clearComputedProps();
  framework->updatePropertyCache(false);
  RDKit::MolOps::symmetrizeSSSR(*framework);
  return flat_smiles(*framework);
}

}  // namespace theriac::chem
