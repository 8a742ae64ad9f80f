// How strongly a molecule binds a protein, learned from a matrix of measured affinities.
//
// Similar drugs bind similar targets alike. Drugs are compared by three fingerprints (atom environments, the
// same by function, atom pairs), proteins by local alignment of their whole sequences. A Gaussian process
// over all pairs (pair_process.hpp) and the neighbours on both sides (pair_features.hpp) are weighed by
// boosted trees.
//
// There are four questions of rising difficulty: drug and target both known but not this pair, a new drug, a
// new target, both new. For each its own trees are grown on pairs that were held out in just that way, so
// that no number a tree sees has seen the answer. Intervals are conformal, scaled by a second set of trees
// that learn how large the error is where (J. Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018)).
//
// Everything is relative to the proteins learned from: a model of kinases has no basis for a receptor, and
// says so.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "datasets/affinity_table.hpp"
#include "scoring/drug_target_similarity.hpp"
#include "scoring/held_out_pairs.hpp"
#include "scoring/pair_features.hpp"
#include "scoring/pair_trees.hpp"
#include "scoring/score.hpp"

namespace theriac::scoring {

struct AffinityFitOptions {
  int folds = 5;  ///< in which pairs are held out to learn from them
  PairTreeOptions trees;
  std::vector<PairCase> cases = {PairCase::known, PairCase::new_drug, PairCase::new_target,
                                 PairCase::both_new};
  PairKernel kernel;
  std::vector<std::size_t> left_out;  ///< features that the trees may not ask about
  std::uint64_t seed = 1;
};

struct AffinityEstimate {
  double value = 0, low = 0, high = 0;  ///< 90 % interval; NaN without calibration
  PairCase which = PairCase::known;
};

class AffinityModel {
 public:
  std::string name, unit, family, licence;  ///< "affinity-davis", "pKd", "protein kinases"; of the data

  /// From the entries of a table. Throws UsageError with fewer than 200 of them, or fewer than 10 drugs or
  /// targets.
  static AffinityModel fit(const datasets::AffinityTable& table, const FloatMatrix& drug_similarity,
                           const FloatMatrix& target_similarity, const AffinityFitOptions& options);
  /// Throws ModelError for a file that is none or contradicts itself, and what reading throws.
  static AffinityModel load(const std::string& path);
  /// `about` goes into the metadata.
  void save(const std::string& path, const std::map<std::string, std::string>& about) const;

  const datasets::AffinityTable& table() const { return table_; }
  const PairFeatures& features() const { return *features_; }
  /// Of a model that was loaded.
  const std::vector<DrugFingerprints>& drug_fingerprints() const { return drug_fingerprints_; }
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }

  /// Which of the four questions a pair is.
  static PairCase case_of(const PairSide& drug, const PairSide& target);
  /// Rows of PairFeatures::count numbers, all of one case. Throws UsageError when that case was not fitted.
  std::vector<AffinityEstimate> predict(PairCase which, const std::vector<float>& features) const;

 private:
  friend class AffinityFile;
  datasets::AffinityTable table_;
  std::shared_ptr<const PairFeatures> features_;
  std::array<PairTrees, pair_cases> trees_;
  FloatMatrix target_similarity_;
  std::vector<DrugFingerprints> drug_fingerprints_;
  double lowest_ = 0, highest_ = 0;
};

}  // namespace theriac::scoring
