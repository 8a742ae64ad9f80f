#include "chem/superposition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::chem {
namespace {

using Matrix4 = std::array<std::array<double, 4>, 4>;

Vector3 mean(const std::vector<Vector3>& points) {
  Vector3 sum;
  for (const auto& p : points) sum = sum + p;
  return (1.0 / static_cast<double>(points.size())) * sum;
}

/// The eigenvector of the largest eigenvalue of a symmetric matrix.
std::array<double, 4> main_axis(Matrix4 a) {
  Matrix4 v{};
  for (int i = 0; i < 4; ++i) v[i][i] = 1;
  for (int sweep = 0; sweep < 50; ++sweep) {
    double off = 0;
    for (int i = 0; i < 4; ++i)
      for (int j = i + 1; j < 4; ++j) off += a[i][j] * a[i][j];
    if (off < 1e-24) break;
    for (int p = 0; p < 4; ++p)
      for (int q = p + 1; q < 4; ++q) {
        if (std::abs(a[p][q]) < 1e-300) continue;
        const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < 4; ++k) {
          const double x = a[k][p], y = a[k][q];
          a[k][p] = c * x - s * y;
          a[k][q] = s * x + c * y;
        }
        for (int k = 0; k < 4; ++k) {
          const double x = a[p][k], y = a[q][k];
          a[p][k] = c * x - s * y;
          a[q][k] = s * x + c * y;
        }
        for (int k = 0; k < 4; ++k) {
          const double x = v[k][p], y = v[k][q];
          v[k][p] = c * x - s * y;
          v[k][q] = s * x + c * y;
        }
      }
  }
  int best = 0;
  for (int i = 1; i < 4; ++i)
    if (a[i][i] > a[best][best]) best = i;
  return {{v[0][best], v[1][best], v[2][best], v[3][best]}};
}

}  // namespace

Vector3 RigidMotion::moved(Vector3 p) const {
  const Vector3 d = p - from;
  const auto& m = rotation;
  return to + Vector3{m[0] * d.x + m[1] * d.y + m[2] * d.z, m[3] * d.x + m[4] * d.y + m[5] * d.z,
                      m[6] * d.x + m[7] * d.y + m[8] * d.z};
}

RigidMotion superposition(const std::vector<Vector3>& points, const std::vector<Vector3>& target) {
  if (points.size() != target.size() || points.empty())
    throw MoleculeError(
        fmt::format("cannot superpose {} points and {} points", points.size(), target.size()));
  RigidMotion motion;
  motion.from = mean(points);
  motion.to = mean(target);
  double s[3][3] = {};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Vector3 a = points[i] - motion.from, b = target[i] - motion.to;
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 3; ++c) s[r][c] += a[r] * b[c];
  }
  const Matrix4 n = {
      {{{s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]}},
       {{s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]}},
       {{s[2][0] - s[0][2], s[0][1] + s[1][0], -s[0][0] + s[1][1] - s[2][2], s[1][2] + s[2][1]}},
       {{s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], -s[0][0] - s[1][1] + s[2][2]}}}};
  const auto [w, x, y, z] = main_axis(n);
  motion.rotation = {{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), 2 * (x * y + w * z),
                      1 - 2 * (x * x + z * z), 2 * (y * z - w * x), 2 * (x * z - w * y), 2 * (y * z + w * x),
                      1 - 2 * (x * x + y * y)}};
  return motion;
}

double rmsd(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  if (a.size() != b.size() || a.empty())
    throw MoleculeError(fmt::format("cannot compare {} points with {} points", a.size(), b.size()));
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += squared_distance(a[i], b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

}  // namespace theriac::chem
