// GuacaMol's KL score: do ten simple properties of the generated molecules have the distributions that they
// have in the training set?
//
// The mean of exp(-D(training || generated)) over BertzCT, log P, weight, TPSA, similarity to the nearest
// other molecule of the same set (kernel densities), acceptors, donors, rotatable bonds, aliphatic and
// aromatic rings (ten bins): N. Brown, M. Fiscato, M. H. S. Segler, A. C. Vaucher, J. Chem. Inf. Model. 59,
// 1096 (2019). Molecules are compared without stereochemistry, each once.
#pragma once
#include <array>
#include <string>
#include <vector>

namespace theriac::generative {

constexpr std::size_t divergence_property_count = 10;

struct DivergenceProperty {
  const char* name;  ///< as in GuacaMol: "BertzCT", "NumHDonors"
  bool counted;      ///< whole numbers, compared in bins
};
/// The ten, in GuacaMol's order.
const std::array<DivergenceProperty, divergence_property_count>& divergence_properties();

/// One list of values per property, one value per molecule.
using PropertyLists = std::array<std::vector<double>, divergence_property_count>;

/// The properties of distinct SMILES without stereochemistry (see distinct_flat_smiles). Uses all threads.
/// Throws MoleculeError for a SMILES that cannot be read.
PropertyLists property_lists(const std::vector<std::string>& flat_smiles);

/// Canonical SMILES without stereochemistry of canonical SMILES, each once, in the order of first occurrence.
std::vector<std::string> distinct_flat_smiles(const std::vector<std::string>& smiles);

/// D(training || generated) of each property; NaN where one of the two has no spread.
std::array<double, divergence_property_count> property_divergences(const PropertyLists& training,
                                                                   const PropertyLists& generated);

/// Mean of exp(-D), 0 to 1; NaN when a divergence is.
double kl_score(const std::array<double, divergence_property_count>& divergences);

}  // namespace theriac::generative
