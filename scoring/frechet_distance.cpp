#include "scoring/frechet_distance.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "datasets/npz_file.hpp"

namespace theriac::scoring {
namespace {

using Matrix = Eigen::MatrixXd;
using Points = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
constexpr Eigen::Index block_rows = 256;  // converted to double at a time

Eigen::Index index_of(std::size_t n) {
  return static_cast<Eigen::Index>(n);
}

Eigen::Map<const Matrix> matrix(const PointStatistics& s) {
  const auto d = index_of(s.mean.size());
  return {s.covariance.data(), d, d};
}

/// Root of a symmetric matrix without negative eigenvalues.
Matrix square_root(const Matrix& m) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(m);
  const Eigen::VectorXd roots = solver.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  return solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
}

const datasets::NumberArray& array(const std::map<std::string, datasets::NumberArray>& arrays,
                                   const std::string& path, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (const auto found = arrays.find(name); found != arrays.end()) return found->second;
  std::string have;
  for (const auto& [name, ignored] : arrays) have += (have.empty() ? "" : ", ") + name;
  throw InputError(fmt::format("'{}' has no array '{}'; it has: {}", path, names.front(), have));
}

}  // namespace

PointMoments::PointMoments(std::size_t dimensions)
    : dimensions_(dimensions), sum_(dimensions), products_(dimensions * dimensions) {}

void PointMoments::add(const std::vector<float>& rows) {
  const auto d = index_of(dimensions_), n = index_of(rows.size() / dimensions_);
  const Points points(rows.data(), n, d);
  Eigen::Map<Eigen::VectorXd> sum(sum_.data(), d);
  Eigen::Map<Matrix> products(products_.data(), d, d);
  for (Eigen::Index first = 0; first < n; first += block_rows) {
    const Matrix block = points.middleRows(first, std::min(block_rows, n - first)).cast<double>();
    sum += block.colwise().sum().transpose();
    products.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
  }
  count_ += n;
}

PointStatistics PointMoments::statistics() const {
  if (count_ < 2)
    throw UsageError(fmt::format("{} points have no covariance, at least 2 are needed", count_));
  const auto d = index_of(dimensions_);
  const auto n = static_cast<double>(count_);
  PointStatistics out;
  out.count = count_;
  out.mean.resize(dimensions_);
  out.covariance.resize(dimensions_ * dimensions_);
  Eigen::Map<Eigen::VectorXd> mean(out.mean.data(), d);
  mean = Eigen::Map<const Eigen::VectorXd>(sum_.data(), d) / n;
  Matrix full = Eigen::Map<const Matrix>(products_.data(), d, d).selfadjointView<Eigen::Lower>();
  Eigen::Map<Matrix>(out.covariance.data(), d, d) = (full - n * mean * mean.transpose()) / (n - 1);
  return out;
}

double frechet_distance(const PointStatistics& a, const PointStatistics& b) {
  if (a.mean.size() != b.mean.size())
    throw UsageError(
        fmt::format("points of {} and of {} dimensions cannot be compared", a.mean.size(), b.mean.size()));
  const auto d = index_of(a.mean.size());
  const Eigen::Map<const Eigen::VectorXd> mean_a(a.mean.data(), d), mean_b(b.mean.data(), d);
  const Matrix root = square_root(matrix(a));
  const Matrix product = root * matrix(b) * root;
  const Matrix symmetric = 0.5 * (product + product.transpose());
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(symmetric, Eigen::EigenvaluesOnly);
  const double trace_of_root = solver.eigenvalues().cwiseMax(0.0).cwiseSqrt().sum();
  const double distance =
      (mean_a - mean_b).squaredNorm() + matrix(a).trace() + matrix(b).trace() - 2 * trace_of_root;
  return std::max(distance, 0.0);
}

PointStatistics read_point_statistics(const std::string& path) {
  const auto arrays = datasets::read_npz(path);
  const auto& mean = array(arrays, path, {"mean", "mu"});
  const auto& covariance = array(arrays, path, {"covariance", "sigma", "cov"});
  const auto d = static_cast<std::int64_t>(mean.numbers.size());
  if (mean.shape != datasets::TensorShape{d} || covariance.shape != datasets::TensorShape{d, d})
    throw InputError(fmt::format("'{}' holds a mean of {} and a covariance of {} numbers", path,
                                 datasets::shape_text(mean.shape), datasets::shape_text(covariance.shape)));
  PointStatistics out{mean.numbers, covariance.numbers, 0};
  const auto finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(out.mean.begin(), out.mean.end(), finite) ||
      !std::all_of(out.covariance.begin(), out.covariance.end(), finite))
    throw InputError(fmt::format("'{}' holds values that are not numbers", path));
  const auto n = arrays.find("n");
  if (n != arrays.end() && n->second.numbers.size() == 1 && n->second.numbers[0] > 0 &&
      n->second.numbers[0] < 1e15)
    out.count = static_cast<std::int64_t>(n->second.numbers[0]);
  return out;
}

}  // namespace theriac::scoring
