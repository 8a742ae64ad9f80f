// The rigid motion that brings one set of points onto another with the least root mean square distance.
//
// The quaternion of B. K. P. Horn, J. Opt. Soc. Am. A 4, 629 (1987): the eigenvector of a symmetric 4 x 4
// matrix, here by Jacobi rotations.
#pragma once
#include <array>
#include <vector>

#include "chem/vector3.hpp"

namespace theriac::chem {

struct RigidMotion {
  std::array<double, 9> rotation{{1, 0, 0, 0, 1, 0, 0, 0, 1}};
  Vector3 from, to;  ///< centre before and after

  Vector3 moved(Vector3 p) const;
};

/// Moves `points` onto `target`, pair by pair. Throws MoleculeError when their numbers differ or are zero.
RigidMotion superposition(const std::vector<Vector3>& points, const std::vector<Vector3>& target);

/// Root mean square distance of pairs, angstrom, without moving anything.
double rmsd(const std::vector<Vector3>& a, const std::vector<Vector3>& b);

}  // namespace theriac::chem
