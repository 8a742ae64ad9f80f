// Docked poses as files: SDF with bond orders, stereochemistry and the input's properties; PDBQT as Vina
// writes it; a PyMOL script that shows them in their receptor.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "chem/box.hpp"
#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"

namespace theriac::chem {

/// Tags of an SDF record in the order they are written: name and value.
using PoseTags = std::vector<std::pair<std::string, std::string>>;

/// One SDF record, complete with "$$$$". `molecule` is what `ligand` was made from, hydrogens included;
/// `coordinates` has one position per ligand atom. Atoms without a counterpart in the ligand keep the
/// molecule's own positions. The molecule's own string properties are written first, then `tags`, which win
/// over properties of the same name. V3000 above 999 atoms or bonds. Throws MoleculeError when the three do
/// not fit together.
std::string sdf_record(const Molecule& molecule, const FlexibleLigand& ligand,
                       const std::vector<Vector3>& coordinates, const PoseTags& tags = {});

/// One pose for a PDBQT file.
struct PdbqtPose {
  double affinity = 0;    ///< kcal/mol
  double rmsd_lower = 0;  ///< to the best pose, Vina's lower and upper measure, angstrom
  double rmsd_upper = 0;
  std::vector<Vector3> coordinates;
};

/// MODEL 1 .. n with "REMARK VINA RESULT:" lines, as Vina writes its --out file.
std::string pdbqt_models(const FlexibleLigand& ligand, const std::vector<PdbqtPose>& poses);

/// What a PyMOL script shows. Paths are written as given: relative to where PyMOL is started.
struct PoseScene {
  std::string receptor_file;
  std::string poses_file;      ///< SDF, may be .gz; every record becomes a state
  std::string reference_file;  ///< a known ligand pose, or empty
  Box box;                     ///< not drawn when its size is zero
};

std::string pymol_script(const PoseScene& scene);

}  // namespace theriac::chem
