// A molecule as docking moves it: rigid fragments joined by rotatable bonds, as a tree.
//
// Fragment 0 is the root and moves as a rigid body. Every other fragment turns about the bond that joins it
// to its parent. This is the torsion tree of a PDBQT file (ROOT / BRANCH); hydrogens on carbon are merged
// away in PDBQT but may be kept here, since hydrogens never score and only travel with their fragment.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "chem/vector3.hpp"

namespace theriac::chem {

struct LigandAtom {
  std::string name;           ///< as in the file, e.g. "C12"
  std::string autodock_type;  ///< "C", "A", "OA", "NA", "N", "HD", "H", "SA", "Cl" ...
  int element = 0;            ///< atomic number
  double charge = 0;          ///< Gasteiger partial charge, e
  Vector3 position;           ///< angstrom
  int source_atom = -1;       ///< index in the molecule it was made from; -1 if there is none
};

struct RigidFragment {
  int parent = -1;         ///< fragment it hangs on; -1 for the root. Parents come before children
  int axis_begin = -1;     ///< atom of the parent fragment at which the rotatable bond begins
  int axis_end = -1;       ///< atom of this fragment at which it ends; it does not move under its own torsion
  std::vector<int> atoms;  ///< atoms of this fragment, axis_end included
};

struct FlexibleLigand {
  std::string name;
  std::string key;  ///< canonical SMILES, or a hash of the file: seeds the random numbers
  std::vector<LigandAtom> atoms;
  std::vector<RigidFragment> fragments;
  std::vector<std::pair<int, int>> bonds;  ///< all covalent bonds, atom indices
  /// Further conformers of the same molecule that differ in their rings; each has one position per atom.
  /// The search tries them all. `atoms[i].position` is the first conformer and not repeated here.
  std::vector<std::vector<Vector3>> ring_conformers;
  /// Automorphisms of the heavy-atom graph as permutations of atom indices (hydrogens map to themselves),
  /// the identity first. At most 512; used for symmetry-corrected RMSD.
  std::vector<std::vector<int>> symmetries;

  int heavy_atom_count() const {
    int n = 0;
    for (const auto& a : atoms) n += a.element > 1;
    return n;
  }
};

}  // namespace theriac::chem
