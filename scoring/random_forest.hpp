// A random forest on fingerprint bits: the baseline that every property model is measured against.
//
// L. Breiman, Mach. Learn. 45, 5 (2001): each tree is grown on a bootstrap sample, to the end, and every node
// looks at a random part of the bits: the square root of their number for classes, a third for values. The
// split is the one that lowers the variance of the target most (for 0 and 1 that is Gini's index). The forest
// is the mean of its trees.
#pragma once
#include <cstdint>
#include <vector>

#include "chem/fingerprint.hpp"

namespace theriac::scoring {

struct ForestOptions {
  int trees = 500;
  bool classes = false;  ///< targets are 0 and 1
  int smallest_leaf = 1;
  std::uint64_t seed = 1;
};

class RandomForest {
 public:
  /// Grows on all threads; equal seeds give equal forests. Throws UsageError without rows or with lengths
  /// that differ.
  RandomForest(const chem::FingerprintSet& fingerprints, const std::vector<float>& targets,
               const ForestOptions& options);

  double predict(const chem::Fingerprint& fingerprint) const;

 private:
  struct Node {
    std::int32_t bit = -1;  ///< -1: a leaf
    std::int32_t clear = 0, set = 0;
    float value = 0;
  };
  using Tree = std::vector<Node>;
  class Grower;
  std::vector<Tree> trees_;
};

}  // namespace theriac::scoring
