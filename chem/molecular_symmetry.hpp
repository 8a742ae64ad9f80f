// Which atoms of a molecule can change places: relabellings of the heavy atoms that keep elements and bonds.
//
// Ends that differ only by where a double bond, a proton or a charge was drawn are equal: both oxygens of a
// carboxylate or nitro group, the oxygens of a phosphate, the nitrogens of a guanidinium. Stereochemistry is
// not looked at; a relabelling that inverts a centre never gives the smaller RMSD.
#pragma once
#include <cstddef>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"

namespace theriac::chem {

/// Mappings m with m[heavy atom of a] = atom of b, and m[hydrogen] = -1; at most `limit`. Bond orders and
/// hydrogens are compared where that is possible; when nothing fits then, elements and connections alone
/// (another tautomer or protonation). Empty when the heavy-atom graphs differ.
std::vector<std::vector<int>> heavy_atom_mappings(const Molecule& a, const Molecule& b,
                                                  std::size_t limit = 512);

/// The same between a molecule and a docking ligand, which has no bond orders: elements and connections.
std::vector<std::vector<int>> heavy_atom_mappings(const Molecule& a, const FlexibleLigand& b,
                                                  std::size_t limit = 512);

/// Automorphisms as permutations of all stored atoms, the identity first; hydrogens map to themselves.
std::vector<std::vector<int>> heavy_atom_symmetries(const Molecule& molecule, std::size_t limit = 512);

}  // namespace theriac::chem
