// Points in the unit cube for tests of fronts and volumes.
#pragma once
#include <cmath>
#include <vector>

#include "chem/counter_random.hpp"

namespace theriac::scoring {

/// On a grid of `steps` values per coordinate, so that ties and twins occur; 0: anywhere.
inline std::vector<std::vector<double>> random_points(std::size_t n, std::size_t dimensions,
                                                      std::uint64_t seed, int steps = 0) {
  chem::CounterRandom random(seed, "points", "test", n * 100 + dimensions);
  std::vector<std::vector<double>> out(n, std::vector<double>(dimensions));
  for (auto& point : out)
    for (double& x : point)
      x = steps > 0 ? static_cast<double>(1 + random.below(static_cast<std::uint32_t>(steps))) / steps
                    : random.uniform(0.001, 1);
  return out;
}

/// On the sphere in the positive corner: no point dominates another.
inline std::vector<std::vector<double>> sphere_points(std::size_t n, std::size_t dimensions,
                                                      std::uint64_t seed) {
  chem::CounterRandom random(seed, "sphere", "test", n * 100 + dimensions);
  std::vector<std::vector<double>> out(n, std::vector<double>(dimensions));
  for (auto& point : out) {
    double norm = 0;
    for (double& x : point) {
      x = std::abs(random.normal()) + 1e-3;
      norm += x * x;
    }
    for (double& x : point) x /= std::sqrt(norm);
  }
  return out;
}

}  // namespace theriac::scoring
