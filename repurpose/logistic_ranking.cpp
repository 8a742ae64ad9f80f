#include "repurpose/logistic_ranking.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr int most_halvings = 40;

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Standardised {
  Rows x;  ///< a last column of ones
  Eigen::VectorXd mean, deviation;
};

void check(const RealMatrix& x, const std::vector<double>& classes, const std::vector<double>& weights) {
  if (classes.size() != x.rows || weights.size() != x.rows)
    throw UsageError(
        fmt::format("{} cases, {} classes and {} weights", x.rows, classes.size(), weights.size()));
  double share[2] = {0, 0};
  for (std::size_t i = 0; i < x.rows; ++i) {
    if ((classes[i] != 0 && classes[i] != 1) || !(weights[i] >= 0))
      throw UsageError("classes must be 0 or 1 and weights must not be negative");
    share[classes[i] == 1] += weights[i];
  }
  if (share[0] == 0 || share[1] == 0)
    throw UsageError("all cases are of one class, so there is nothing to learn");
  for (const double value : x.values)
    if (!std::isfinite(value)) throw UsageError("a feature is not a finite number");
}

Standardised standardise(const RealMatrix& x, const Eigen::Ref<const Eigen::VectorXd>& weights) {
  const auto rows = static_cast<Eigen::Index>(x.rows), columns = static_cast<Eigen::Index>(x.columns);
  const Eigen::Map<const Rows> raw(x.values.data(), rows, columns);
  const double total = weights.sum();
  Standardised out;
  out.mean = (raw.transpose() * weights) / total;
  out.x.resize(rows, columns + 1);
  out.x.leftCols(columns) = raw.rowwise() - out.mean.transpose();
  out.x.col(columns).setOnes();
  out.deviation.resize(columns);
  for (Eigen::Index j = 0; j < columns; ++j) {
    const double variance = out.x.col(j).cwiseAbs2().dot(weights) / total;
    out.deviation[j] = variance > 1e-24 ? std::sqrt(variance) : 1.0;
    out.x.col(j) /= out.deviation[j];
  }
  return out;
}

/// Negative log likelihood with half the weighted squares of the slopes.
double penalised_loss(const Rows& x, const Eigen::VectorXd& y, const Eigen::VectorXd& w,
                      const Eigen::VectorXd& penalty, const Eigen::VectorXd& slope) {
  const Eigen::VectorXd logits = x * slope;
  double loss = 0.5 * penalty.cwiseProduct(slope).dot(slope);
  for (Eigen::Index i = 0; i < logits.size(); ++i) {
    const double s = logits[i];
    loss += w[i] * (std::max(s, 0.0) + std::log1p(std::exp(-std::abs(s))) - y[i] * s);
  }
  return loss;
}

}  // namespace

double logistic(double logit) {
  return logit >= 0 ? 1 / (1 + std::exp(-logit)) : std::exp(logit) / (1 + std::exp(logit));
}

LogisticModel::LogisticModel(std::vector<std::string> features, std::vector<double> scales,
                             std::vector<double> slopes, double intercept)
    : features_(std::move(features)),
      scales_(std::move(scales)),
      slopes_(std::move(slopes)),
      intercept_(intercept) {
  if (features_.size() != scales_.size() || features_.size() != slopes_.size())
    throw ModelError(fmt::format("logistic model with {} features, {} scales and {} slopes", features_.size(),
                                 scales_.size(), slopes_.size()));
  for (std::size_t j = 0; j < scales_.size(); ++j)
    if (!(scales_[j] >= 0) || !std::isfinite(slopes_[j]))
      throw ModelError(fmt::format("logistic model: feature '{}' has scale {} and slope {}", features_[j],
                                   scales_[j], slopes_[j]));
}

void LogisticModel::contributions(const double* x, double* out) const {
  for (std::size_t j = 0; j < slopes_.size(); ++j) out[j] = slopes_[j] * scaled(x[j], scales_[j]);
}

double LogisticModel::logit(const double* x) const {
  double sum = intercept_;
  for (std::size_t j = 0; j < slopes_.size(); ++j) sum += slopes_[j] * scaled(x[j], scales_[j]);
  return sum;
}

double scaled(double x, double scale) {
  if (scale == 0 || x == 0) return x;
  const double y = std::abs(x / scale);  // std::asinh is three times slower
  constexpr double small = 1e-4;         // below it two terms of the series are exact
  return std::copysign(y < small ? y - y * y * y / 6 : std::log(y + std::sqrt(y * y + 1)), x);
}

LogisticFit fit_logistic(const RealMatrix& x, const std::vector<double>& classes,
                         const std::vector<double>& weights, const LogisticOptions& options,
                         const LogisticFit* start) {
  check(x, classes, weights);
  const auto rows = static_cast<Eigen::Index>(x.rows), columns = static_cast<Eigen::Index>(x.columns);
  const Eigen::Map<const Eigen::VectorXd> y(classes.data(), rows), w(weights.data(), rows);
  const Standardised data = standardise(x, w);
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(columns + 1);
  const double share = y.dot(w) / w.sum();
  slope[columns] = std::log(share / (1 - share));
  if (start && start->slopes.size() == x.columns) {
    slope[columns] = start->intercept;
    for (Eigen::Index j = 0; j < columns; ++j) {
      slope[j] = start->slopes[static_cast<std::size_t>(j)] * data.deviation[j];
      slope[columns] += start->slopes[static_cast<std::size_t>(j)] * data.mean[j];
    }
  }
  Eigen::VectorXd penalty = Eigen::VectorXd::Constant(columns + 1, options.penalty);
  penalty[columns] = 0;

  LogisticFit fit;
  double loss = penalised_loss(data.x, y, w, penalty, slope);
  for (; fit.iterations < options.most_iterations; ++fit.iterations) {
    const Eigen::VectorXd p = (data.x * slope).unaryExpr([](double s) { return logistic(s); });
    const Eigen::VectorXd gradient =
        data.x.transpose() * (w.array() * (p - y).array()).matrix() + penalty.cwiseProduct(slope);
    const Eigen::VectorXd root = (w.array() * p.array() * (1 - p.array())).max(1e-12).sqrt().matrix();
    const Rows weighted = root.asDiagonal() * data.x;
    Eigen::MatrixXd hessian = penalty.asDiagonal();
    hessian.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
    Eigen::VectorXd change = hessian.selfadjointView<Eigen::Lower>().ldlt().solve(gradient);
    const double descent = gradient.dot(change);
    if (change.cwiseAbs().maxCoeff() < options.tolerance || !(descent > 0)) break;
    // far from the minimum a full step may lead uphill: halve it until the loss falls (Armijo's rule)
    double tried = penalised_loss(data.x, y, w, penalty, slope - change);
    for (int halvings = 0; !(tried <= loss - 1e-4 * change.dot(gradient)) && halvings < most_halvings;
         ++halvings) {
      change /= 2;
      tried = penalised_loss(data.x, y, w, penalty, slope - change);
    }
    if (!(tried < loss)) break;  // at the minimum, to rounding
    slope -= change;
    loss = tried;
  }
  fit.slopes.resize(x.columns);
  fit.intercept = slope[columns];
  for (Eigen::Index j = 0; j < columns; ++j) {
    fit.slopes[static_cast<std::size_t>(j)] = slope[j] / data.deviation[j];
    fit.intercept -= slope[j] / data.deviation[j] * data.mean[j];
  }
  return fit;
}

}  // namespace theriac::repurpose
