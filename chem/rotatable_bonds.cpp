#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/RingInfo.h>
#include <GraphMol/new_canon.h>

#include <algorithm>
#include <set>

#include "chem/torsion_tree.hpp"

namespace theriac::chem {
namespace {

using RDKit::Atom;
using RDKit::Bond;
using RDKit::ROMol;

/// A hydrogen that PDBQT merges into its carbon.
bool is_merged_hydrogen(const ROMol& mol, const Atom* atom) {
  if (atom->getAtomicNum() != 1) return false;
  for (const auto* heavy : mol.atomNeighbors(atom)) {
    const int z = heavy->getAtomicNum();
    if (z == 7 || z == 8 || z == 9 || z == 15 || z == 16) return false;
  }
  return true;
}

/// Nothing but `other` and merged hydrogens hang on the atom.
bool is_terminal(const ROMol& mol, const Atom* atom, const Atom* other) {
  for (const auto* n : mol.atomNeighbors(atom))
    if (n != other && !is_merged_hydrogen(mol, n)) return false;
  return true;
}

/// [CX3]=[O,N,SX1] beside the bond, with an aliphatic three-connected nitrogen at the other end.
bool is_amide_like(const ROMol& mol, const Atom* carbon, const Atom* nitrogen) {
  if (carbon->getAtomicNum() != 6 || carbon->getIsAromatic() || carbon->getTotalDegree() != 3) return false;
  if (nitrogen->getAtomicNum() != 7 || nitrogen->getIsAromatic() || nitrogen->getTotalDegree() != 3)
    return false;
  for (const auto* bond : mol.atomBonds(carbon)) {
    if (bond->getBondType() != Bond::DOUBLE) continue;
    const Atom* x = bond->getOtherAtom(carbon);
    const int z = x->getAtomicNum();
    if (z == 8 || z == 7 || (z == 16 && x->getTotalDegree() == 1)) return true;
  }
  return false;
}

/// Both further neighbours of the nitrogen are heavy and not equivalent.
bool is_unsymmetric_tertiary(const ROMol& mol, const Atom* nitrogen, const Atom* carbon,
                             const std::vector<unsigned>& ranks) {
  std::vector<unsigned> groups;
  for (const auto* n : mol.atomNeighbors(nitrogen)) {
    if (n == carbon) continue;
    if (n->getAtomicNum() == 1) return false;
    groups.push_back(ranks[n->getIdx()]);
  }
  return groups.size() == 2 && groups[0] != groups[1];
}

bool is_halogen_top(const ROMol& mol, const Atom* carbon, const Atom* other) {
  if (carbon->getAtomicNum() != 6 || carbon->getTotalDegree() != 4) return false;
  std::set<int> kinds;
  for (const auto* n : mol.atomNeighbors(carbon))
    if (n != other) kinds.insert(n->getAtomicNum());
  const int z = *kinds.begin();
  return kinds.size() == 1 && (z == 9 || z == 17 || z == 35 || z == 53);
}

bool is_linear(const Atom* atom) {
  return atom->getHybridization() == Atom::SP && atom->getDegree() == 2;
}

const Atom* beyond(const ROMol& mol, const Atom* atom, const Atom* from) {
  for (const auto* n : mol.atomNeighbors(atom))
    if (n != from) return n;
  return nullptr;
}

/// A bond into a linear chain turns nothing when the chain ends on its own axis, and is one rotor too many
/// when the bond at the chain's other end turns already.
bool is_idle_linear(const ROMol& mol, const Bond* bond, const std::set<unsigned>& rotatable) {
  for (const Atom* end : {bond->getBeginAtom(), bond->getEndAtom()}) {
    if (!is_linear(end)) continue;
    const Atom *previous = bond->getOtherAtom(end), *here = end;
    while (is_linear(here)) {
      const Atom* next = beyond(mol, here, previous);
      previous = here;
      here = next;
    }
    if (is_terminal(mol, here, previous)) return true;
    const Bond* far = mol.getBondBetweenAtoms(previous->getIdx(), here->getIdx());
    if (far->getIdx() < bond->getIdx() && rotatable.count(far->getIdx())) return true;
  }
  return false;
}

bool may_turn(const ROMol& mol, const Bond* bond, const TorsionOptions& options,
              const std::vector<unsigned>& ranks) {
  const Atom *a = bond->getBeginAtom(), *b = bond->getEndAtom();
  if (bond->getBondType() != Bond::SINGLE || mol.getRingInfo()->numBondRings(bond->getIdx()) > 0)
    return false;
  if (a->getAtomicNum() == 1 || b->getAtomicNum() == 1) return false;
  if (is_terminal(mol, a, b) || is_terminal(mol, b, a)) return false;
  for (const auto& [carbon, nitrogen] : {std::make_pair(a, b), std::make_pair(b, a)})
    if (is_amide_like(mol, carbon, nitrogen) &&
        !(options.tertiary_amides && is_unsymmetric_tertiary(mol, nitrogen, carbon, ranks)))
      return false;
  return options.halogen_tops || (!is_halogen_top(mol, a, b) && !is_halogen_top(mol, b, a));
}

/// Equivalence classes of atoms, where the amide rule asks for them.
std::vector<unsigned> equivalence_ranks(const ROMol& mol) {
  std::vector<unsigned> ranks;
  RDKit::Canon::rankMolAtoms(mol, ranks, false);
  return ranks;
}

}  // namespace

std::vector<std::pair<int, int>> rotatable_bonds(const Molecule& with_hydrogens,
                                                 const TorsionOptions& options) {
  const ROMol& mol = with_hydrogens.graph();
  std::vector<unsigned> ranks;
  if (options.tertiary_amides) ranks = equivalence_ranks(ROMol(mol));
  std::set<unsigned> chosen;
  for (const auto* bond : mol.bonds())
    if (may_turn(mol, bond, options, ranks)) chosen.insert(bond->getIdx());
  std::vector<std::pair<int, int>> out;
  for (const auto* bond : mol.bonds()) {
    if (!chosen.count(bond->getIdx()) || is_idle_linear(mol, bond, chosen)) continue;
    const int i = static_cast<int>(bond->getBeginAtomIdx()), j = static_cast<int>(bond->getEndAtomIdx());
    out.emplace_back(std::min(i, j), std::max(i, j));
  }
  return out;
}

}  // namespace theriac::chem
