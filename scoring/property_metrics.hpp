// How good predictions of a measured property are: errors, ranks and classes. Calibration and coverage are in
// scoring/reliability.hpp.
//
// The definitions are those of scikit-learn and of the Therapeutics Data Commons, so that figures stand
// beside published ones: average precision is the sum of precisions weighted by gains in recall (no
// trapezoids), tied predictions share their ranks. Everything can be resampled: intervals are percentile
// bootstraps over the molecules (scoring/bootstrap.hpp), prepared so that 10,000 resamples of 2,700 molecules
// take seconds.
//
// Observed classes are 1 and 0. Whatever is not defined (one class only, no spread, no values, a NaN among
// the values) is NaN, never an error; lists of different lengths are a UsageError.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"

namespace theriac::scoring {

using Values = std::vector<double>;  ///< one entry per molecule

enum class PropertyMetric {
  mae,                ///< mean absolute error
  rmse,               ///< root of the mean squared error
  r2,                 ///< 1 - squared errors over squared distances from the observed mean; may be negative
  spearman,           ///< Pearson correlation of the ranks; ties have their average rank
  pearson,            ///< Pearson correlation
  auroc,              ///< area under the receiver operating characteristic; ties count half
  average_precision,  ///< area under precision and recall, as sklearn.metrics.average_precision_score
  brier,              ///< mean squared distance between probability and class
  log_loss,           ///< nats per molecule; probabilities are kept 1e-15 away from 0 and 1
  accuracy,           ///< share on the right side of 0.5
  mcc                 ///< Matthews correlation at 0.5; 0 when one class is never predicted
};

std::string metric_name(PropertyMetric metric);  ///< "MAE", "AUROC" ...
/// From a name as users write it: "auprc", "MAE", "average_precision". Throws UsageError (nearest name).
PropertyMetric metric_from_name(const std::string& name);
bool higher_is_better(PropertyMetric metric);

double property_metric(PropertyMetric metric, const Values& observed, const Values& predicted);

/// With its percentile bootstrap interval over the molecules.
Interval metric_interval(PropertyMetric metric, const Values& observed, const Values& predicted,
                         const BootstrapOptions& options = {});
/// Metric of `first` minus that of `second` on the same molecules, resampled in pairs.
Interval metric_difference(PropertyMetric metric, const Values& observed, const Values& first,
                           const Values& second, const BootstrapOptions& options = {});

/// A metric made ready for many samples of the same predictions: sorted once, then linear in the sample.
class PreparedMetric {
 public:
  PreparedMetric(PropertyMetric metric, const Values& observed, const Values& predicted);
  double operator()(const Sample& sample) const;

 private:
  double mean_loss(const Sample& sample) const;
  double rank_correlation(const Sample& sample) const;
  double area(const Sample& sample) const;
  double class_correlation(const Sample& sample) const;

  PropertyMetric metric_;
  bool defined_ = true;  // no NaN among the values
  Values observed_, predicted_, loss_;
  std::vector<std::size_t> by_observed_, by_predicted_;  // per case, its place among the distinct values
  std::size_t observed_ties_ = 0, predicted_ties_ = 0;
};

}  // namespace theriac::scoring
