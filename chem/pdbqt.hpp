// Flexible ligands in PDBQT, the file format of AutoDock: atoms with types and charges under ROOT and nested
// BRANCH records, one BRANCH per rotatable bond.
//
// The format has no bonds. They are perceived as AutoDock Vina does: atoms closer than 1.1 times the sum of
// their covalent radii, if their distance cannot change or they form a rotor axis, and if no third atom that
// keeps its distance to both lies between them.
// G. M. Morris et al., J. Comput. Chem. 30, 2785 (2009); O. Trott, A. J. Olson, J. Comput. Chem. 31, 455
// (2010).
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"

namespace theriac::chem {

/// The one ligand of a PDBQT text. `source_name` is the file name that messages and the ligand's name use.
/// Throws MoleculeError with file, line and value: unknown atom types, bad numbers, unmatched BRANCH records,
/// receptor files, several MODELs.
FlexibleLigand read_pdbqt_ligand(const std::string& text, const std::string& source_name);

/// Every MODEL of a text, e.g. the poses that Vina wrote; a text without MODEL records is one ligand.
std::vector<FlexibleLigand> read_pdbqt_ligands(const std::string& text, const std::string& source_name);

/// PDBQT text that AutoDock Vina 1.2 loads. Hydrogens on carbon (type "H") are merged into their carbon, with
/// their charge. `coordinates` (one per ligand atom) replace the ligand's own; `remarks` become REMARK lines.
std::string write_pdbqt_ligand(const FlexibleLigand& ligand, const std::vector<Vector3>& coordinates = {},
                               const std::vector<std::string>& remarks = {});

/// Covalent radius by atomic number as Vina uses it for bond perception, angstrom; metals 1.75.
double covalent_radius(int element);

}  // namespace theriac::chem
