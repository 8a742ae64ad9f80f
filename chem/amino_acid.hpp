// The amino acids as construction plans: atoms, bonds, AutoDock types, ideal side-chain geometry, chi angles.
//
// Every side-chain atom is placed from three earlier ones by bond length, bond angle and torsion; torsions
// that are free are "chi n plus a fixed offset". Lengths and angles: R. A. Engh, R. Huber, Acta Cryst. A47,
// 392 (1991); phosphate bonds as in small-molecule phosphate esters, 1.61 (P-O-C) and 1.51 angstrom (P-O).
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace theriac::chem {

struct AminoAcidAtom {
  std::string_view name;
  std::string_view autodock_type;  ///< in the usual protonation state at pH 7
  int hydrogens = 0;               ///< bonded hydrogens in that state, in the middle of a chain
  std::string_view parent, grandparent, great_grandparent;  ///< empty for the backbone
  double length = 0;                                        ///< to the parent, angstrom
  double angle = 0;                                         ///< atom-parent-grandparent, degrees
  double torsion = 0;  ///< atom-parent-grandparent-great grandparent, degrees, or offset from chi
  int chi = 0;         ///< 0: the torsion is fixed; n: torsion = chi n + offset
};

struct AminoAcid {
  std::string name;  ///< "ALA"
  char letter = 'X';
  std::vector<AminoAcidAtom> atoms;                                  ///< backbone N CA C O first
  std::vector<std::pair<std::string_view, std::string_view>> bonds;  ///< all bonds of heavy atoms
  std::vector<std::vector<double>> rotamers;                         ///< chi angles in degrees, likely first
  int chi_count = 0;

  const AminoAcidAtom* atom(std::string_view atom_name) const;
  std::vector<std::string_view> neighbours(std::string_view atom_name) const;
};

/// The plan for a residue name; protonation variants (HID, CYX, ASH ...) give their amino acid. Null if
/// unknown.
const AminoAcid* amino_acid(std::string_view residue_name);

/// The amino acid a modified residue is docked as ("MSE" is MET), or empty. Its extra atoms are left out.
std::string_view parent_amino_acid(std::string_view residue_name);

/// True for both of the above.
bool is_protein_residue(std::string_view residue_name);
bool is_water(std::string_view residue_name);
bool is_nucleotide(std::string_view residue_name);

}  // namespace theriac::chem
