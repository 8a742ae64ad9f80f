// Groups of a receptor that are not protein: which stay, and their AutoDock types. Inside `chem` only.
#pragma once
#include <string>
#include <string_view>

namespace theriac::chem {

/// Haems, nicotinamides, flavins, nucleotides and other groups that enzymes keep bound.
bool is_cofactor(std::string_view residue_name);

/// Metals with a structural or catalytic role: Mg, Ca, Mn, Fe, Co, Ni, Cu, Zn. Sodium, potassium, cadmium and
/// the like usually come from the crystallisation buffer.
bool is_functional_metal(int element);

/// The AutoDock type of an element outside any special surroundings ("OA" for oxygen, "Zn"), or empty for one
/// that docking has no type for.
std::string element_autodock_type(int element);

}  // namespace theriac::chem
