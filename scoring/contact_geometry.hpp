// Geometry of a contact: how far apart, and who points where. Lengths in angstrom.
#pragma once
#include <algorithm>
#include <vector>

#include "chem/vector3.hpp"

namespace theriac::scoring {

/// 1 up to `full`, 0 from `none` on.
inline double fading(double r, double full, double none) {
  return std::clamp((none - r) / (none - full), 0.0, 1.0);
}

/// Unit vector from the bonded atoms outwards; zero where they cancel.
inline chem::Vector3 outward(const chem::Vector3& at, const std::vector<chem::Vector3>& bonded) {
  chem::Vector3 sum;
  for (const auto& b : bonded) sum = sum + (1 / std::max(distance(at, b), 1e-6)) * (at - b);
  const double length = norm(sum);
  return length > 0.2 ? (1 / length) * sum : chem::Vector3{};
}

/// 1 for a partner straight ahead, 0 for one more than 90 degrees aside; 1 where no direction is known.
inline double directed(const chem::Vector3& away, const chem::Vector3& to) {
  const double length = norm(to);
  if (dot(away, away) < 0.5 || length < 1e-6) return 1;
  return std::clamp(dot(away, to) / length / 0.7, 0.0, 1.0);
}

/// Cosine of the torsion a-b-c-d.
inline double cosine_of_torsion(chem::Vector3 a, chem::Vector3 b, chem::Vector3 c, chem::Vector3 d) {
  const chem::Vector3 p = cross(b - a, c - b), q = cross(c - b, d - c);
  return std::clamp(dot(p, q) / std::max(norm(p) * norm(q), 1e-12), -1.0, 1.0);
}

}  // namespace theriac::scoring
