// Where the atoms of a ligand file are: positions only, for the search box.
//
// Bond orders and valences do not matter here, so a ligand that chemistry cannot make sense of (a broken PDB
// ligand, a metal complex) still gives a box.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/vector3.hpp"

namespace theriac::chem {

/// Heavy-atom positions, angstrom, one list per molecule of an SDF, MOL, MOL2, PDB or PDBQT file (plain or
/// gzip, judged by content). Throws InputError naming file and line.
std::vector<std::vector<Vector3>> read_ligand_coordinates(const std::string& path);
std::vector<std::vector<Vector3>> parse_ligand_coordinates(std::string_view text, const std::string& source);

}  // namespace theriac::chem
