// Which peptide a molecule is: the way back from structure to one-letter code.
#pragma once
#include <string>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// One-letter code of a chain of the twenty residues, N to C terminus; of a ring closed head to tail the
/// rotation that comes first in the alphabet. Free or capped ends and disulfides are seen through.
/// Stereochemistry is not looked at: compare with peptide_molecule() where it matters. Throws InputError when
/// the molecule is no such peptide.
std::string peptide_residues(const Molecule& molecule);

}  // namespace theriac::chem
