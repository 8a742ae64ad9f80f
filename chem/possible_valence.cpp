#include "chem/possible_valence.hpp"

#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/RWMol.h>

#include <memory>
#include <vector>

#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

/// The most bonds of an atom, double ones counted twice; 99 for elements that are left alone.
double most_bonds(const RDKit::Atom& atom) {
  const int charge = atom.getFormalCharge();
  switch (atom.getAtomicNum()) {
    case 5:
      return 3 - charge;
    case 6:
      return 4;
    case 7:
      return 3 + charge;
    case 8:
      return 2 + charge;
    default:
      return 99;
  }
}

double bonds_of(const RDKit::ROMol& molecule, const RDKit::Atom& atom) {
  double sum = atom.getNumExplicitHs();
  for (const auto* bond : molecule.atomBonds(&atom)) sum += bond->getBondTypeAsDouble();
  return sum;
}

RDKit::Bond* longest_multiple(RDKit::RWMol& molecule, const RDKit::Atom& atom) {
  RDKit::Bond* longest = nullptr;
  double length = -1;
  const auto& at = molecule.getConformer();
  for (auto* bond : molecule.atomBonds(&atom)) {
    if (bond->getBondType() != RDKit::Bond::DOUBLE && bond->getBondType() != RDKit::Bond::TRIPLE) continue;
    const double r = (at.getAtomPos(bond->getBeginAtomIdx()) - at.getAtomPos(bond->getEndAtomIdx())).length();
    if (r > length) {
      length = r;
      longest = bond;
    }
  }
  return longest;
}

/// Three neighbours in one plane with the atom: sp2, so that a double bond is missing where there is none.
bool is_flat(const RDKit::ROMol& molecule, const RDKit::Atom& atom) {
  if (atom.getDegree() != 3) return false;
  const auto& at = molecule.getConformer();
  std::vector<RDGeom::Point3D> to;
  for (const auto* other : molecule.atomNeighbors(&atom))
    to.push_back(at.getAtomPos(other->getIdx()) - at.getAtomPos(atom.getIdx()));
  const double angles = to[0].angleTo(to[1]) + to[1].angleTo(to[2]) + to[2].angleTo(to[0]);
  return angles > 355.0 / 180 * 3.14159265358979;
}

/// `atom` has lost a double bond: a flat carbon beside it that has none takes one.
void pass_on(RDKit::RWMol& molecule, const RDKit::Atom& atom) {
  for (auto* bond : molecule.atomBonds(&atom)) {
    const RDKit::Atom& other = *bond->getOtherAtom(&atom);
    if (bond->getBondType() != RDKit::Bond::SINGLE || other.getAtomicNum() != 6 ||
        bonds_of(molecule, other) > 3 || bonds_of(molecule, atom) + 1 > most_bonds(atom) ||
        !is_flat(molecule, other))
      continue;
    bond->setBondType(RDKit::Bond::DOUBLE);
    return;
  }
}

}  // namespace

std::string with_possible_valences(const std::string& mol_block) {
  const RdkitLog log;
  std::unique_ptr<RDKit::RWMol> molecule;
  try {
    molecule.reset(RDKit::MolBlockToMol(mol_block, false, false));
  } catch (const std::exception&) {
    return mol_block;
  }
  if (!molecule || molecule->getNumConformers() == 0) return mol_block;
  bool changed = false;
  for (const auto* atom : molecule->atoms())
    while (bonds_of(*molecule, *atom) > most_bonds(*atom)) {
      RDKit::Bond* bond = longest_multiple(*molecule, *atom);
      if (!bond) return mol_block;
      bond->setBondType(bond->getBondType() == RDKit::Bond::TRIPLE ? RDKit::Bond::DOUBLE
                                                                   : RDKit::Bond::SINGLE);
      pass_on(*molecule, *bond->getOtherAtom(atom));
      changed = true;
    }
  return changed ? RDKit::MolToMolBlock(*molecule, true, -1, false, true) : mol_block;
}

}  // namespace theriac::chem
