// The files and molecules that both engines of a redocking benchmark are given.
#pragma once
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

}  // namespace theriac::cli
