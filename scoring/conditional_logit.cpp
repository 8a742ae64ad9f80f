#include "scoring/conditional_logit.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>

namespace theriac::scoring {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Rows> columns_of(const AlternativeSet& set) {
  const auto rows = static_cast<Eigen::Index>(set.right.size());
  return {set.columns.data(), rows, static_cast<Eigen::Index>(set.columns.size()) / rows};
}

Eigen::Map<const Eigen::VectorXd> vector_of(const std::vector<double>& v) {
  return {v.data(), static_cast<Eigen::Index>(v.size())};
}

}  // namespace

std::vector<double> conditional_logit(const std::vector<AlternativeSet>& sets) {
  if (sets.empty()) return {};
  const Eigen::Index k = columns_of(sets.front()).cols();
  Eigen::VectorXd w = Eigen::VectorXd::Zero(k);
  for (int step = 0; step < 200; ++step) {
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(k);
    Eigen::MatrixXd curvature = 1e-6 * Eigen::MatrixXd::Identity(k, k);
    for (const auto& set : sets) {
      const auto x = columns_of(set);
      Eigen::VectorXd share = x * w;
      share = (share.array() - share.maxCoeff()).exp().eval();
      Eigen::VectorXd near = share.cwiseProduct(vector_of(set.right));
      share /= share.sum();
      near /= near.sum();
      const Eigen::VectorXd mean = x.transpose() * share;
      slope += x.transpose() * near - mean;
      curvature += x.transpose() * share.asDiagonal() * x - mean * mean.transpose();
    }
    const Eigen::VectorXd by = curvature.ldlt().solve(slope);
    w += by;
    if (by.norm() < 1e-8) break;
  }
  return {w.data(), w.data() + k};
}

std::vector<double> conditional_scores(const AlternativeSet& set, const std::vector<double>& weights) {
  const Eigen::VectorXd s = columns_of(set) * vector_of(weights);
  return {s.data(), s.data() + s.size()};
}

double conditional_loss(const AlternativeSet& set, const std::vector<double>& weights) {
  const Eigen::VectorXd s = columns_of(set) * vector_of(weights);
  const Eigen::VectorXd e = (s.array() - s.maxCoeff()).exp();
  return -std::log(e.dot(vector_of(set.right)) / e.sum());
}

std::array<double, 3> calibrated(const std::vector<CalibrationRow>& rows) {
  const Eigen::Vector3d start(0, 1, 0);
  constexpr double holding = 0.1;
  const auto loss = [&](const Eigen::Vector3d& w) {
    double sum = 0.5 * holding * (w - start).squaredNorm();
    for (const auto& row : rows) {
      const double z = w.dot(Eigen::Vector3d(1, row.logit, row.size)) * (row.right ? -1 : 1);
      sum += z > 30 ? z : std::log1p(std::exp(z));
    }
    return sum;
  };
  Eigen::Vector3d w = start;
  double now = loss(w);
  for (int step = 0; step < 50; ++step) {  // Newton's steps, halved until they help
    Eigen::Vector3d slope = -holding * (w - start);
    Eigen::Matrix3d curvature = holding * Eigen::Matrix3d::Identity();
    for (const auto& row : rows) {
      const Eigen::Vector3d x(1, row.logit, row.size);
      const double p = 1 / (1 + std::exp(-w.dot(x)));
      slope += ((row.right ? 1 : 0) - p) * x;
      curvature += p * (1 - p) * x * x.transpose();
    }
    Eigen::Vector3d by = curvature.inverse() * slope;
    double next = loss(w + by);
    for (int halving = 0; halving < 30 && !(next <= now); ++halving) {
      by *= 0.5;
      next = loss(w + by);
    }
    if (!(next <= now)) break;
    w += by;
    now = next;
    if (by.norm() < 1e-9) break;
  }
  return {{w[0], w[1], w[2]}};
}

}  // namespace theriac::scoring
