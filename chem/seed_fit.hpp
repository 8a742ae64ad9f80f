// Turning a ligand's own conformer onto positions from elsewhere: torsions, then place and orientation.
// Inside `chem` only; users want `seed_pose.hpp`.
#pragma once
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

struct FittedPose {
  std::vector<Vector3> coordinates;  ///< angstrom, one per atom
  double rmsd = 0;                   ///< heavy atoms, angstrom, to the target
};

/// The conformer (one position per atom) whose torsions, place and orientation bring its heavy atoms nearest
/// to `target` (one per atom; those of hydrogens are not looked at). Bonds, angles and rings stay as they
/// are.
FittedPose fitted_pose(const FlexibleLigand& ligand, const std::vector<Vector3>& conformer,
                       const std::vector<Vector3>& target);

/// The best of all conformers of the ligand.
FittedPose fitted_pose(const FlexibleLigand& ligand, const std::vector<Vector3>& target);

}  // namespace theriac::chem
