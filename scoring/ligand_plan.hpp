// What is the same in every pose of a ligand: its heavy atoms by kind, rings and charges, and the torsions
// whose preference is known.
#pragma once
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/ligand_features.hpp"
#include "scoring/atom_type.hpp"
#include "scoring/contact_kind.hpp"

namespace theriac::scoring {

struct LigandPlan {
  struct Atom {
    int index;  ///< in the FlexibleLigand
    AtomType type;
    ContactKind kind;
    std::vector<int> bonded;  ///< heavy neighbours, as index
  };
  struct Torsion {
    int a, b, c, d;
    bool planar;  ///< both ends flat: 0 or 180 degrees is best; else both tetrahedral: staggered is
  };
  chem::LigandFeatures features;
  std::vector<Atom> atoms;  ///< heavy
  std::vector<Torsion> torsions;
};

/// Throws MoleculeError for atoms without a docking type.
LigandPlan ligand_plan(const chem::FlexibleLigand& ligand);

}  // namespace theriac::scoring
