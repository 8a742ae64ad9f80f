// AutoDock 4 atom types, the alphabet of PDBQT files.
//
//   C  aliphatic carbon     A  aromatic carbon     N  nitrogen that accepts no hydrogen bond   NA  that does
//   OA oxygen (acceptor)    S, SA sulphur          HD hydrogen on N, O or S                    H   on carbon
//   F Cl Br I P Si, and metals by their symbol.
//
// Names are case-sensitive: "Na" is sodium, "NA" an accepting nitrogen. G. M. Morris et al.,
// J. Comput. Chem. 30, 2785 (2009); the list that can be docked is Vina's.
#pragma once
#include <string>
#include <string_view>

namespace theriac::chem {

/// Atomic number of an AutoDock type; 0 when it is not a type that docking knows.
/// Capitals are accepted where they cannot be mistaken ("ZN", "CL"); "NA" is nitrogen.
int autodock_type_element(std::string_view type);

/// The usual spelling: "ZN" becomes "Zn", "HS" becomes "HD"; unknown types come back unchanged.
std::string canonical_autodock_type(std::string_view type);

/// Metals, which docking treats as hydrogen-bond donors of radius 1.2 angstrom.
bool is_metal(int element);

/// Atomic number of a chemical symbol in any case ("ZN", "Zn", "zn"); 0 if there is none. Deuterium is 1.
int element_number(std::string_view symbol);
/// "Zn" for 30; empty for a number outside 1..118.
std::string element_symbol(int element);

}  // namespace theriac::chem
