// Which of several alternatives is right, learned from sets of alternatives of which some are right.
//
//   s = w . x,   L = -log( sum r exp(s) / sum exp(s) )     summed over sets, least in w
//
// x: columns of an alternative, r: how right it is, 0 to 1. D. McFadden, Conditional logit analysis of
// qualitative choice behavior (1974), with several and partly right alternatives.
#pragma once
#include <array>
#include <vector>

namespace theriac::scoring {

struct AlternativeSet {
  std::vector<double> columns;  ///< row by row, one row per alternative
  std::vector<double> right;    ///< per alternative; not all 0
};

/// One weight per column. Each step solves with the curvature of the whole softmax, an upper bound: the loss
/// falls at every step. Empty without sets.
std::vector<double> conditional_logit(const std::vector<AlternativeSet>& sets);

/// s of each alternative.
std::vector<double> conditional_scores(const AlternativeSet& set, const std::vector<double>& weights);
/// L of one set.
double conditional_loss(const AlternativeSet& set, const std::vector<double>& weights);

/// logit P = c0 + c1 logit + c2 size
struct CalibrationRow {
  double logit, size;
  bool right;
};

/// Logistic regression, held back slightly from (0, 1, 0): J. Platt's scaling (1999).
std::array<double, 3> calibrated(const std::vector<CalibrationRow>& rows);

}  // namespace theriac::scoring
