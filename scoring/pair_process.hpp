// A Gaussian process over pairs of a drug and a target, conditioned on a matrix of affinities with holes.
//
// The covariance of two pairs is the product of a drug kernel and a target kernel,
//
//     k((d, t), (d', t')) = (a0 + a1 s + a2 sqrt(s) + a3 [d = d']) (b0 + b1 r + b2 sqrt(r) + b3 [t = t']),
//
// with s and r the similarities of the drugs and of the targets, plus noise: a constant lets a drug speak for
// all targets, the root reaches far relatives, the identity lets it be itself. T. Pahikkala et al., Brief.
// Bioinform. 16, 325 (2015) (Kronecker ridge); A. Airola, T. Pahikkala, IEEE Trans. Neural Netw. 29, 3374
// (2018): the system is solved by conjugate gradients, each step two products of small matrices and never the
// matrix of all pairs.
//
// Unknown drugs and targets are rows without entries; nothing else distinguishes the cold cases.
#pragma once
#include <cstdint>
#include <vector>

#include "scoring/row_product.hpp"

namespace theriac::scoring {

/// A known affinity: indices into the similarity matrices.
struct PairValue {
  std::uint32_t drug = 0, target = 0;
  float value = 0;
};

struct SideKernel {
  double constant = 0.1, similarity = 1, root = 0, identity = 0.1;
};

struct PairKernel {
  SideKernel drug{0.1, 2, 0, 0.5}, target{0.1, 0.6, 0.4, 0.1};
  double noise = 0.05;
};

/// The kernel of one side from the similarities of its members. Symmetric where `similarity` is.
FloatMatrix side_kernel(const SideKernel& kernel, const FloatMatrix& similarity);
/// The same of one more member against these, from its similarities; `self`: its place among them, -1 for a
/// new one.
std::vector<float> side_kernel_row(const SideKernel& kernel, const std::vector<float>& similarity, int self);

class PairProcess {
 public:
  /// Square similarity matrices, 0 to 1. Throws UsageError when there is no value or an index is out of
  /// range.
  static PairProcess fit(const PairKernel& kernel, const FloatMatrix& drug_kernel,
                         const FloatMatrix& target_kernel, const std::vector<PairValue>& known);

  /// Of all pairs: drugs x targets.
  FloatMatrix all_means(const FloatMatrix& drug_kernel, const FloatMatrix& target_kernel) const;
  int steps() const { return steps_; }

  PairKernel kernel;
  double mean = 0;      ///< of the known values; that of a pair that nothing is known about
  FloatMatrix weights;  ///< drugs x targets, 0 where nothing is known

 private:
  int steps_ = 0;
};

}  // namespace theriac::scoring
