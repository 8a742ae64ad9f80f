// Similarity ensemble approach: does a molecule resemble the known ligands of a target more than chance would
// have it?
//
// M. J. Keiser et al., Nat. Biotechnol. 25, 197 (2007). The raw score of a molecule against n ligands is the
// sum of its Tanimoto similarities from 0.25 up (ECFP4, 2,048 bits). Against n random drugs its mean is a n^b
// and its standard deviation c n^d; z is the distance from that mean in standard deviations, and P = 1 -
// exp(-exp(-z pi / sqrt(6) - 0.5772157)) the chance of as high a z (extreme-value law). E is P times the
// number of targets compared. The constants were fitted to 24,000 random pairs of a drug and a set of 5 to
// 640 out of 3,727 drugs; there, P below 0.05, 0.01 and 0.0001 holds for 1.2, 1.6 and 1.7 times as many
// random pairs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "chem/fingerprint.hpp"
#include "datasets/store.hpp"

namespace theriac::repurpose {

/// The smallest similarity that counts.
inline constexpr double sea_threshold = 0.25;

/// Mean and standard deviation of the raw score against `ligands` random drugs.
double expected_score(std::size_t ligands);
double score_deviation(std::size_t ligands);
/// Chance of a z as high, 0 to 1; the series for tiny values keeps its digits.
double extreme_value_p(double z);

/// A molecule against the ligands of one target.
struct EnsembleSimilarity {
  std::uint32_t target = 0;
  std::size_t ligands = 0;    ///< compared with; the molecule itself is none of them
  double raw = 0, z = 0;      ///< sum of similarities, and how unusual it is
  double p = 1, e = 1;        ///< e: expected number of targets this similar by chance
  std::uint32_t nearest = 0;  ///< drug: the most similar ligand
  double nearest_similarity = 0;
};

/// Structures of the store's drugs as fingerprints, and which of them bind what.
class LigandEnsembles {
 public:
  /// Fingerprints are computed in parallel; drugs without a readable structure have none. `licences`: links
  /// to use, empty for all.
  explicit LigandEnsembles(const datasets::Store& store,
                           const std::vector<datasets::LicenceClass>& licences = {});

  std::size_t structures() const { return fingerprints_.size(); }
  std::size_t ensembles() const { return ensembles_; }  ///< targets with a ligand
  /// Ligands of a target that have a structure, by drug row.
  const std::vector<std::uint32_t>& ligands(std::uint32_t target) const { return ligands_[target]; }

  /// Every drug with a structure against the ligands of one target; a drug is never its own ligand. Sorted by
  /// E, then drug. Empty when the target has no ligand with a structure.
  std::vector<std::pair<std::uint32_t, EnsembleSimilarity>> drugs_like_ligands(std::uint32_t target) const;

  /// A molecule against these targets, best E first; targets without ligands are left out. A ligand of the
  /// same fingerprint counts: the molecule may be that drug.
  std::vector<EnsembleSimilarity> targets_of(const chem::Fingerprint& molecule,
                                             const std::vector<std::uint32_t>& targets) const;

 private:
  /// z, P and E from what was added.
  void finish(EnsembleSimilarity& similarity) const;
  std::size_t row_of(std::uint32_t drug) const { return static_cast<std::size_t>(row_of_drug_[drug]); }

  chem::FingerprintSet fingerprints_;
  std::vector<std::uint32_t> drug_of_row_;
  std::vector<std::int64_t> row_of_drug_;  ///< -1: no structure
  std::vector<std::vector<std::uint32_t>> ligands_;
  std::size_t ensembles_ = 0;
};

}  // namespace theriac::repurpose
