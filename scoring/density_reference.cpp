// The density of an atom straight from its definition.
#include <cmath>

#include "scoring/density_grid.hpp"

namespace theriac::scoring {
namespace {

double density(double distance, double radius) {
  const double u = distance / radius;
  if (u <= 1) return std::exp(-2 * u * u);
  return u <= density_reach ? std::exp(-2.0) * (4 * u * u - 12 * u + 9) : 0;
}

}  // namespace

std::vector<double> reference_density(const std::vector<DensityAtom>& atoms, chem::Vector3 centre) {
  constexpr int n = density_points;
  const double half = density_spacing * (n - 1) / 2;
  const chem::Vector3 origin = centre - chem::Vector3{half, half, half};
  std::vector<double> grid(static_cast<std::size_t>(density_channels) * n * n * n);
  for (const auto& atom : atoms) {
    if (atom.channel < 0) continue;
    double* at = grid.data() + static_cast<std::size_t>(atom.channel) * n * n * n;
    for (int x = 0; x < n; ++x)
      for (int y = 0; y < n; ++y)
        for (int z = 0; z < n; ++z, ++at) {
          const auto point = origin + density_spacing * chem::Vector3{double(x), double(y), double(z)};
          *at += density(chem::distance(point, atom.position), atom.radius);
        }
  }
  return grid;
}

}  // namespace theriac::scoring
