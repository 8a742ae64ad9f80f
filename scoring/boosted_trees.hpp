// Gradient boosting with symmetric trees: every tree asks the same question at each of its levels, so that a
// molecule's leaf is a number of as many bits as there are levels.
//
// J. H. Friedman, Ann. Stat. 29, 1189 (2001); symmetric trees, cosine score, random strength and Bayesian
// weights as in L. Prokhorenkova et al., CatBoost, NeurIPS (2018) and its documentation. Such trees overfit
// small sets less and are asked without a branch: 64 molecules at a time.
#pragma once
#include <cstdint>
#include <vector>

#include "scoring/feature_bins.hpp"

namespace theriac::scoring {

enum class Loss {
  squared,   ///< the mean of the target
  absolute,  ///< its median
  logistic,  ///< log odds; targets are 0 and 1
};

struct BoostingOptions {
  Loss loss = Loss::squared;
  int trees = 1000;
  int depth = 6;              ///< 1 to 8
  double rate = 0;            ///< 0: chosen from the number of rows and trees
  double leaf_penalty = 3;    ///< added to the weight of a leaf
  double column_share = 0.3;  ///< of the columns that a tree may ask about
  double random_strength = 1;
  std::uint64_t seed = 1;
};

/// What is known of a target: its value, or only that it lies on one side of it.
enum class Bound : std::int8_t { at_most = -1, exact = 0, at_least = 1 };

struct BoostingTargets {
  std::vector<float> values;  ///< one per row of the matrix
  std::vector<Bound> bounds;  ///< the same; empty: all are exact. A bound that is kept pulls at nothing.
};

class BoostedTrees {
 public:
  struct Split {
    std::uint16_t column;
    std::uint8_t above;  ///< the answer is yes for bins greater than this
  };

  /// Throws UsageError when there are no rows, or options outside their ranges.
  static BoostedTrees fit(const BinnedMatrix& matrix, const BoostingTargets& targets,
                          const std::vector<std::uint32_t>& rows, const BoostingOptions& options);

  /// Molecules side by side: the bin of column c of molecule i is at c * lanes + i.
  static constexpr std::size_t lanes = 64;
  void add_predictions(const std::uint8_t* block, float* sums) const;

  int depth = 0;
  double base = 0;            ///< of every prediction; add_predictions adds it too
  std::vector<Split> splits;  ///< depth per tree
  std::vector<float> leaves;  ///< 2^depth per tree, learning rate included
  std::size_t trees() const { return depth > 0 ? splits.size() / static_cast<std::size_t>(depth) : 0; }
};

/// The rate at which a model with so many trees learns from so many rows when none is given.
double default_learning_rate(Loss loss, std::size_t rows, int trees);

}  // namespace theriac::scoring
