#include "scoring/pose_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace theriac::scoring {

PoseDistance::PoseDistance(const PoseModel& model, const chem::FlexibleLigand& ligand) {
  const auto& atoms = model.ligand_atom_index();
  std::vector<int> heavy_index(ligand.atoms.size(), -1);
  for (std::size_t i = 0; i < atoms.size(); ++i) heavy_index[atoms[i]] = static_cast<int>(i);
  for (const auto& symmetry : ligand.symmetries) {
    std::vector<int> permutation;
    for (const int atom : atoms) permutation.push_back(heavy_index[symmetry[atom]]);
    permutations_.push_back(std::move(permutation));
  }
  if (permutations_.empty()) {
    permutations_.emplace_back(atoms.size());
    std::iota(permutations_[0].begin(), permutations_[0].end(), 0);
  }
}

double PoseDistance::rmsd(const std::vector<chem::Vector3>& a, const std::vector<chem::Vector3>& b) const {
  double least = std::numeric_limits<double>::max();
  for (const auto& permutation : permutations_) {
    double sum = 0;
    for (std::size_t i = 0; i < permutation.size() && sum < least; ++i)
      sum += squared_distance(a[i], b[permutation[i]]);
    least = std::min(least, sum);
  }
  return std::sqrt(least / permutations_[0].size());
}

std::vector<std::size_t> PoseDistance::distinct(const std::vector<const std::vector<chem::Vector3>*>& poses,
                                                double least, std::size_t at_most) const {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < poses.size() && kept.size() < at_most; ++i)
    if (std::none_of(kept.begin(), kept.end(),
                     [&](std::size_t j) { return rmsd(*poses[i], *poses[j]) < least; }))
      kept.push_back(i);
  return kept;
}

}  // namespace theriac::scoring
