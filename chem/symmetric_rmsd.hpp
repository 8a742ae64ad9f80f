// How far two poses of one molecule are apart: heavy-atom RMSD without alignment, corrected for symmetry.
//
// The smallest root mean square distance over all relabellings of the atoms that leave the molecule
// unchanged: a phenyl ring turned by half is the same pose. This is the measure by which redocking is judged
// (2 angstrom). R. Meli, P. C. Biggin, J. Cheminform. 12, 49 (2020).
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

/// Compares poses of one docking ligand.
class SymmetricDistance {
 public:
  /// Over the heavy atoms.
  explicit SymmetricDistance(const FlexibleLigand& ligand);
  /// Over these atoms of the ligand, which its symmetries map onto each other.
  SymmetricDistance(const FlexibleLigand& ligand, const std::vector<int>& atoms);

  /// Between two sets of positions that begin with those atoms, in that order, angstrom; what follows them
  /// (flexible side chains) does not count. Throws MoleculeError when there are fewer.
  double rmsd(const std::vector<Vector3>& a, const std::vector<Vector3>& b) const;

 private:
  std::vector<std::vector<int>> permutations_;  // of those atoms; the identity is one of them
};

/// A pose known from elsewhere, usually the crystal structure, that docked poses are measured against. Its
/// atoms may come in another order, without hydrogens and as another tautomer.
class ReferencePose {
 public:
  /// `docked` is the molecule that `ligand` was made from. Throws MoleculeError when the reference has no 3D
  /// coordinates or is another molecule, naming both.
  ReferencePose(const Molecule& reference, const Molecule& docked, const FlexibleLigand& ligand);
  /// For a ligand read from PDBQT, which has no bond orders: elements and connections decide.
  ReferencePose(const Molecule& reference, const FlexibleLigand& ligand);

  /// Symmetry-corrected RMSD of a pose of the ligand, angstrom.
  double rmsd(const std::vector<Vector3>& pose) const;
  std::size_t mappings() const { return atoms_.size(); }

 private:
  void take(const Molecule& reference, const std::vector<std::vector<int>>& mappings,
            const std::string& docked);

  std::vector<Vector3> reference_;       // heavy atoms
  std::vector<std::vector<int>> atoms_;  // per mapping: the ligand atom of each heavy atom of the reference
  std::size_t ligand_atoms_ = 0;
};

/// Vina's own two measures between poses, as its result lines print them: `upper` is the plain heavy-atom
/// RMSD, `lower` matches every atom with the nearest one of its element, in the worse of both directions.
struct VinaRmsd {
  double lower = 0, upper = 0;
};
VinaRmsd vina_rmsd(const FlexibleLigand& ligand, const std::vector<Vector3>& a,
                   const std::vector<Vector3>& b);

}  // namespace theriac::chem
