// The Vina and Vinardo scoring functions, term by term: the plain double-precision reference.
//
// Every pair term depends on the surface distance d = r - R1 - R2 and is zero from 8 angstrom on:
//   gauss1       exp(-(d / 0.5)^2)             -0.035579 kcal/mol
//   gauss2       exp(-((d - 3) / 2)^2)         -0.005156
//   repulsion    d^2 for d < 0                 +0.840245
//   hydrophobic  1 at d <= 0.5, 0 at d >= 1.5  -0.035069
//   hydrogen bond 1 at d <= -0.7, 0 at d >= 0  -0.587439
// and the sum is divided by 1 + 0.05846 N_tors. O. Trott, A. J. Olson, J. Comput. Chem. 31, 455 (2010), table 1.
// Vinardo: R. Quiroga, M. A. Villarreal, PLoS ONE 11, e0155183 (2016).
#pragma once
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "chem/vector3.hpp"

namespace theriac::scoring {

enum class ScoringFunction { vina, vinardo };

/// Energies in kcal/mol, already weighted.
struct EnergyTerms {
  double gauss1 = 0, gauss2 = 0, repulsion = 0, hydrophobic = 0, hydrogen_bond = 0;  ///< ligand-receptor
  double inter = 0;          ///< ligand-receptor, after Vina's cap on positive energies; flexible residues included
  double intra = 0;          ///< within the ligand
  double torsion_divisor = 1;///< 1 + 0.05846 N_tors
};

}  // namespace theriac::scoring
