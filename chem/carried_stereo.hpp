// Stereochemistry carried over from a molecule to one that was made from it.
#pragma once
#include <vector>

#include "chem/flat_graph.hpp"
#include "chem/molecule.hpp"

namespace theriac::chem {

/// The molecule of `edited`, with the configuration that its centres and double bonds have in `original`.
/// `atom_of[i]` is what atom i of the original became, or -1. An atom passes its configuration on when it
/// kept its neighbours, or lost one and gained one in its place; with two exchanged it cannot be said which
/// is which, and the atom stays open. Throws MoleculeError with RDKit's reason.
Molecule with_carried_stereo(const Molecule& original, const FlatGraph& edited,
                             const std::vector<int>& atom_of);

}  // namespace theriac::chem
