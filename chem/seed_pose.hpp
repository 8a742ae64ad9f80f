// Poses from other programs (co-folding, diffusion, another docker), put onto the ligand as docking knows it.
//
// Such a pose often comes without hydrogens, in another atom order, protonation or tautomer, or with its bond
// orders lost. It belongs to a ligand when the heavy atoms match by element and connection and either the
// hydrogens agree but for protons moved or lost, or the pose was drawn without any bond orders. Its heavy
// atoms are taken over, hydrogens placed anew, and bonds, angles and rings relaxed by MMFF94s with every
// heavy atom held within 0.3 angstrom: so the pose keeps its own rings and is no wreck. Where that gives no
// sound shape, the ligand's own conformers are turned onto it, torsion by torsion.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"
#include "chem/record.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

/// One pose of a seed file.
struct SeedPose {
  std::int64_t number = 0;  ///< of the record in its file, from 1
  std::string title;        ///< its name in the file; empty without one
  Molecule molecule;        ///< with 3D coordinates

  /// "seed 3 (boltz_1)", or "seed 3".
  std::string label() const;
};

/// A record of a seed file that gives no pose.
struct UnreadSeed {
  std::int64_t number = 0;
  std::string title, message;
};

/// All poses of a file, found by the composition of their heavy atoms.
class SeedFile {
 public:
  /// Any format with 3D coordinates. Salts and solvents drawn beside a ligand are left out. Throws
  /// InputError: missing, empty, unknown format, or not one pose that could be read.
  explicit SeedFile(const std::string& path);

  const std::vector<SeedPose>& poses() const { return poses_; }
  const std::vector<UnreadSeed>& unread() const { return unread_; }
  /// Indices of poses with the elements and degrees of the ligand's heavy atoms: those worth matching.
  const std::vector<std::size_t>& alike(const FlexibleLigand& ligand) const;

 private:
  std::vector<SeedPose> poses_;
  std::vector<UnreadSeed> unread_;
  std::map<std::string, std::vector<std::size_t>> by_composition_;
};

/// Where a seed pose puts the ligand, or why it does not.
struct PlacedSeed {
  std::vector<Vector3> coordinates;  ///< angstrom, one per atom of the ligand; empty when it was not placed
  std::string message;               ///< then: why, in plain words
  bool fitted = false;               ///< the ligand's own bonds and rings, turned onto the pose
  double rmsd = 0;                   ///< heavy atoms, angstrom, to the pose as it was given
};

/// `with_hydrogens` is what `ligand` was made from; without one (PDBQT) elements and connections alone
/// decide and the ligand's own geometry is turned onto the pose. Empty when the pose is of another molecule.
/// Thread-safe; equal input gives equal coordinates.
std::optional<PlacedSeed> placed_seed(const SeedPose& seed, const std::optional<Molecule>& with_hydrogens,
                                      const FlexibleLigand& ligand);

}  // namespace theriac::chem
