#include "scoring/drug_likeness.hpp"

#include <array>
#include <cmath>

namespace theriac::scoring {
namespace {

/// Asymmetric double sigmoid, parameters a to f and the maximum that scales it to 1.
struct Desirability {
  double a, b, c, d, e, f, maximum;

  double operator()(double x) const {
    const double rise = 1.0 + std::exp(-(x - c + d / 2) / e);
    const double fall = 1.0 + std::exp(-(x - c - d / 2) / f);
    return (a + b / rise * (1.0 - 1.0 / fall)) / maximum;
  }
};

struct QedTerm {
  double QedProperties::*property;
  Desirability desirability;
  double weight_mean, weight_max;
};

// Bickerton et al. 2012, supplementary table 1 (parameters) and table 2 (weights)
constexpr std::array<QedTerm, 8> terms = {{
    {&QedProperties::molecular_weight,
     {2.817065973, 392.5754953, 290.7489764, 2.419764353, 49.22325677, 65.37051707, 104.9805561},
     0.66,
     0.50},
    {&QedProperties::log_p,
     {3.172690585, 137.8624751, 2.534937431, 4.581497897, 0.822739154, 0.576295591, 131.3186604},
     0.46,
     0.25},
    {&QedProperties::acceptors,
     {2.948620388, 160.4605972, 3.615294657, 4.435986202, 0.290141953, 1.300669958, 148.7763046},
     0.05,
     0.00},
    {&QedProperties::donors,
     {1.618662227, 1010.051101, 0.985094388, 0.000000001, 0.713820843, 0.920922555, 258.1632616},
     0.61,
     0.50},
    {&QedProperties::polar_surface_area,
     {1.876861559, 125.2232657, 62.90773554, 87.83366614, 12.01999824, 28.51324732, 104.5686167},
     0.06,
     0.00},
    {&QedProperties::rotatable_bonds,
     {0.010000000, 272.4121427, 2.558379970, 1.565547684, 1.271567166, 2.758063707, 105.4420403},
     0.65,
     0.50},
    {&QedProperties::aromatic_rings,
     {3.217788970, 957.7374108, 2.274627939, 0.000000001, 1.317690384, 0.375760881, 312.3372610},
     0.48,
     0.25},
    {&QedProperties::unwanted_groups,
     {0.010000000, 1199.094025, -0.09002883, 0.000000001, 0.185904477, 0.875193782, 417.7253140},
     0.95,
     1.00},
}};

double weight(const QedTerm& term, QedWeights weights) {
  switch (weights) {
    case QedWeights::mean:
      return term.weight_mean;
    case QedWeights::max:
      return term.weight_max;
    case QedWeights::none:
      break;
  }
  return 1.0;
}

/// One atom each: ten kinds of acceptors and, last, atoms of aliphatic rings.
const chem::PatternSet& atom_patterns() {
  static const chem::PatternSet patterns({"[oH0;X2]", "[OH1;X2;v2]", "[OH0;X2;v2]", "[OH0;X1;v2]", "[O-;X1]",
                                          "[SH0;X2;v2]", "[SH0;X1;v2]", "[S-;X1]", "[nH0;X2]", "[NH0;X1;v3]",
                                          "[$([N;+0;X3;v3]);!$(N[C,S]=O)]", "[$([A;R][!a])]"});
  return patterns;
}

}  // namespace

QedProperties qed_properties(const chem::SubstructureTarget& target, const chem::Descriptors& descriptors) {
  QedProperties p;
  p.molecular_weight = descriptors.molecular_weight;
  p.log_p = descriptors.clogp;
  p.donors = descriptors.hydrogen_bond_donors;
  p.polar_surface_area = descriptors.tpsa;
  p.rotatable_bonds = descriptors.rotatable_bonds;
  chem::PatternSearch atoms(atom_patterns(), target);
  const std::size_t acceptors = atom_patterns().size() - 1, aliphatic_ring_atom = acceptors;
  for (std::size_t i = 0; i < acceptors; ++i) p.acceptors += atoms.count(i);
  p.aromatic_rings = chem::rings_without(target, atoms.first_atoms(aliphatic_ring_atom));
  p.unwanted_groups = chem::PatternSearch(unwanted_groups(), target).matching();
  return p;
}

double qed(const QedProperties& properties, QedWeights weights) {
  double sum = 0, sum_of_weights = 0;
  for (const auto& term : terms) {
    const double w = weight(term, weights);
    sum += w * std::log(term.desirability(properties.*term.property));
    sum_of_weights += w;
  }
  return std::exp(sum / sum_of_weights);
}

double qed(const chem::Molecule& molecule, QedWeights weights) {
  return qed(qed_properties(chem::SubstructureTarget(molecule), chem::descriptors(molecule)), weights);
}

int rule_of_five_violations(const chem::Descriptors& d) {
  return (d.molecular_weight > 500) + (d.clogp > 5) + (d.lipinski_donors > 5) + (d.lipinski_acceptors > 10);
}

}  // namespace theriac::scoring
