// Which poses are the same: RMSD over heavy atoms that respects the symmetry of the ligand, and a greedy pick
// of distinct poses. Angstrom.
#pragma once
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "scoring/pose_model.hpp"

namespace theriac::scoring {

/// Compares poses of one ligand given as heavy-atom coordinates in the model's order.
class PoseDistance {
 public:
  PoseDistance(const PoseModel& model, const chem::FlexibleLigand& ligand);

  /// The smallest heavy-atom RMSD over the ligand's symmetries; the molecules are not moved.
  double rmsd(const std::vector<chem::Vector3>& a, const std::vector<chem::Vector3>& b) const;

  /// Indices of poses no two of which are closer than `least`, taken in the given order, at most `at_most`.
  std::vector<std::size_t> distinct(const std::vector<const std::vector<chem::Vector3>*>& poses, double least,
                                    std::size_t at_most) const;

 private:
  std::vector<std::vector<int>> permutations_;  // of heavy atoms
};

}  // namespace theriac::scoring
