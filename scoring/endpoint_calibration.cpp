#include "scoring/endpoint_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr double coverage = 0.9;
constexpr double least_logarithm_of = 1e-3;  // zero half-lives and clearances occur

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

bool positive(float label) {
  return label > 0.5f;
}

/// Without bounds: an error can be told of exact values only.
HeldOutPredictions exact_ones(const HeldOutPredictions& seen) {
  if (seen.bounds.empty()) return seen;
  HeldOutPredictions out;
  for (std::size_t i = 0; i < seen.values.size(); ++i) {
    if (seen.bounds[i] != Bound::exact) continue;
    out.raw.push_back(seen.raw[i]);
    out.similarity.push_back(seen.similarity[i]);
    out.values.push_back(seen.values[i]);
  }
  return out;
}

/// A slope and an offset that a fit is drawn to, as if `weight` molecules had said so.
struct PlattPrior {
  double slope = 1, offset = 0, weight = 0;
};

/// Newton's method on the log likelihood. `targets` are labels, or Platt's that keep away from 0 and 1.
void fit_platt(const std::vector<double>& raw, const std::vector<double>& targets, const PlattPrior& prior,
               EndpointCalibration& calibration) {
  const double centre = mean(raw);
  double spread = 0;
  for (const double x : raw) spread += (x - centre) * (x - centre) / static_cast<double>(raw.size());
  double a = prior.slope, b = prior.offset;
  for (int step = 0; step < 100; ++step) {
    double ga = prior.weight * spread * (prior.slope - a), gb = prior.weight * (prior.offset - b);
    double haa = 1e-9 + prior.weight * spread, hab = 0, hbb = 1e-9 + prior.weight;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const double p = sigmoid(a * raw[i] + b), error = targets[i] - p, h = p * (1 - p);
      ga += error * raw[i];
      gb += error;
      haa += h * raw[i] * raw[i];
      hab += h * raw[i];
      hbb += h;
    }
    const double det = haa * hbb - hab * hab;
    double da = (hbb * ga - hab * gb) / det, db = (haa * gb - hab * ga) / det;
    const double longest = std::max(std::abs(da), std::abs(db));
    if (longest > 2) da *= 2 / longest, db *= 2 / longest;  // full steps can run away
    a += da;
    b += db;
    if (longest < 1e-9) break;
  }
  calibration.slope = a;
  calibration.offset = b;
}

std::vector<double> platt_targets(const std::vector<float>& labels) {
  const auto yes = static_cast<double>(std::count_if(labels.begin(), labels.end(), positive));
  const double no = static_cast<double>(labels.size()) - yes;
  std::vector<double> out;
  for (const float y : labels) out.push_back(positive(y) ? (yes + 1) / (yes + 2) : 1 / (no + 2));
  return out;
}

/// The smallest of the scores that at least a share of 90 % of them, and of one to come, stays below;
/// `limit` when there are too few of them to promise that.
double conformal_quantile(std::vector<double> scores, double limit) {
  std::sort(scores.begin(), scores.end());
  const auto rank = static_cast<std::size_t>(std::ceil(coverage * (static_cast<double>(scores.size()) + 1)));
  return rank <= scores.size() ? scores[rank - 1] : limit;
}

/// How residuals grow with the distance to the training molecules: least squares of their logarithm, with
/// growth kept between none and a factor of e^2 from similarity 1 to 0; then the quantile that conformal
/// prediction asks for.
void fit_interval(const std::vector<double>& residual, const std::vector<double>& similarity,
                  EndpointCalibration& calibration) {
  const auto n = static_cast<double>(residual.size());
  double mean_r = 0;
  for (const double r : residual) mean_r += std::abs(r) / n;
  const double floor = 0.05 * mean_r + 1e-12;
  double mx = 0, my = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    mx += (1 - similarity[i]) / n;
    my += std::log(std::abs(residual[i]) + floor) / n;
  }
  for (std::size_t i = 0; i < residual.size(); ++i) {
    const double x = 1 - similarity[i] - mx;
    xx += x * x;
    xy += x * (std::log(std::abs(residual[i]) + floor) - my);
  }
  calibration.growth = xx > 0 ? std::clamp(xy / xx, 0.0, 2.0) : 0;
  std::vector<double> scores(residual.size());
  for (std::size_t i = 0; i < residual.size(); ++i)
    scores[i] = std::abs(residual[i]) / std::exp(calibration.growth * (1 - similarity[i]));
  calibration.width = conformal_quantile(scores, *std::max_element(scores.begin(), scores.end()));
}

/// The probabilities that nine of ten molecules of class 1 stay above, and nine of ten of class 0 below.
void fit_class_set(const std::vector<double>& raw, const std::vector<float>& labels,
                   EndpointCalibration& calibration) {
  std::vector<double> against_one, against_zero;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const double p = sigmoid(calibration.slope * raw[i] + calibration.offset);
    positive(labels[i]) ? against_one.push_back(1 - p) : against_zero.push_back(p);
  }
  calibration.one_from = 1 - conformal_quantile(against_one, 1);
  calibration.zero_until = conformal_quantile(against_zero, 1);
}

