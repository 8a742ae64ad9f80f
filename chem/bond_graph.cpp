#include "chem/bond_graph.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/RWMol.h>

#include <algorithm>

#include "chem/heavy_graph.hpp"

namespace theriac::chem {
namespace {

std::uint8_t slot(int value, int most) {
  return static_cast<std::uint8_t>(value >= 0 && value <= most ? value : most + 1);
}

std::uint8_t element_slot(int atomic_number) {
  if (atomic_number >= 1 && atomic_number <= 36) return static_cast<std::uint8_t>(atomic_number - 1);
  return atomic_number == 53 ? 36 : 37;
}

std::uint8_t charge_slot(int charge) {
  constexpr std::array<int, 5> order = {-1, -2, 1, 2, 0};
  return static_cast<std::uint8_t>(std::find(order.begin(), order.end(), charge) - order.begin());
}

std::uint8_t hybridisation_slot(RDKit::Atom::HybridizationType type) {
  using RDKit::Atom;
  constexpr std::array<Atom::HybridizationType, 7> order = {Atom::S,   Atom::SP,   Atom::SP2,  Atom::SP2D,
                                                            Atom::SP3, Atom::SP3D, Atom::SP3D2};
  return static_cast<std::uint8_t>(std::find(order.begin(), order.end(), type) - order.begin());
}

bool tagged(const RDKit::Atom& atom) {
  return atom.getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CW ||
         atom.getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CCW;
}

std::uint8_t handedness_slot(const RDKit::Atom& atom) {
  std::string label;
  if (!tagged(atom) || !atom.getPropIfPresent(RDKit::common_properties::_CIPCode, label)) return 0;
  return label == "R" ? 1 : label == "S" ? 2 : 0;
}

/// A graph whose marked centres have their labels: the molecule's own, or a copy to which they were added.
std::shared_ptr<const RDKit::ROMol> labelled_graph(const Molecule& molecule) {
  auto graph = heavy_graph(molecule);
  for (const auto atom : graph->atoms())
    if (tagged(*atom) && !atom->hasProp(RDKit::common_properties::_CIPCode)) {
      auto copy = std::make_shared<RDKit::ROMol>(*graph);
      RDKit::MolOps::assignStereochemistry(*copy, false, true);
      return copy;
    }
  return graph;
}

AtomTraits traits_of(const RDKit::Atom& atom) {
  AtomTraits t;
  t.element = element_slot(atom.getAtomicNum());
  t.degree = slot(static_cast<int>(atom.getTotalDegree()), 5);
  t.charge = charge_slot(atom.getFormalCharge());
  t.handedness = handedness_slot(atom);
  t.hydrogens = slot(static_cast<int>(atom.getTotalNumHs()), 4);
  t.hybridisation = hybridisation_slot(atom.getHybridization());
  t.aromatic = atom.getIsAromatic();
  t.mass = static_cast<float>(0.01 * atom.getMass());
  return t;
}

BondTraits traits_of(const RDKit::Bond& bond, const RDKit::RingInfo& rings) {
  BondTraits t;
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      t.order = 0;
      break;
    case RDKit::Bond::DOUBLE:
      t.order = 1;
      break;
    case RDKit::Bond::TRIPLE:
      t.order = 2;
      break;
    case RDKit::Bond::AROMATIC:
      t.order = 3;
      break;
    default:
      t.order = 4;
  }
  t.stereo = slot(static_cast<int>(bond.getStereo()), 5);
  t.conjugated = bond.getIsConjugated();
  t.in_ring = rings.numBondRings(bond.getIdx()) > 0;
  return t;
}

}  // namespace

BondGraph bond_graph(const Molecule& molecule) {
  const auto graph = labelled_graph(molecule);
  BondGraph out;
  out.atoms.reserve(graph->getNumAtoms());
  out.bonds.reserve(graph->getNumBonds());
  out.ends.reserve(graph->getNumBonds());
  for (const auto atom : graph->atoms()) out.atoms.push_back(traits_of(*atom));
  for (const auto bond : graph->bonds()) {
    out.bonds.push_back(traits_of(*bond, *graph->getRingInfo()));
    out.ends.push_back({static_cast<std::int32_t>(bond->getBeginAtomIdx()),
                        static_cast<std::int32_t>(bond->getEndAtomIdx())});
  }
  return out;
}

std::array<float, atom_vector_size> atom_vector(const AtomTraits& atom) {
  std::array<float, atom_vector_size> v{};
  const auto set = [&](int place) { v[static_cast<std::size_t>(place)] = 1; };
  set(AtomSlots::element + atom.element);
  set(AtomSlots::degree + atom.degree);
  set(AtomSlots::charge + atom.charge);
  set(AtomSlots::handedness + atom.handedness);
  set(AtomSlots::hydrogens + atom.hydrogens);
  set(AtomSlots::hybridisation + atom.hybridisation);
  if (atom.aromatic) set(AtomSlots::aromatic);
  v[AtomSlots::mass] = atom.mass;
  return v;
}

std::array<float, bond_vector_size> bond_vector(const BondTraits& bond) {
  std::array<float, bond_vector_size> v{};
  const auto set = [&](int place) { v[static_cast<std::size_t>(place)] = 1; };
  if (bond.order < 4) set(BondSlots::order + bond.order);
  if (bond.conjugated) set(BondSlots::conjugated);
  if (bond.in_ring) set(BondSlots::in_ring);
  set(BondSlots::stereo + bond.stereo);
  return v;
}

}  // namespace theriac::chem
