// Hydrogens and AutoDock types of cofactors, whose chemistry is perceived from their geometry by Open Babel.
// Inside `chem` only.
#pragma once
#include <string>
#include <vector>

#include "chem/protein_model.hpp"

namespace theriac::chem {

struct CofactorAtoms {
  std::vector<std::string> types;        ///< one per heavy atom
  std::vector<ModelHydrogen> hydrogens;  ///< without names
};

/// Metals among `atoms` keep their types and are not shown to Open Babel, which would bond them.
CofactorAtoms complete_cofactor(const std::vector<ModelAtom>& atoms, double ph);

}  // namespace theriac::chem