/// What guessing the same for every molecule costs: the median, or the share of the class.
std::vector<double> losses_of_the_mean(const Endpoint& endpoint, const HeldOutPredictions& seen) {
  std::vector<double> out;
  if (endpoint.kind == EndpointKind::value) {
    for (const float v : seen.values) out.push_back(model_scale(endpoint, v));
    const double middle = median(out);
    for (double& v : out) v = std::abs(v - middle);
    return out;
  }
  const auto yes = static_cast<double>(std::count_if(seen.values.begin(), seen.values.end(), positive)) + 0.5;
  const double share = yes / (static_cast<double>(seen.values.size()) + 1);
  for (const float v : seen.values) out.push_back(-std::log(positive(v) ? share : 1 - share));
  return out;
}

/// Below the similarity of the tenth least similar held-out molecule (and below 0.25 at most) nobody has
/// tested the model. Where there are ten or more, it has no basis up to the largest of 0.15, 0.2 ... 0.35
/// below which they are predicted no better than by the mean.
double least_known_similarity(const Endpoint& endpoint, const EndpointCalibration& calibration,
                              const HeldOutPredictions& seen) {
  constexpr std::size_t enough = 10;
  auto sorted = seen.similarity;
  std::sort(sorted.begin(), sorted.end());
  double border = std::min(domain_out_below, sorted[std::min(enough, sorted.size()) - 1]);
  const auto own = held_out_losses(endpoint, calibration, seen), mean = losses_of_the_mean(endpoint, seen);
  for (const double candidate : {0.15, 0.2, 0.25, 0.3, 0.35}) {
    std::size_t below = 0;
    double difference = 0;
    for (std::size_t i = 0; i < own.size(); ++i)
      if (seen.similarity[i] < candidate) {
        ++below;
        difference += own[i] - mean[i];
      }
    if (below >= enough && difference >= 0) border = std::max(border, candidate);
  }
  return border;
}

}  // namespace

Domain EndpointCalibration::domain(double similarity) const {
  return similarity >= domain_in_from ? Domain::in : similarity >= known_from ? Domain::edge : Domain::out;
}

double model_scale(const Endpoint& endpoint, double value) {
  return endpoint.logarithmic ? std::log10(std::max(value, least_logarithm_of)) : value;
}

double natural_scale(const Endpoint& endpoint, double raw) {
  return endpoint.logarithmic ? std::pow(10.0, raw) : raw;
}

double raw_scale(const Endpoint& endpoint, double prediction) {
  if (endpoint.kind == EndpointKind::value) return model_scale(endpoint, prediction);
  const double kept = std::clamp(prediction, 1e-6, 1 - 1e-6);
  return std::log(kept / (1 - kept));
}

EndpointCalibration calibration_of(const Endpoint& endpoint, const HeldOutPredictions& all) {
  EndpointCalibration calibration;
  const auto seen = exact_ones(all);
  if (seen.raw.empty())
    throw UsageError(fmt::format("no exact value of {} to calibrate with", endpoint.name));
  if (endpoint.kind == EndpointKind::probability) {
    fit_platt(seen.raw, platt_targets(seen.values), {}, calibration);
    fit_class_set(seen.raw, seen.values, calibration);
  } else {
    std::vector<double> residual;
    for (std::size_t i = 0; i < seen.raw.size(); ++i)
      residual.push_back(model_scale(endpoint, seen.values[i]) - seen.raw[i]);
    fit_interval(residual, seen.similarity, calibration);
  }
  calibration.known_from = least_known_similarity(endpoint, calibration, seen);
  return calibration;
}

EndpointCalibration recalibrated(const Endpoint& endpoint, const EndpointCalibration& calibration,
                                 const HeldOutPredictions& before, const HeldOutPredictions& after) {
  constexpr double prior_molecules = 10;
  auto out = calibration;
  if (endpoint.kind == EndpointKind::probability) {
    fit_platt(after.raw, {after.values.begin(), after.values.end()},
              {calibration.slope, calibration.offset, prior_molecules}, out);
    return out;
  }
  const double was = mean(held_out_losses(endpoint, calibration, before)),
               is = mean(held_out_losses(endpoint, calibration, after));
  const auto n = static_cast<double>(after.raw.size());
  if (was > 0) out.width *= (n * is + prior_molecules * was) / (n * was + prior_molecules * was);
  return out;
}

std::vector<double> held_out_losses(const Endpoint& endpoint, const EndpointCalibration& calibration,
                                    const HeldOutPredictions& seen) {
  std::vector<double> out;
  for (std::size_t i = 0; i < seen.values.size(); ++i) {
    if (endpoint.kind == EndpointKind::value) {
      out.push_back(std::abs(model_scale(endpoint, seen.values[i]) - seen.raw[i]));
      continue;
    }
    const double p = sigmoid(calibration.slope * seen.raw[i] + calibration.offset);
    out.push_back(-std::log(std::max(1e-15, positive(seen.values[i]) ? p : 1 - p)));
  }
  return out;
}

EndpointPrediction finished(const Endpoint& endpoint, const EndpointCalibration& calibration, double raw,
                            double similarity) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (endpoint.kind == EndpointKind::probability) {
    const double p = sigmoid(calibration.slope * raw + calibration.offset);
    const bool zero = p <= calibration.zero_until, one = p >= calibration.one_from;
    return {p, nan, nan, zero && one ? "0|1" : zero ? "0" : one ? "1" : "none"};
  }
  const double half = calibration.width * std::exp(calibration.growth * (1 - similarity));
  return {natural_scale(endpoint, raw),
          natural_scale(endpoint, raw - half),
          natural_scale(endpoint, raw + half),
          {}};
}

}  // namespace theriac::scoring
