// What a property model sees of a molecule: counts of small pieces and some 300 whole-molecule descriptors.
//
// Counts, each hashed into a fixed number of columns: atom environments up to two bonds (D. Rogers, M. Hahn,
// J. Chem. Inf. Model. 50, 742 (2010)), atom pairs up to 12 bonds apart (R. E. Carhart et al., J. Chem. Inf.
// Comput. Sci. 25, 64 (1985)), chains of four atoms (R. Nilakantan et al., ibid. 27, 82 (1987)) and pairs of
// pharmacophore roles by distance (N. Stiefel et al., J. Chem. Inf. Model. 46, 208 (2006), with whole bins).
// Descriptors: elements, bonds, rings, Crippen atom types, surface area by log P, refractivity, charge and
// electrotopological state (P. Labute, J. Mol. Graph. Model. 18, 464 (2000)), connectivity and shape indices
// (L. H. Hall, L. B. Kier, Rev. Comput. Chem. 2, 367 (1991)), autocorrelations (P. Broto et al., Eur. J. Med.
// Chem. 19, 66 (1984)), estimated pKa and log D. The hashes are Theriac's own, so that columns keep their
// meaning whatever RDKit's version; `features_version` changes when any column does.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

constexpr int features_version = 1;

constexpr int environment_columns = 1024, pair_columns = 1024, chain_columns = 1024;
constexpr int role_pair_distances = 12, role_pair_columns = 21 * role_pair_distances;
constexpr int count_columns = environment_columns + pair_columns + chain_columns + role_pair_columns;

struct MolecularFeatures {
  /// Column (below `count_columns`) and count (at most 255), sorted by column; zeros are left out.
  std::vector<std::pair<std::uint16_t, std::uint8_t>> counts;
  std::vector<float> descriptors;  ///< finite, in the order of descriptor_names()
};

/// "heavy_atoms", "surface_by_log_p_3" and so on.
const std::vector<std::string>& descriptor_names();

/// Thread-safe. Salts and mixtures are described as they are: standardise first.
MolecularFeatures molecular_features(const Molecule& molecule);

/// The features of the molecule, and then for every heavy atom the features that are left when the atom is
/// overlooked: pieces with it are not counted and its share of every sum is missing. For explanations
/// (S. Riniker, G. A. Landrum, J. Cheminform. 5, 43 (2013), there for fingerprints). In the graph's order.
std::vector<MolecularFeatures> features_without_each_atom(const Molecule& molecule);

}  // namespace theriac::chem
