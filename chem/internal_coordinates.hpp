// Bond lengths, bond angles and torsions, to places and back. Angles in degrees here, as templates are
// written.
#pragma once
#include <cmath>

#include "chem/units.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

inline Vector3 unit(Vector3 v) {
  const double length = norm(v);
  return length > 1e-9 ? (1.0 / length) * v : Vector3{1, 0, 0};
}

/// A direction at right angles to `v`.
inline Vector3 any_perpendicular(Vector3 v) {
  return unit(std::abs(v.x) < 0.7 * norm(v) ? cross(v, {1, 0, 0}) : cross(v, {0, 1, 0}));
}

/// Torsion a-b-c-d in degrees, -180 to 180.
inline double torsion_degrees(Vector3 a, Vector3 b, Vector3 c, Vector3 d) {
  const Vector3 axis = unit(c - b);
  const Vector3 u = cross(axis, cross(a - b, axis)), v = cross(axis, cross(d - c, axis));
  return std::atan2(dot(cross(u, v), axis), dot(u, v)) * units::degrees_per_radian;
}

/// The atom bonded to `parent` at `length`, with angle (atom, parent, grandparent) and torsion
/// (atom, parent, grandparent, great_grandparent).
inline Vector3 place_atom(Vector3 great_grandparent, Vector3 grandparent, Vector3 parent, double length,
                          double angle, double torsion) {
  const double a = angle * units::radians_per_degree, t = torsion * units::radians_per_degree;
  const Vector3 back = unit(grandparent - parent);
  const Vector3 away = great_grandparent - grandparent;
  Vector3 side = away - dot(away, back) * back;
  side = norm(side) > 1e-6 ? unit(side) : any_perpendicular(back);
  const Vector3 up = cross(side, back);
  return parent + length * (std::cos(a) * back + std::sin(a) * (std::cos(t) * side + std::sin(t) * up));
}

}  // namespace theriac::chem
