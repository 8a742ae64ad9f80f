#include "chem/descriptors.hpp"

#include <GraphMol/Descriptors/Lipinski.h>
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/Descriptors/MolSurf.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>

#include "chem/crippen.hpp"
#include "chem/heavy_graph.hpp"

namespace theriac::chem {
namespace {

bool is_usual(int atomic_number) {
  switch (atomic_number) {
    case 1:
    case 6:
    case 7:
    case 8:
    case 9:
    case 15:
    case 16:
    case 17:
    case 35:
    case 53:
      return true;
    default:
      return false;
  }
}

}  // namespace

Descriptors descriptors(const Molecule& molecule) {
  using namespace RDKit;
  const ROMol graph(*heavy_graph(molecule));  // RDKit stores what it computes on the molecule: use our own
  Descriptors d;
  d.molecular_weight = RDKit::Descriptors::calcAMW(graph);
  const CrippenEstimate crippen = crippen_estimate(graph);
  d.clogp = crippen.log_p;
  d.molar_refractivity = crippen.molar_refractivity;
  d.tpsa = RDKit::Descriptors::calcTPSA(graph);
  d.fraction_csp3 = RDKit::Descriptors::calcFractionCSP3(graph);
  d.hydrogen_bond_donors = static_cast<int>(RDKit::Descriptors::calcNumHBD(graph));
  d.hydrogen_bond_acceptors = static_cast<int>(RDKit::Descriptors::calcNumHBA(graph));
  d.lipinski_donors = static_cast<int>(RDKit::Descriptors::calcLipinskiHBD(graph));
  d.lipinski_acceptors = static_cast<int>(RDKit::Descriptors::calcLipinskiHBA(graph));
  d.rotatable_bonds = static_cast<int>(
      RDKit::Descriptors::calcNumRotatableBonds(graph, RDKit::Descriptors::NumRotatableBondsOptions::Strict));
  d.heavy_atoms = molecule.heavy_atom_count();
  d.heteroatoms = static_cast<int>(RDKit::Descriptors::calcNumHeteroatoms(graph));
  d.rings = static_cast<int>(RDKit::Descriptors::calcNumRings(graph));
  d.aromatic_rings = static_cast<int>(RDKit::Descriptors::calcNumAromaticRings(graph));
  d.formal_charge = MolOps::getFormalCharge(graph);
  for (const auto atom : graph.atoms()) d.unusual_atoms += !is_usual(atom->getAtomicNum());
  return d;
}

double crippen_log_p(const Molecule& molecule) {
  return crippen_estimate(*heavy_graph(molecule)).log_p;
}

double polar_surface_area(const Molecule& molecule) {
  return RDKit::Descriptors::calcTPSA(RDKit::ROMol(*heavy_graph(molecule)));
}

RingCounts ring_counts(const Molecule& molecule) {
  const auto graph = heavy_graph(molecule);
  return {static_cast<int>(RDKit::Descriptors::calcNumRings(*graph)),
          static_cast<int>(RDKit::Descriptors::calcNumAromaticRings(*graph)),
          static_cast<int>(RDKit::Descriptors::calcNumAliphaticRings(*graph))};
}

Complexity complexity(const Molecule& molecule) {
  using namespace RDKit;
  ROMol graph(*heavy_graph(molecule));
  Complexity c;
  c.atoms = static_cast<int>(graph.getNumAtoms());
  MolOps::assignStereochemistry(graph, false, true, true);
  for (const auto atom : graph.atoms())
    c.stereocentres +=
        atom->hasProp(common_properties::_CIPCode) || atom->hasProp(common_properties::_ChiralityPossible);
  c.spiro_atoms = static_cast<int>(RDKit::Descriptors::calcNumSpiroAtoms(graph));
  c.bridgehead_atoms = static_cast<int>(RDKit::Descriptors::calcNumBridgeheadAtoms(graph));
  for (const auto& ring : graph.getRingInfo()->atomRings()) c.macrocycles += ring.size() > 8;
  return c;
}

const std::vector<DescriptorColumn>& descriptor_columns() {
  using D = Descriptors;
  static const std::vector<DescriptorColumn> columns = {
      {"mw", "Da", "average molecular weight", [](const D& d) { return d.molecular_weight; }},
      {"clogp", "", "octanol-water log P (Crippen)", [](const D& d) { return d.clogp; }},
      {"tpsa", "A^2", "topological polar surface area", [](const D& d) { return d.tpsa; }},
      {"hbd", "", "hydrogen bond donors", [](const D& d) { return 1.0 * d.hydrogen_bond_donors; }},
      {"hba", "", "hydrogen bond acceptors", [](const D& d) { return 1.0 * d.hydrogen_bond_acceptors; }},
      {"rotb", "", "rotatable bonds", [](const D& d) { return 1.0 * d.rotatable_bonds; }},
      {"heavy_atoms", "", "atoms other than hydrogen", [](const D& d) { return 1.0 * d.heavy_atoms; }},
      {"heteroatoms", "", "atoms other than hydrogen and carbon",
       [](const D& d) { return 1.0 * d.heteroatoms; }},
      {"rings", "", "rings", [](const D& d) { return 1.0 * d.rings; }},
      {"aromatic_rings", "", "aromatic rings", [](const D& d) { return 1.0 * d.aromatic_rings; }},
      {"fsp3", "", "fraction of carbons that are sp3", [](const D& d) { return d.fraction_csp3; }},
      {"charge", "e", "formal charge", [](const D& d) { return 1.0 * d.formal_charge; }},
      {"refractivity", "cm^3/mol", "molar refractivity (Crippen)",
       [](const D& d) { return d.molar_refractivity; }},
  };
  return columns;
}

const DescriptorColumn* find_descriptor_column(const std::string& name) {
  for (const auto& column : descriptor_columns())
    if (name == column.name) return &column;
  return nullptr;
}

}  // namespace theriac::chem
