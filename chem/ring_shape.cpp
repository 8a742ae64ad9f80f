#include "chem/ring_shape.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "chem/molecular_symmetry.hpp"
#include "chem/units.hpp"

namespace theriac::chem {
bool is_flexible_ring(const RDKit::ROMol& mol, const std::vector<int>& ring) {
  if (ring.size() < 5) return false;
  int sp3 = 0, aromatic = 0;
  for (const int i : ring) {
    const auto* atom = mol.getAtomWithIdx(static_cast<unsigned>(i));
    sp3 += atom->getHybridization() == RDKit::Atom::SP3;
    aromatic += atom->getIsAromatic();
  }
  if (ring.size() >= 8) return aromatic < static_cast<int>(ring.size());
  return sp3 >= 2;
}

double dihedral(Vector3 a, Vector3 b, Vector3 c, Vector3 d) {
  const Vector3 u = b - a, v = c - b, w = d - c;
  const Vector3 p = cross(u, v), q = cross(v, w);
  return std::atan2(dot(cross(p, q), v) / std::max(norm(v), 1e-12), dot(p, q));
}

RingShape RingShape::of_molecule(const Molecule& molecule) {
  RingShape shape;
  shape.add_rings(molecule.graph());
  shape.add_amides(molecule.graph());
  if (shape.is_flexible()) shape.symmetries_ = heavy_atom_symmetries(molecule, 64);
  return shape;
}

RingShape RingShape::of_ring_system(const Molecule& molecule) {
  RingShape shape;
  shape.add_rings(molecule.graph());
  std::vector<int> identity(static_cast<std::size_t>(molecule.atom_count()));
  std::iota(identity.begin(), identity.end(), 0);
  shape.symmetries_ = {identity};
  return shape;
}

void RingShape::add_rings(const RDKit::ROMol& mol) {
  for (const auto& ring : mol.getRingInfo()->atomRings())
    if (is_flexible_ring(mol, ring)) add_ring(mol, ring);
}

void RingShape::add_ring(const RDKit::ROMol& mol, const std::vector<int>& ring) {
  ++flexible_rings_;
  const int n = static_cast<int>(ring.size());
  largest_ring_ = std::max(largest_ring_, n);
  const std::set<int> members(ring.begin(), ring.end());
  for (int k = 0; k < n; ++k) {
    const int a = ring[k], b = ring[(k + 1) % n], c = ring[(k + 2) % n], d = ring[(k + 3) % n];
    torsions_.push_back({a, b, c, d});
    for (const auto* x : mol.atomNeighbors(mol.getAtomWithIdx(static_cast<unsigned>(b)))) {
      const int outside = static_cast<int>(x->getIdx());
      if (x->getAtomicNum() > 1 && !members.count(outside)) torsions_.push_back({outside, b, c, d});
    }
  }
}

/// X-C(=O)-N(R)-R' with two heavy groups on nitrogen: both rotamers occur.
void RingShape::add_amides(const RDKit::ROMol& mol) {
  for (const auto* bond : mol.bonds()) {
    if (bond->getBondType() != RDKit::Bond::SINGLE || mol.getRingInfo()->numBondRings(bond->getIdx()))
      continue;
    const auto *carbon = bond->getBeginAtom(), *nitrogen = bond->getEndAtom();
    if (carbon->getAtomicNum() == 7) std::swap(carbon, nitrogen);
    if (carbon->getAtomicNum() != 6 || nitrogen->getAtomicNum() != 7 || nitrogen->getIsAromatic()) continue;
    if (carbon->getTotalDegree() != 3 || nitrogen->getTotalDegree() != 3) continue;
    int oxygen = -1;
    for (const auto* x : mol.atomBonds(carbon))
      if (x->getBondType() == RDKit::Bond::DOUBLE && x->getOtherAtom(carbon)->getAtomicNum() != 6)
        oxygen = static_cast<int>(x->getOtherAtomIdx(carbon->getIdx()));
    std::vector<int> groups;
    for (const auto* x : mol.atomNeighbors(nitrogen))
      if (x != carbon && x->getAtomicNum() > 1) groups.push_back(static_cast<int>(x->getIdx()));
    if (oxygen < 0 || groups.size() != 2) continue;
    amides_.emplace_back(static_cast<int>(carbon->getIdx()), static_cast<int>(nitrogen->getIdx()));
    torsions_.push_back(
        {oxygen, static_cast<int>(carbon->getIdx()), static_cast<int>(nitrogen->getIdx()), groups[0]});
  }
}

std::vector<double> RingShape::values(const std::vector<Vector3>& x, const std::vector<int>& p) const {
  std::vector<double> out;
  for (const auto& t : torsions_) out.push_back(dihedral(x[p[t[0]]], x[p[t[1]]], x[p[t[2]]], x[p[t[3]]]));
  return out;
}

double RingShape::difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) const {
  if (torsions_.empty()) return 0;
  const std::vector<double> own = values(a, symmetries_.front());
  double best = units::pi;
  for (const auto& p : symmetries_) {
    const std::vector<double> other = values(b, p);
    double worst = 0;
    for (std::size_t i = 0; i < own.size() && worst < best; ++i)
      worst = std::max(worst, std::abs(std::remainder(own[i] - other[i], 2 * units::pi)));
    best = std::min(best, worst);
  }
  return best;
}

}  // namespace theriac::chem
