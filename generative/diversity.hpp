// Keeping a campaign from falling into one series: good molecules are counted per bucket, full buckets are
// closed.
//
// The diversity filter of T. Blaschke et al., J. Cheminform. 12, 68 (2020): by scaffold, or by similarity to
// the bucket's first member.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"
#include "generative/campaign_settings.hpp"

namespace theriac::generative {

class DiversityFilter {
 public:
  explicit DiversityFilter(const DiversitySettings& settings) : settings_(settings) {}

  /// The bucket of a molecule as things stand: its scaffold ("no rings" without one), "cluster 3" for the
  /// similarity method, "new cluster" when it resembles none so far, empty without a method. Safe for many
  /// threads.
  std::string bucket(const chem::Molecule& molecule) const;
  bool full(const std::string& bucket) const;

  /// Counts a good molecule, in the order of the campaign; opens a cluster where needed and returns the
  /// bucket.
  std::string count(const chem::Molecule& molecule, double total);

  int buckets() const { return static_cast<int>(counts_.size()); }

 private:
  DiversitySettings settings_;
  std::map<std::string, int> counts_;
  chem::FingerprintSet leaders_;
};

/// Mean Tanimoto distance (Morgan radius 2) over all pairs, 0 to 1; 0 for fewer than two molecules.
/// IntDiv of D. Polykovskiy et al., MOSES, Front. Pharmacol. 11, 565644 (2020).
double internal_diversity(const std::vector<chem::Molecule>& molecules);

/// Similarity of each molecule to its nearest neighbour in `known`; 0 when that is empty.
std::vector<double> nearest_similarities(const std::vector<chem::Molecule>& molecules,
                                         const std::vector<chem::Molecule>& known);

}  // namespace theriac::generative
