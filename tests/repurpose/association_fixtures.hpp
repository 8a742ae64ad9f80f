// Association tables with a planted order: drugs and diseases fall into groups, and drugs of a group treat
// diseases of the same group.
#pragma once
#include <cstdint>

#include "chem/counter_random.hpp"
#include "repurpose/association_data.hpp"

namespace theriac::repurpose {

/// `density` of the pairs within a group are known, others never. Similarities: near 0.8 inside a group,
/// below 0.2 between groups.
inline AssociationData planted_groups(std::size_t drugs, std::size_t diseases, std::size_t groups,
                                      double density, std::uint64_t seed) {
  chem::CounterRandom random(seed, "", "planted groups");
  AssociationData data;
  data.associations = RealMatrix(drugs, diseases);
  for (std::size_t i = 0; i < drugs; ++i)
    for (std::size_t j = 0; j < diseases; ++j)
      data.associations(i, j) = i % groups == j % groups && random.uniform() < density;
  const auto similarity = [&](std::size_t size) {
    RealMatrix out(size, size, 1);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k < i; ++k)
        out(i, k) = out(k, i) = (i % groups == k % groups ? 0.7 : 0.0) + random.uniform(0.0, 0.2);
    return out;
  };
  data.drug_similarity = similarity(drugs);
  data.disease_similarity = similarity(diseases);
  return data;
}

}  // namespace theriac::repurpose
