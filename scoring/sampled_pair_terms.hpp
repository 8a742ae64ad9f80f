// The pair terms of Vina and Vinardo at once (pair_potential.hpp), with their bells sampled.
//
// The bells exp(-(d / width)^2) are sampled every 0.01 angstrom of surface distance and interpolated: off by
// less than 1e-3 of their height. The other terms are exact. kcal/mol.
#pragma once
#include <array>
#include <vector>

#include "scoring/atom_type.hpp"
#include "scoring/pair_potential.hpp"

namespace theriac::scoring {

class SampledPairTerms {
 public:
  /// Built once and shared.
  static const SampledPairTerms& shared();

  /// Adds the terms of a pair at centre distance `r` (angstrom). Returns Vina's surface distance.
  double add(AtomType a, AtomType b, double r, PairTerms& vina, PairTerms& vinardo) const;

 private:
  SampledPairTerms();

  struct Bell {
    float height, step;  ///< at a sample, and from there to the next one
  };
  struct TypePair {
    bool hydrophobic, hydrogen_bond;
  };
  struct VinaBells {
    Bell gauss1, gauss2;
  };
  std::vector<VinaBells> vina_;
  std::vector<Bell> vinardo_;
  std::array<std::array<TypePair, atom_type_count>, atom_type_count> pairs_;
  std::array<double, atom_type_count> vina_radius_, vinardo_radius_;
  PairWeights vina_weights_, vinardo_weights_;
};

}  // namespace theriac::scoring
