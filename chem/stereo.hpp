// Stereoisomers of a molecule whose drawing leaves some of its stereochemistry open.
//
// Open tetrahedral centres and double bonds are found by RDKit's findPotentialStereo. What is specified stays
// as it is; double bonds in rings below eight members and centres that turn out not to be any are not
// touched.
#pragma once
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Number of tetrahedral centres and double bonds that could be, and are not, specified.
int open_stereo_count(const Molecule& molecule);

/// The distinct isomers, at most `at_most` of them, in an order that depends on the molecule only. A fully
/// specified molecule gives itself. Isomers of bridged rings that cannot exist in space (trans bridgeheads)
/// are left out, by trying to embed them. Without coordinates; the name is kept. Throws UsageError when
/// `at_most` is below 1.
std::vector<Molecule> stereoisomers(const Molecule& molecule, int at_most);

}  // namespace theriac::chem
