// Boosted trees on the features of pairs, with the error to expect beside each prediction.
//
// The intervals are conformal: half width = `width` times the expected error, and `width` is what 90 % of
// held-out pairs stay within (J. Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018), section 5.2).
#pragma once
#include <cstdint>
#include <vector>

#include "scoring/boosted_trees.hpp"

namespace theriac::scoring {

struct PairTreeOptions {
  int trees = 600, depth = 6, members = 1;
  bool intervals = true;  ///< needs three more sets of trees
  std::uint64_t seed = 1;
};

/// Pairs with known values, in groups that are held out together when errors are measured.
struct PairExamples {
  std::vector<float> features;  ///< `columns` numbers a pair
  std::size_t columns = 0;
  std::vector<float> values;
  std::vector<int> folds;
};

struct PairTrees {
  struct Estimate {
    double value = 0, half_width = 0;  ///< of the 90 % interval; NaN without
  };
  std::vector<std::vector<float>> borders;  ///< a list a feature, rising
  std::vector<BoostedTrees> members;
  std::vector<BoostedTrees> errors;  ///< one or none: the absolute error to expect
  double least_error = 0, width = 0;

  static PairTrees fit(const PairExamples& examples, const PairTreeOptions& options);
  bool empty() const { return members.empty(); }
  /// Of `count` rows of features, in blocks and in parallel; each row as if it stood alone.
  std::vector<Estimate> predict(const float* features, std::size_t count) const;
};

}  // namespace theriac::scoring
