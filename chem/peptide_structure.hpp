// A peptide as a molecule: from one-letter code to SMILES with L residues, ends and ring closures.
//
// What docking, descriptors and 3D coordinates take. The SMILES is that of the neutral form, as for any other
// molecule; protonation is the business of standardising and docking.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

struct PeptideForm {
  bool head_to_tail = false;                         ///< an amide bond between last and first residue
  std::vector<std::pair<int, int>> disulfides = {};  ///< positions of cysteines, from 1
  bool acetyl_n = false;                             ///< N-terminal acetyl; not with head_to_tail
  bool amide_c = false;                              ///< C-terminal amide; not with head_to_tail
};

/// Longest sequence that is made a molecule.
constexpr std::size_t longest_peptide_molecule = 60;

/// The only disulfide that is possible: between exactly two cysteines. Throws InputError naming how many
/// there are.
std::vector<std::pair<int, int>> single_disulfide(std::string_view residues);

/// SMILES written residue by residue. Throws InputError for letters that are none of the twenty, for more
/// than longest_peptide_molecule residues, a ring of fewer than three residues, a disulfide between what are
/// not two different cysteines, or a cysteine in two of them; UsageError for an end that a closed chain does
/// not have.
std::string peptide_smiles(std::string_view residues, const PeptideForm& form = {});

/// The same as a molecule; named by the sequence.
Molecule peptide_molecule(std::string_view residues, const PeptideForm& form = {});

}  // namespace theriac::chem
