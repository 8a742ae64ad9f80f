// Isotonic calibration: the probabilities that fit best among all that rise with the score.
//
// Pool adjacent violators: R. E. Barlow et al., Statistical Inference under Order Restrictions (1972); used
// for calibration by B. Zadrozny, C. Elkan, KDD 2002. Within a pool of scores the probability is one, between
// two pools it runs straight, outside the first and last it stays. Each pool counts half a positive and half
// a negative more (Jeffreys), so that no finite sample claims a probability of 0 or 1.
//
// Probabilities hold for a population where the share of positives is as it was in the fit. For another
// prevalence the odds are multiplied by the ratio of prior odds (M. Saerens et al., Neural Comput. 14, 21
// (2002)).
#pragma once
#include <vector>

namespace theriac::repurpose {

/// Values that do not fall, closest in weighted squares to `values`, which stand in the order of their
/// scores.
std::vector<double> isotonic_regression(const std::vector<double>& values,
                                        const std::vector<double>& weights);

class IsotonicCalibration {
 public:
  IsotonicCalibration() = default;
  /// Rising scores, probabilities that do not fall. Throws ModelError.
  IsotonicCalibration(std::vector<double> scores, std::vector<double> probabilities, double prevalence);

  /// Classes are 0 and 1, in any order. Throws UsageError when lengths differ or one class is missing.
  static IsotonicCalibration fit(const std::vector<double>& scores, const std::vector<double>& classes);

  bool empty() const { return scores_.empty(); }
  double prevalence() const { return prevalence_; }  ///< share of positives in the fit
  double probability(double score) const;
  /// In a population with this share of positives, 0 < prevalence < 1.
  double probability_at(double score, double prevalence) const;

  const std::vector<double>& scores() const { return scores_; }
  const std::vector<double>& probabilities() const { return probabilities_; }

 private:
  std::vector<double> scores_, probabilities_;
  double prevalence_ = 0;
};

}  // namespace theriac::repurpose
