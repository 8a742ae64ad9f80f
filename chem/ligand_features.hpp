// What a docking ligand can do in a binding site: rings, charges, donors, acceptors, greasy carbons,
// halogens.
//
// Perceived from atom types, bonds and geometry, so it works for SDF and PDBQT input alike and does not
// depend on the protonation state that was drawn: aliphatic amines and guanidines count as cations,
// carboxylic, phosphoric and sulphonic acids as anions, as in PLIP (S. Salentin et al., Nucleic Acids Res.
// 43, W443 (2015)).
#pragma once
#include <vector>

#include "chem/flexible_ligand.hpp"

namespace theriac::chem {

struct ChargedGroup {
  std::vector<int> atoms;  ///< the charge sits at their mean position
  int charge = 0;          ///< +1 or -1
};

struct DonorAtom {
  int atom = -1;
  std::vector<int> hydrogens;
};

struct HalogenAtom {
  int atom = -1;    ///< Cl, Br or I; fluorine has no sigma hole
  int carbon = -1;  ///< the atom it is bonded to
};

/// All indices are ligand atoms.
struct LigandFeatures {
  std::vector<std::vector<int>> neighbours;      ///< bonded atoms of every atom
  std::vector<std::vector<int>> aromatic_rings;  ///< five- and six-membered, atoms in ring order
  std::vector<ChargedGroup> charged_groups;
  std::vector<DonorAtom> donors;  ///< N, O, S with hydrogens
  std::vector<int> acceptors;     ///< AutoDock types OA, NA
  std::vector<int> hydrophobic;   ///< carbons bonded to carbon and hydrogen only
  std::vector<HalogenAtom> halogens;
  std::vector<int> metal_binders;  ///< N, O, S with a lone pair to give
};

LigandFeatures ligand_features(const FlexibleLigand& ligand);

}  // namespace theriac::chem
