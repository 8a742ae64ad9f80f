// gnina networks with random weights of a sensible size, and atoms to try them on.
#pragma once
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "scoring/density_grid.hpp"
#include "scoring/gnina_weights.hpp"

namespace theriac::scoring {

inline GninaWeights random_gnina_weights(GninaArchitecture architecture, unsigned seed) {
  std::mt19937 generator(seed);
  GninaWeights weights;
  weights.name = std::string("random_") + name(architecture);
  weights.architecture = architecture;
  weights.tensors = gnina_tensor_list(architecture);
  for (auto& tensor : weights.tensors) {
    std::int64_t inputs = 1, count = 1;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      count *= tensor.shape[i];
      if (i > 0) inputs *= tensor.shape[i];
    }
    const bool variance = tensor.name.find("running_var") != std::string::npos;
    std::normal_distribution<float> spread(0, std::sqrt(2.0F / static_cast<float>(inputs)));
    for (std::int64_t i = 0; i < count; ++i)
      tensor.numbers.push_back(variance                   ? 0.5F + std::abs(spread(generator))
                               : tensor.shape.size() == 1 ? 0.3F * spread(generator)
                                                          : spread(generator));
  }
  return weights;
}

/// `count` atoms in a cube of `edge` angstrom around `centre`, of all channels from `first` to `last`.
inline std::vector<DensityAtom> random_density_atoms(int count, double edge, chem::Vector3 centre, int first,
                                                     int last, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> place(-edge / 2, edge / 2), radius(1.2, 2.2);
  std::uniform_int_distribution<int> channel(first, last);
  std::vector<DensityAtom> atoms;
  for (int i = 0; i < count; ++i) {
    const double x = place(generator), y = place(generator), z = place(generator), r = radius(generator);
    atoms.push_back({centre + chem::Vector3{x, y, z}, r, channel(generator)});
  }
  return atoms;
}

}  // namespace theriac::scoring
