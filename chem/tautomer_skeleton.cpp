#include "chem/tautomer_skeleton.hpp"

#include <GraphMol/MolHash/MolHash.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/MolStandardize/Fragment.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <memory>

#include "chem/error.hpp"
#include "chem/graph_edit.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

std::unique_ptr<RDKit::RWMol> largest_fragment(const RDKit::RWMol& graph) {
  const std::unique_ptr<RDKit::ROMol> fragment(
      RDKit::MolStandardize::LargestFragmentChooser(true).choose(graph));
  return std::make_unique<RDKit::RWMol>(*fragment);
}

/// "[O]C1CCCCC1_1_0" without the numbers of hydrogens and charges.
std::string without_counts(const std::string& hash) {
  const std::size_t charge = hash.rfind('_');
  return hash.substr(0, charge == 0 || charge == std::string::npos ? charge : hash.rfind('_', charge - 1));
}

}  // namespace

std::string tautomer_skeleton(const Molecule& molecule) {
  if (molecule.atom_count() == 0) return {};
  const RdkitLog log;
  try {
    auto graph = editable_heavy_graph(molecule);
    for (RDKit::Atom* atom : graph->atoms()) {
      atom->setIsotope(0);
      atom->setAtomMapNum(0);
    }
    RDKit::MolOps::removeHs(*graph);  // deuterium is hydrogen now
    RDKit::MolOps::removeStereochemistry(*graph);
    if (molecule.smiles().find('.') != std::string::npos) graph = largest_fragment(*graph);
    return without_counts(
        RDKit::MolHash::MolHash(graph.get(), RDKit::MolHash::HashFunction::HetAtomTautomer));
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("no tautomer skeleton of '{}': {}", molecule.smiles(), e.what()));
  }
}

}  // namespace theriac::chem
