#include "scoring/pose_cluster.hpp"

#include <algorithm>

namespace theriac::scoring {

std::vector<std::size_t> distinct_poses(const std::vector<const std::vector<chem::Vector3>*>& poses,
                                        const chem::SymmetricDistance& distance, double least,
                                        std::size_t at_most) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < poses.size() && kept.size() < at_most; ++i)
    if (std::none_of(kept.begin(), kept.end(),
                     [&](std::size_t j) { return distance.rmsd(*poses[i], *poses[j]) < least; }))
      kept.push_back(i);
  return kept;
}

}  // namespace theriac::scoring
