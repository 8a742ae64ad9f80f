// The files and molecules that both engines of a redocking benchmark are given.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"
#include "cli/redock_set.hpp"

namespace theriac::cli {

/// The receptor as PDBQT: the set's own file, or one prepared from PDB and written to `folder`. Returns its
/// path. Throws InputError, StorageError.
std::string receptor_for_redocking(const RedockComplex& complex, const std::string& folder);

/// The first molecule of an SDF file. Throws InputError with file and line.
chem::Molecule read_one_molecule(const std::string& path);

/// The start conformer as both engines read it: all hydrogens, as drawn.
struct StartLigand {
  chem::Molecule molecule;
  chem::FlexibleLigand flexible;
};

/// With at most `ring_conformers` conformers, the file's own first. Throws InputError, MoleculeError.
StartLigand start_ligand(const RedockComplex& complex, int ring_conformers, std::uint64_t seed);

/// Writes `ligand` as PDBQT and tells which of its atoms stands at which place of the file: the order in
/// which another program reports poses.
class LigandFile {
 public:
  /// Throws MoleculeError, StorageError.
  LigandFile(const chem::FlexibleLigand& ligand, std::string path);

  const std::string& path() const { return path_; }
  /// A pose in the order of the file as a pose of the ligand; hydrogens that the file does not have stay at
  /// the origin. Throws MoleculeError for another number of atoms.
  std::vector<chem::Vector3> in_ligand_order(const std::vector<chem::Vector3>& pose) const;

 private:
  std::string path_;
  std::vector<std::size_t> ligand_atom_;  // per atom of the file
  std::size_t ligand_atoms_ = 0;
};

/// One complex, ready for any engine.
struct RedockInput {
  std::string receptor;    ///< path of a PDBQT file
  chem::Molecule crystal;  ///< the pose to be found
  StartLigand ligand;      ///< one conformer
  LigandFile file;         ///< that conformer as PDBQT
};

/// Files that have to be made go to OUT/inputs/ID. Throws InputError, MoleculeError, StorageError.
RedockInput redock_input(const RedockComplex& complex, const std::string& out, std::uint64_t seed);

/// Symmetry-corrected heavy-atom RMSD of poses in the order of the ligand file, angstrom.
std::vector<double> rmsds_to_crystal(const RedockInput& input,
                                     const std::vector<std::vector<chem::Vector3>>& poses);

}  // namespace theriac::cli
