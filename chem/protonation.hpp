// The protonation state that a molecule mostly has in water at a given pH.
//
// Every ionisable site has a pKa (see `ionisable_groups.hpp`) and sites feel each other's charge: like
// charges repel and opposite charges attract, by so many pKa units for so many bonds between them. Of all 2^n
// states of n sites the one of lowest free energy is taken,
//     G / (RT ln 10) = sum over protonated bases (pH - pKa) + sum over deprotonated acids (pKa - pH)
//                      + sum over pairs q_i q_j w(d_ij),
// the Linderstrom-Lang picture of titration with w fitted to small diamines, diacids and amino acids. So one
// nitrogen of a piperazine is protonated at pH 7.4 and both of putrescine are, and amino acids are
// zwitterions.
#pragma once
#include "chem/molecule.hpp"

namespace theriac::chem {

/// The dominant state at `ph`, whatever the state of `molecule` was. Name, stereochemistry and coordinates
/// are kept; hydrogens are explicit in the result if they were before. Tautomers are not changed. Throws
/// UsageError when `ph` is outside 0 to 14.
Molecule protonated(const Molecule& molecule, double ph = 7.4);

}  // namespace theriac::chem
