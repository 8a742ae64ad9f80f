// Side chains that move while a ligand is docked.
//
// Following AutoDock, a side chain turns about its chi angles on a fixed root: the CA atom (with its
// hydrogen), which leaves the rigid receptor together with the side chain, so that no atom is counted twice.
// N, C and O stay rigid. Torsions that would move hydrogens only (OH, NH3+, CH3) do not count. G. M. Morris
// et al., J. Comput. Chem. 30, 2785 (2009).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/receptor.hpp"

namespace theriac::chem {

/// Moves the side chains of `residues` out of `receptor.atoms` into `receptor.flexible_residues`. A residue
/// without chain letter is looked for in the only chain that has its number. Throws InputError, with the
/// receptor unchanged: a residue that is not there (the nearest are listed), without chi angles (Gly, Ala,
/// Pro), in a disulfide, incomplete, not an amino acid, or named twice.
void make_flexible(Receptor& receptor, const std::vector<ResidueId>& residues);

/// Flexible side chains of a PDBQT file (BEGIN_RES ... END_RES), as AutoDock's and Meeko's tools write them
/// beside a rigid receptor. Plain or gzip. Throws InputError or MoleculeError naming file and line.
std::vector<FlexibleResidue> read_flexible_residues(const std::string& path);
std::vector<FlexibleResidue> parse_flexible_residues(std::string_view text, const std::string& source);

/// The same file, for `vina --flex`; the rigid part is `receptor_pdbqt`. Empty without flexible residues.
std::string flexible_residues_pdbqt(const Receptor& receptor);

}  // namespace theriac::chem
