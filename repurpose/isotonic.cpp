#include "repurpose/isotonic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

struct Pool {
  double sum = 0, weight = 0;  ///< of the values
  std::size_t count = 0;
  double mean() const { return sum / weight; }
};

std::vector<Pool> pools(const std::vector<double>& values, const std::vector<double>& weights) {
  std::vector<Pool> all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all.push_back({values[i] * weights[i], weights[i], 1});
    while (all.size() > 1 && all[all.size() - 2].mean() >= all.back().mean()) {
      const Pool last = all.back();
      all.pop_back();
      all.back().sum += last.sum;
      all.back().weight += last.weight;
      all.back().count += last.count;
    }
  }
  return all;
}

}  // namespace

std::vector<double> isotonic_regression(const std::vector<double>& values,
                                        const std::vector<double>& weights) {
  if (values.size() != weights.size())
    throw UsageError(fmt::format("{} values and {} weights", values.size(), weights.size()));
  if (std::any_of(weights.begin(), weights.end(), [](double w) { return !(w > 0); }))
    throw UsageError("weights of an isotonic regression must be positive");
  std::vector<double> fitted;
  for (const auto& pool : pools(values, weights)) fitted.insert(fitted.end(), pool.count, pool.mean());
  return fitted;
}

IsotonicCalibration::IsotonicCalibration(std::vector<double> scores, std::vector<double> probabilities,
                                         double prevalence)
    : scores_(std::move(scores)), probabilities_(std::move(probabilities)), prevalence_(prevalence) {
  if (scores_.empty() || scores_.size() != probabilities_.size() || !(prevalence > 0 && prevalence < 1))
    throw ModelError("calibration without scores, or with a prevalence outside 0 to 1");
  for (std::size_t i = 1; i < scores_.size(); ++i)
    if (!(scores_[i] > scores_[i - 1]) || probabilities_[i] < probabilities_[i - 1])
      throw ModelError("scores of a calibration must rise and probabilities must not fall");
}

IsotonicCalibration IsotonicCalibration::fit(const std::vector<double>& scores,
                                             const std::vector<double>& classes) {
  if (scores.size() != classes.size())
    throw UsageError(fmt::format("{} scores and {} classes", scores.size(), classes.size()));
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  std::vector<double> distinct, share, weight;  // equal scores are one case
  double positives = 0;
  for (const auto i : order) {
    if (distinct.empty() || scores[i] != distinct.back()) {
      distinct.push_back(scores[i]);
      share.push_back(0);
      weight.push_back(0);
    }
    share.back() += classes[i];
    weight.back() += 1;
    positives += classes[i];
  }
  const double cases = static_cast<double>(scores.size());
  if (positives <= 0 || positives >= cases) throw UsageError("all cases of the calibration are of one class");
  for (std::size_t i = 0; i < share.size(); ++i) share[i] /= weight[i];

  const auto all = pools(share, weight);
  std::vector<double> levels;
  for (const auto& pool : all) levels.push_back((pool.sum + 0.5) / (pool.weight + 1));
  // half a case can break the order of small pools
  levels = isotonic_regression(levels, std::vector<double>(levels.size(), 1.0));
  std::vector<double> ends, probabilities;  // both ends of each pool
  std::size_t at = 0;
  for (std::size_t p = 0; p < all.size(); ++p) {
    for (const std::size_t end : {at, at + all[p].count - 1}) {
      if (!ends.empty() && ends.back() == distinct[end]) continue;
      ends.push_back(distinct[end]);
      probabilities.push_back(levels[p]);
    }
    at += all[p].count;
  }
  return IsotonicCalibration(std::move(ends), std::move(probabilities), positives / cases);
}

double IsotonicCalibration::probability(double score) const {
  if (empty()) throw ModelError("a model without calibration gives no probability");
  const auto above = std::lower_bound(scores_.begin(), scores_.end(), score);
  if (above == scores_.begin()) return probabilities_.front();
  if (above == scores_.end()) return probabilities_.back();
  const auto i = static_cast<std::size_t>(above - scores_.begin());
  const double part = (score - scores_[i - 1]) / (scores_[i] - scores_[i - 1]);
  return probabilities_[i - 1] + part * (probabilities_[i] - probabilities_[i - 1]);
}

double IsotonicCalibration::probability_at(double score, double prevalence) const {
  if (!(prevalence > 0 && prevalence < 1))
    throw UsageError(fmt::format("prevalence {} is not between 0 and 1", prevalence));
  const double p = probability(score);
  const double odds = p / (1 - p) * (prevalence / (1 - prevalence)) / (prevalence_ / (1 - prevalence_));
  return odds / (1 + odds);
}

}  // namespace theriac::repurpose
