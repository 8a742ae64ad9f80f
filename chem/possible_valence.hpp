// Bond orders that geometry suggests, brought down to what the atoms can bear.
//
// Programs that read bond orders off a crystal pose make two double bonds at one carbon where the angles are
// a little off. Each atom over its valence gives up its longest multiple bond, by one order, until it fits; a
// flat carbon beyond that bond, which had no double bond, gets it.
#pragma once
#include <string>

namespace theriac::chem {

/// A mol block of 3D coordinates; it comes back unchanged when no atom of C, N, O or B is over its valence,
/// or when it is no mol block.
std::string with_possible_valences(const std::string& mol_block);

}  // namespace theriac::chem
