// From a molecule with 3D coordinates to the torsion tree that docking moves: atom types, charges, rotors.
//
// Rotatable are single bonds outside rings between two atoms that each carry something else than hydrogens on
// carbon, except
//   - the C-N bond of amides, thioamides, amidines, guanidines, ureas and carbamates (planar),
//   - bonds to groups that look the same after turning: CF3, CCl3, CBr3; nitriles, terminal and second ends
//   of alkynes.
// Hydroxyl, amino and thiol groups turn, as in every PDBQT file, and count half a rotor in Vina's sense.
// Rings, macrocycles included, are rigid; their shapes come as several conformers (`conformer.hpp`).
// The rules and atom types are Meeko's (J. Santos-Martins et al., https://github.com/forlilab/Meeko), which
// follow AutoDock 4: G. M. Morris et al., J. Comput. Chem. 30, 2785 (2009). Charges: J. Gasteiger, M.
// Marsili, Tetrahedron 36, 3219 (1980). Two defaults are not Meeko's: unsymmetric tertiary amides are rigid,
// because both rotamers come as conformers, and so is CF3, which looks the same after a third of a turn.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"

namespace theriac::chem {

struct TorsionOptions {
  bool tertiary_amides = false;  ///< let amide bonds turn whose nitrogen carries two different groups
  bool halogen_tops = false;     ///< let CF3 and its like turn
};

/// The docking form of a molecule with explicit hydrogens and at least one conformer; atoms keep their order.
/// Further conformers become `ring_conformers`. Throws MoleculeError for elements without an AutoDock type
/// (boron, silicon, metals), missing coordinates or hydrogens, and several disconnected parts.
FlexibleLigand flexible_ligand(const Molecule& with_3d, const TorsionOptions& options = {});

/// The bonds that turn, as atom pairs with the smaller index first, in the order of the molecule's bonds.
std::vector<std::pair<int, int>> rotatable_bonds(const Molecule& with_hydrogens,
                                                 const TorsionOptions& options = {});

/// AutoDock types, one per atom. Throws MoleculeError naming the element and the atom that has none.
std::vector<std::string> autodock_types(const Molecule& with_hydrogens);

/// The rigid pieces that remain when `cut` is removed from `bonds`, as a tree. The root is the piece with the
/// fewest rotors to the farthest piece, then the one with most heavy atoms, then the first atom.
std::vector<RigidFragment> torsion_tree(const std::vector<LigandAtom>& atoms,
                                        const std::vector<std::pair<int, int>>& bonds,
                                        const std::vector<std::pair<int, int>>& cut);

}  // namespace theriac::chem
