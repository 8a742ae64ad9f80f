// The atom types of the Vina scoring function ("XS" types), their radii and what they can do.
//
// Carbon is polar when bonded to anything but carbon or hydrogen; nitrogen and oxygen accept by AutoDock type
// (NA, OA) and donate when bonded to a polar hydrogen; sulphur is one type; metals donate. Hydrogens have
// none. O. Trott, A. J. Olson, J. Comput. Chem. 31, 455 (2010); radii of Vinardo: PLoS ONE 11, e0155183
// (2016), table 1.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"

namespace theriac::scoring {

enum class ScoringFunction { vina, vinardo };

enum class AtomType : std::uint8_t {
  C_H,
  C_P,  // hydrophobic, polar carbon
  N_P,
  N_D,
  N_A,
  N_DA,  // plain, donor, acceptor, both
  O_P,
  O_D,
  O_A,
  O_DA,
  S_P,
  P_P,
  F_H,
  Cl_H,
  Br_H,
  I_H,
  Si_H,
  At_H,
  Met_D,
  none  // hydrogen: never scores
};
constexpr int atom_type_count = static_cast<int>(AtomType::none);

const char* name(AtomType type);
double radius(AtomType type, ScoringFunction scoring);  ///< angstrom
bool is_hydrophobic(AtomType type);
bool is_donor(AtomType type);
bool is_acceptor(AtomType type);

/// One type per ligand atom, from AutoDock types and bonds.
/// Throws MoleculeError for an element that the scoring function does not know, e.g. boron.
std::vector<AtomType> atom_types(const chem::FlexibleLigand& ligand);

/// One type per receptor atom; bonds are perceived from distances: closer than 1.1 times the sum of the
/// covalent radii and no third atom nearer to both. Flexible residues count as neighbours.
std::vector<AtomType> atom_types(const chem::Receptor& receptor);

/// Types of the atoms of the flexible residues, by residue, with the rigid receptor as neighbourhood.
std::vector<std::vector<AtomType>> flexible_atom_types(const chem::Receptor& receptor);

}  // namespace theriac::scoring
