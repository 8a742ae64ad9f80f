// The pair terms of Vina and Vinardo as functions of distance, and Vina's tables of them.
//
// With surface distance d = r - R1 - R2, angstrom; every term is zero from r = 8 on; kcal/mol:
//   term           Vina                                  weight       Vinardo                       weight
//   gauss1         exp(-(d / 0.5)^2)                     -0.035579    exp(-(d / 0.8)^2)             -0.045
//   gauss2         exp(-((d - 3) / 2)^2)                 -0.005156    none
//   repulsion      d^2 for d < 0                         +0.840245    the same                      +0.8
//   hydrophobic    1 at d <= 0.5, linear to 0 at 1.5     -0.035069    1 at d <= 0, to 0 at 2.5      -0.035
//   hydrogen bond  1 at d <= -0.7, linear to 0 at 0      -0.587439    1 at d <= -0.6, to 0 at 0     -0.600
// O. Trott, A. J. Olson, J. Comput. Chem. 31, 455 (2010), table 1; PLoS ONE 11, e0155183 (2016), table 2.
#pragma once
#include <vector>

#include "scoring/atom_type.hpp"

namespace theriac::scoring {

constexpr double interaction_cutoff = 8.0;  ///< angstrom
constexpr double torsion_weight = 0.05846;  ///< divisor 1 + weight * N_tors

/// The numbers of the table above. Widths in angstrom, weights in kcal/mol.
struct PairWeights {
  double gauss1_weight, gauss1_width;
  double gauss2_weight, gauss2_offset, gauss2_width;
  double repulsion_weight;
  double hydrophobic_weight, hydrophobic_good, hydrophobic_bad;
  double hydrogen_bond_weight, hydrogen_bond_good, hydrogen_bond_bad;
};
const PairWeights& pair_weights(ScoringFunction scoring);

/// Weighted terms of one atom pair, kcal/mol.
struct PairTerms {
  double gauss1 = 0, gauss2 = 0, repulsion = 0, hydrophobic = 0, hydrogen_bond = 0;
  double sum() const { return gauss1 + gauss2 + repulsion + hydrophobic + hydrogen_bond; }
};

bool can_hydrogen_bond(AtomType a, AtomType b);

/// The terms at centre distance `r` (angstrom).
PairTerms pair_terms(AtomType a, AtomType b, double r, ScoringFunction scoring);

/// Vina's tables: the pair energy sampled at r = sqrt(i / 32), so that a look-up needs no square root.
class PairTable {
 public:
  explicit PairTable(ScoringFunction scoring);
  /// Built once per scoring function and shared.
  static const PairTable& shared(ScoringFunction scoring);

  /// Energy by truncation, as Vina scores (`eval_fast`). `r2` in angstrom^2, below 64.
  double energy(AtomType a, AtomType b, double r2) const;

  struct Slope {
    double energy;             ///< kcal/mol
    double derivative_over_r;  ///< (dE/dr) / r: times the vector between the atoms it is the gradient
  };
  /// Energy and derivative by linear interpolation in r2, as Vina minimises (`eval_deriv`).
  Slope slope(AtomType a, AtomType b, double r2) const;

 private:
  struct Entry {
    double energy, derivative_over_r, truncated;
  };
  const Entry* row(AtomType a, AtomType b) const;
  std::vector<Entry> entries_;
};

/// Vina's soft cap on a positive energy: e v / (v + e); `slope_factor` multiplies the gradient.
inline double capped(double energy, double cap, double& slope_factor) {
  if (energy <= 0) {
    slope_factor = 1;
    return energy;
  }
  const double s = cap / (cap + energy);
  slope_factor = s * s;
  return energy * s;
}

}  // namespace theriac::scoring
