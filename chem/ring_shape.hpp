// The torsions that tell ring conformers of one molecule apart. Inside `chem` only.
#pragma once
#include <array>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

/// Signed dihedral angle a-b-c-d in radians, in (-pi, pi].
double dihedral(Vector3 a, Vector3 b, Vector3 c, Vector3 d);

/// Rings of five or more atoms with at least two sp3 atoms pucker; large rings always do.
bool is_flexible_ring(const RDKit::ROMol& mol, const std::vector<int>& ring);

class RingShape {
 public:
  /// Rings and tertiary amides; atoms related by symmetry are equal.
  static RingShape of_molecule(const Molecule& molecule);
  /// Rings only, every atom distinct: for a ring system cut out of a larger molecule.
  static RingShape of_ring_system(const Molecule& molecule);

  bool is_flexible() const { return !torsions_.empty(); }
  bool has_macrocycle() const { return largest_ring_ >= 8; }  ///< a flexible ring of eight or more atoms
  int flexible_rings() const { return flexible_rings_; }
  /// The C-N bonds of tertiary amides outside rings, as (carbon, nitrogen).
  const std::vector<std::pair<int, int>>& amides() const { return amides_; }

  /// Largest difference of a torsion between two conformers, radians, minimised over the symmetries.
  double difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) const;

 private:
  using Torsion = std::array<int, 4>;
  std::vector<double> values(const std::vector<Vector3>& x, const std::vector<int>& permutation) const;
  void add_rings(const RDKit::ROMol& mol);
  void add_ring(const RDKit::ROMol& mol, const std::vector<int>& ring);
  void add_amides(const RDKit::ROMol& mol);

  std::vector<Torsion> torsions_;
  std::vector<std::vector<int>> symmetries_;
  std::vector<std::pair<int, int>> amides_;
  int largest_ring_ = 0, flexible_rings_ = 0;
};

}  // namespace theriac::chem
