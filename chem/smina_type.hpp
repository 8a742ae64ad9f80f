// Atom types of smina and gnina: those of AutoDock with what an atom can do, read off its bonds.
//
// Carbon is "non-hydrophobe" when bonded to anything but carbon, hydrogen and boron; nitrogen and oxygen are
// donors when bonded to a polar hydrogen, acceptors by their AutoDock type. D. R. Koes, M. P. Baumgartner, C.
// J. Camacho, J. Chem. Inf. Model. 53, 1893 (2013). Bonds are taken from distances: shorter than 1.1 times
// the sum of the covalent radii, without a third heavy atom that is nearer to both, between atoms that no
// torsion moves against each other.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

enum class SminaType : std::uint8_t {
  Hydrogen,
  PolarHydrogen,
  AliphaticCarbonXSHydrophobe,
  AliphaticCarbonXSNonHydrophobe,
  AromaticCarbonXSHydrophobe,
  AromaticCarbonXSNonHydrophobe,
  Nitrogen,
  NitrogenXSDonor,
  NitrogenXSDonorAcceptor,
  NitrogenXSAcceptor,
  Oxygen,
  OxygenXSDonor,
  OxygenXSDonorAcceptor,
  OxygenXSAcceptor,
  Sulfur,
  SulfurAcceptor,
  Phosphorus,
  Fluorine,
  Chlorine,
  Bromine,
  Iodine,
  Magnesium,
  Manganese,
  Zinc,
  Calcium,
  Iron,
  GenericMetal,
  Boron
};
constexpr int smina_type_count = static_cast<int>(SminaType::Boron) + 1;

/// As smina spells it: "OxygenXSAcceptor".
const char* name(SminaType type);

struct SminaAtom {
  Vector3 position;           ///< angstrom
  std::string autodock_type;  ///< "OA", as it was given
  SminaType type = SminaType::Hydrogen;
  /// Index in what it was read from, from 0: atom of the record, of the ligand or of the receptor; -1: added.
  int source = -1;
};

/// Atoms with positions, AutoDock types and sources, as they are typed below. `fragments` and the ends of
/// rotatable bonds say which distances can change; without fragments none can.
struct UntypedAtoms {
  std::vector<SminaAtom> atoms;                ///< `type` is not read
  std::vector<int> fragments;                  ///< rigid fragment of every atom, or empty
  std::vector<std::pair<int, int>> rotatable;  ///< atoms at both ends
};

/// With their types. AutoDock names are case-sensitive, and as in smina one of up to two letters that it does
/// not know
/// ("Si", "Na", "ZN") is a metal. Throws MoleculeError for a longer one.
std::vector<SminaAtom> smina_typed(UntypedAtoms atoms);

/// Of a prepared receptor, its flexible residues behind the rigid atoms in their order; hydrogens on carbon,
/// type "H", are left out as in PDBQT, and count as sources.
std::vector<SminaAtom> smina_atoms(const Receptor& receptor);
/// Of a ligand as PDBQT has it: hydrogens on carbon are left out.
std::vector<SminaAtom> smina_atoms(const FlexibleLigand& ligand);

/// Of a molecule as gnina reads it through Open Babel: the largest fragment of the first record of `text` in
/// the format
/// ("sdf", "mol2"), hydrogens added, those on carbon dropped. Types follow Open Babel's perception. Throws
/// MoleculeError. Holds open_babel_mutex.
std::vector<SminaAtom> smina_ligand_by_open_babel(const std::string& text, const std::string& format);

/// Of a receptor PDB text as gnina reads it through Open Babel 3.1: arginine neutral, polar hydrogens added
/// where there are none, coordinates rounded to 0.001 angstrom. Throws MoleculeError. Holds open_babel_mutex.
std::vector<SminaAtom> smina_receptor_by_open_babel(const std::string& pdb_text);

/// Of receptor PDBQT text as gnina reads it: the type column as it stands. Throws InputError for a line
/// without coordinates or type.
std::vector<SminaAtom> smina_receptor_of_pdbqt(std::string_view text, const std::string& source);

}  // namespace theriac::chem
