// The skeleton by which copies of a molecule are found across data sets: what is left when salts, stereo
// marks, isotopes and the places of mobile hydrogens are taken away.
//
// Two measurements of one compound often differ in drawing only: a hydrochloride, a racemate beside its
// enantiomer, 2-pyridone beside 2-hydroxypyridine. A model that was trained on one and tested on the other
// has seen the answer. The skeleton is RDKit's HetAtomTautomer hash of the largest fragment, in which bonds
// of heteroatoms and conjugated atoms are single and mobile hydrogens are off (R. A. Sayle, J. Comput. Aided
// Mol. Des. 24, 485 (2010), on tautomers; N. M. O'Boyle, R. A. Sayle, "Making a hash of it", ACS 2019).
//
// The hash ends with the number of mobile hydrogens and the charge; these are left out, so that an acid meets
// its anion. The price is that a quinone meets its hydroquinone: to keep training and test data apart, too
// many copies are better than too few.
#pragma once
#include <string>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Equal for molecules that differ in counter-ions, protons, stereochemistry, isotopes or tautomer only. A
/// key to compare, not a structure to draw. Works on a copy, so threads may share `molecule`. Throws
/// MoleculeError when RDKit cannot make the hash.
std::string tautomer_skeleton(const Molecule& molecule);

}  // namespace theriac::chem
