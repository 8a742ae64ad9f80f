// Logistic regression whose answer can be taken apart: the contributions of the features sum to the logit.
//
//   logit = intercept + sum_j contribution_j,   contribution_j = slope_j * asinh(x_j / scale_j)
//                                                            or slope_j * x_j where scale_j is 0
//
// A feature of 0 contributes exactly 0, so the intercept is the logit of a pair for which nothing is known.
// asinh(x / mean) is the transformation of path counts in D. S. Himmelstein et al., eLife 6, e26726 (2017):
// linear near 0, logarithmic for large counts.
//
// Fitted by Newton's method (iteratively reweighted least squares) with an L2 penalty on the slopes per
// standard deviation, so that units do not matter; the intercept is free. Cases have weights.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "repurpose/real_matrix.hpp"

namespace theriac::repurpose {

class LogisticModel {
 public:
  LogisticModel() = default;
  /// A scale of 0 stands for none. Throws ModelError when the lengths differ or a scale is negative.
  LogisticModel(std::vector<std::string> features, std::vector<double> scales, std::vector<double> slopes,
                double intercept);

  const std::vector<std::string>& features() const { return features_; }
  const std::vector<double>& scales() const { return scales_; }
  const std::vector<double>& slopes() const { return slopes_; }
  double intercept() const { return intercept_; }

  /// One number per feature; `x` holds that many. Their sum and the intercept are the logit.
  void contributions(const double* x, double* out) const;
  double logit(const double* x) const;

 private:
  std::vector<std::string> features_;
  std::vector<double> scales_, slopes_;
  double intercept_ = 0;
};

/// x over its scale, by asinh; x itself where the scale is 0.
double scaled(double x, double scale);

struct LogisticFit {
  std::vector<double> slopes;
  double intercept = 0;
  int iterations = 0;
};

struct LogisticOptions {
  double penalty = 20;  ///< half the L2 penalty times the squared slopes per standard deviation
  int most_iterations = 40;
  double tolerance = 1e-7;  ///< of the largest change of a slope per standard deviation
};

/// `x` is already transformed; classes are 0 and 1. `start` shortens the way. Throws UsageError when lengths
/// differ, a number is not finite or only one class has weight.
LogisticFit fit_logistic(const RealMatrix& x, const std::vector<double>& classes,
                         const std::vector<double>& weights, const LogisticOptions& options = {},
                         const LogisticFit* start = nullptr);

double logistic(double logit);  ///< probability

}  // namespace theriac::repurpose
