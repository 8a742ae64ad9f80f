#include "chem/descriptors.hpp"

#include <GraphMol/Descriptors/Lipinski.h>
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <array>

#include "chem/atom_surface.hpp"
#include "chem/crippen.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/pattern_set.hpp"
#include "chem/prepared_substructure.hpp"

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

/// RDKit's definitions (Lipinski.cpp): donors, acceptors, and bonds that rotate strictly, without amides,
/// esters and the like.
const PatternSet& counted_groups() {
  static const PatternSet patterns({
      "[N&!H0&v3,N&!H0&+1&v4,O&H1&+0,S&H1&+0,n&H1&+0]",
      "[$([O,S;H1;v2]-[!$(*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),$([N;v3;!$(N-*=!@[O,N,P,S])]),"
      "$([nH0,o,s;+0])]",
      "[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])"
      "&!$([CD3](=[N,O,S])-!@[#7,O,S!D1])&!$([#7,O,S!D1]-!@[CD3]=[N,O,S])"
      "&!$([CD3](=[N+])-!@[#7!D1])&!$([#7!D1]-!@[CD3]=[N+])]-,:;!@"
      "[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])]",
  });
  return patterns;
}

/// Two neighbours that end there and cannot be told apart: the methyls of isopropyl, the oxygens of a
/// sulfone.
bool has_equal_ends(const RDKit::Atom& atom) {
  using Traits = std::array<int, 6>;
  std::array<Traits, 4> ends;
  std::size_t found = 0;
  for (const auto bond : atom.getOwningMol().atomBonds(&atom)) {
    const auto* end = bond->getOtherAtom(&atom);
    if (end->getDegree() != 1) continue;
    const Traits traits = {end->getAtomicNum(),
                           static_cast<int>(end->getIsotope()),
                           end->getFormalCharge(),
                           static_cast<int>(end->getTotalNumHs()),
                           static_cast<int>(bond->getBondType()),
                           end->getAtomMapNum()};
    if (std::find(ends.begin(), ends.begin() + found, traits) != ends.begin() + found) return true;
    if (found < ends.size()) ends[found++] = traits;
  }
  return false;
}

/// Nitrogen with three neighbours keeps its form only in a ring of three or at a bridgehead.
bool inverts(const RDKit::Atom& atom) {
  const auto& rings = *atom.getOwningMol().getRingInfo();
  return atom.getAtomicNum() == 7 && atom.getDegree() == 3 && atom.getTotalNumHs() != 1 &&
         rings.numAtomRings(atom.getIdx()) < 2 && rings.minAtomRingSize(atom.getIdx()) != 3;
}

/// Three neighbours that may differ and a fourth partner that may be hydrogen or a lone pair, or a phosphine
/// or arsine, whatever its neighbours, or an atom drawn as a centre: without such an atom there is no
/// stereocentre, and RDKit need not rank the atoms to find one.
bool may_have_stereocentre(const RDKit::ROMol& graph) {
  for (const auto atom : graph.atoms())
    if (atom->getAtomicNum() == 15 || atom->getAtomicNum() == 33 ||
        atom->getChiralTag() != RDKit::Atom::CHI_UNSPECIFIED ||
        (atom->getDegree() >= 3 && !(atom->getAtomicNum() == 6 && atom->getTotalDegree() < 4) &&
         !inverts(*atom) && !has_equal_ends(*atom)))
      return true;
  return false;
}

int stereocentres(const RDKit::ROMol& graph) {
  using namespace RDKit::common_properties;
  if (!may_have_stereocentre(graph)) return 0;
  RDKit::ROMol own(graph);  // RDKit marks the atoms
  RDKit::MolOps::assignStereochemistry(own, false, true, true);
  int centres = 0;
  for (const auto atom : own.atoms()) centres += atom->hasProp(_CIPCode) || atom->hasProp(_ChiralityPossible);
  return centres;
}

}  // namespace

Descriptors descriptors(const SubstructureTarget& target) {
  using namespace RDKit;
  const ROMol& graph = *target.prepared().graph;
  Descriptors d;
  d.molecular_weight = RDKit::Descriptors::calcAMW(graph);
  const CrippenEstimate crippen = crippen_estimate(graph);
  d.clogp = crippen.log_p;
  d.molar_refractivity = crippen.molar_refractivity;
  d.tpsa = polar_surface(graph);
  d.fraction_csp3 = RDKit::Descriptors::calcFractionCSP3(graph);
  PatternSearch groups(counted_groups(), target);
  d.hydrogen_bond_donors = groups.count(0);
  d.hydrogen_bond_acceptors = groups.count(1);
  d.rotatable_bonds = groups.count(2);
  d.lipinski_donors = static_cast<int>(RDKit::Descriptors::calcLipinskiHBD(graph));
  d.lipinski_acceptors = static_cast<int>(RDKit::Descriptors::calcLipinskiHBA(graph));
  d.heavy_atoms = static_cast<int>(graph.getNumHeavyAtoms());
  d.rings = static_cast<int>(RDKit::Descriptors::calcNumRings(graph));
  d.aromatic_rings = static_cast<int>(RDKit::Descriptors::calcNumAromaticRings(graph));
  d.formal_charge = MolOps::getFormalCharge(graph);
  for (const auto atom : graph.atoms()) {
    d.heteroatoms += atom->getAtomicNum() != 1 && atom->getAtomicNum() != 6;
    d.unusual_atoms += !is_usual(atom->getAtomicNum());
  }
  return d;
}

Descriptors descriptors(const Molecule& molecule) {
  return descriptors(SubstructureTarget(molecule));
}

double crippen_log_p(const Molecule& molecule) {
  return crippen_estimate(*heavy_graph(molecule)).log_p;
}

double polar_surface_area(const Molecule& molecule) {
  return polar_surface(*heavy_graph(molecule));
}

RingCounts ring_counts(const Molecule& molecule) {
  const auto graph = heavy_graph(molecule);
  return {static_cast<int>(RDKit::Descriptors::calcNumRings(*graph)),
          static_cast<int>(RDKit::Descriptors::calcNumAromaticRings(*graph)),
          static_cast<int>(RDKit::Descriptors::calcNumAliphaticRings(*graph))};
}

Complexity complexity(const Molecule& molecule) {
  using namespace RDKit;
  const auto graph = heavy_graph(molecule);
  Complexity c;
  c.atoms = static_cast<int>(graph->getNumAtoms());
  c.stereocentres = stereocentres(*graph);
  c.spiro_atoms = static_cast<int>(RDKit::Descriptors::calcNumSpiroAtoms(*graph));
  c.bridgehead_atoms = static_cast<int>(RDKit::Descriptors::calcNumBridgeheadAtoms(*graph));
  for (const auto& ring : graph->getRingInfo()->atomRings()) c.macrocycles += ring.size() > 8;
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
