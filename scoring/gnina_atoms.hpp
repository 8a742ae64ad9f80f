// Which atoms gnina's networks see, in which channel and how large.
//
//     receptor  ligand                                          radius
//     0         14      aliphatic carbon, hydrophobe            1.9
//     1         15      aliphatic carbon, bonded to others      1.9
//     2, 3      16, 17  aromatic carbon, the same               1.9
//     4         18      Br, I (receptor: all halogens)          2.0, 2.2
//     4         19, 20  Cl; F                                   1.8; 1.5
//     5, 6      21, 22  nitrogen without and with hydrogen      1.8
//     7, 8      23, 24  oxygen without and with hydrogen        1.7
//     9, 10     25, 26  sulphur; phosphorus                     2.0; 2.1
//     11-13     27      calcium; zinc; other metals and boron   1.2; boron 1.92
//
// Hydrogens are not drawn. The maps and radii of all models that gnina 1.3 ships; types in
// chem/smina_type.hpp.
#pragma once
#include <vector>

#include "chem/smina_type.hpp"
#include "scoring/density_grid.hpp"

namespace theriac::scoring {

enum class DensitySide { receptor, ligand };

DensityAtom density_atom(const chem::SminaAtom& atom, DensitySide side);
std::vector<DensityAtom> density_atoms(const std::vector<chem::SminaAtom>& atoms, DensitySide side);

/// Where gnina puts the grid: the mean of all atoms, polar hydrogens among them, in single precision. Throws
/// UsageError without atoms.
chem::Vector3 density_centre(const std::vector<DensityAtom>& ligand);

}  // namespace theriac::scoring
