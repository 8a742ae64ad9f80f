// Synthetic accessibility: how hard a molecule is to make, 1 (easy) to 10 (very hard).
//
// Mean contribution of the molecule's circular fragments, learnt from how often each occurs among a million
// PubChem molecules, minus penalties for size, stereocentres, spiro and bridgehead atoms and macrocycles:
// P. Ertl, A. Schuffenhauer, J. Cheminform. 1, 8 (2009). The formula is that of RDKit's Contrib/SA_Score 1.1:
// one macrocycle penalty whatever their number, and a correction for symmetric molecules.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chem/descriptors.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"

namespace theriac::scoring {

/// The published fragment contributions: log frequency relative to common fragments, about -4 to 2.
class FragmentTable {
 public:
  /// Reads the table made by scripts/sa_fragment_table. Throws ModelError when the file is no such table.
  static FragmentTable read(const std::string& path);
  /// The table that ships with Theriac, read once. Throws InputError when it is missing.
  static const FragmentTable& shipped();

  /// Contribution of a Morgan environment (radius 0 to 2); nothing when it never occurred.
  std::optional<double> contribution(std::uint32_t fragment) const;
  std::size_t size() const { return fragments_.size(); }

 private:
  std::vector<double> scores_;
  std::vector<std::uint32_t> fragments_;
  std::vector<std::uint16_t> score_index_;
};

struct SyntheticAccessibility {
  double score = 0;        ///< 1 (easy) to 10 (hard)
  double known_share = 0;  ///< share of the molecule's fragments that the table contains, 0 to 1
};

SyntheticAccessibility synthetic_accessibility(const chem::Molecule& molecule,
                                               const FragmentTable& table = FragmentTable::shipped());
/// The formula itself, for counts made elsewhere (Morgan radius 2).
SyntheticAccessibility synthetic_accessibility(const chem::MorganCounts& fragments,
                                               const chem::Complexity& complexity,
                                               const FragmentTable& table);

}  // namespace theriac::scoring
