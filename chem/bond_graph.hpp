// A molecule as a message-passing network sees it: heavy atoms and directed bonds, each in a few categories.
//
// The categories are those of Chemprop 2 (K. Yang et al., J. Chem. Inf. Model. 59, 3370 (2019); E. Heid et
// al., J. Chem. Inf. Model. 64, 9 (2024)): every category is a group of slots of which one is set, and the
// last slot of a group means "something else". One thing differs: handedness is the CIP label, R or S, not
// RDKit's chiral tag, because the tag depends on the order in which the atoms are written down. So equal
// molecules give equal graphs, up to the order of atoms and bonds.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

constexpr int atom_vector_size = 72;
constexpr int bond_vector_size = 14;

/// Each number is a slot within its group.
struct AtomTraits {
  std::uint8_t element = 37;       ///< of 38: atomic numbers 1 to 36, 53, other
  std::uint8_t degree = 6;         ///< of 7: neighbours with hydrogens 0 to 5, more
  std::uint8_t charge = 5;         ///< of 6: -1, -2, 1, 2, 0, other
  std::uint8_t handedness = 0;     ///< of 5: none, R, S; two slots of Chemprop's stay empty
  std::uint8_t hydrogens = 5;      ///< of 6: 0 to 4, more
  std::uint8_t hybridisation = 7;  ///< of 8: s, sp, sp2, sp2d, sp3, sp3d, sp3d2, other
  bool aromatic = false;
  float mass = 0;  ///< average, dalton / 100
};

struct BondTraits {
  std::uint8_t order = 4;   ///< single, double, triple, aromatic; 4: other, no slot
  std::uint8_t stereo = 0;  ///< of 7: none, any, Z, E, cis, trans, other
  bool conjugated = false;
  bool in_ring = false;
};

/// Bond b is two directed edges: 2 b runs from `begin` to `end`, 2 b + 1 back.
struct GraphEdge {
  std::int32_t begin = 0, end = 0;  ///< atoms
};

struct BondGraph {
  std::vector<AtomTraits> atoms;
  std::vector<BondTraits> bonds;
  std::vector<GraphEdge> ends;  ///< one per bond

  int atom_count() const { return static_cast<int>(atoms.size()); }
  int bond_count() const { return static_cast<int>(bonds.size()); }
};

/// Explicit hydrogens are left out. Safe to call for one molecule from many threads.
BondGraph bond_graph(const Molecule& molecule);

/// The vectors as published: groups one behind the other, then aromatic and mass / 100; for bonds "no bond",
/// four orders, conjugated, in a ring, seven kinds of stereo.
std::array<float, atom_vector_size> atom_vector(const AtomTraits& atom);
std::array<float, bond_vector_size> bond_vector(const BondTraits& bond);

/// Places in the atom vector where each group begins; the last two are aromatic and mass.
struct AtomSlots {
  static constexpr int element = 0, degree = 38, charge = 45, handedness = 51, hydrogens = 56,
                       hybridisation = 62, aromatic = 70, mass = 71;
};
struct BondSlots {
  static constexpr int none = 0, order = 1, conjugated = 5, in_ring = 6, stereo = 7;
};

}  // namespace theriac::chem
