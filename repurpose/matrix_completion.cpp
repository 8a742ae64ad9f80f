#include "repurpose/matrix_completion.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

using Eigen::Index;

template <class Matrix>
struct Shrunk {
  Matrix matrix;
  Index rank = 0;
};

/// Singular values of a symmetric matrix shrunk by `threshold`, from all of its singular vectors.
Shrunk<Eigen::MatrixXd> shrink_by_svd(const Eigen::MatrixXd& matrix, double threshold) {
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::VectorXd values = (svd.singularValues().array() - threshold).max(0);
  return {svd.matrixU() * values.asDiagonal() * svd.matrixV().transpose(), (values.array() > 0).count()};
}

/// The same from the eigenvectors beyond the threshold, which start the search for those of the next matrix.
class EigenShrinkage {
 public:
  Shrunk<Eigen::MatrixXf> operator()(const Eigen::MatrixXf& matrix, float threshold) {
    if (basis_.cols() == 0 || !follow(matrix, threshold)) decompose(matrix);
    sort_by_magnitude();
    const Index rank = (values_.array().abs() > threshold).count();
    Shrunk<Eigen::MatrixXf> out{rebuilt(rank, threshold), rank};
    keep(rank);
    return out;
  }

 private:
  static constexpr int most_steps = 3;
  static constexpr float most_error = 3e-4f;  ///< of the norm; the iteration itself stops at changes of 2e-3

  /// Eigenvectors kept beyond the threshold, for those that cross it next and for a faster approach.
  static Index margin(Index rank) { return 24 + rank / 8; }

  void decompose(const Eigen::MatrixXf& matrix) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(matrix);
    values_ = solver.eigenvalues();
    vectors_ = solver.eigenvectors();
  }

  /// Subspace iteration until the Ritz pairs beyond the threshold hold. False when they do not within a few
  /// steps, or the threshold may lie beyond the subspace.
  bool follow(const Eigen::MatrixXf& matrix, float threshold) {
    Eigen::MatrixXf subspace = basis_;
    Eigen::MatrixXf image = matrix * subspace;
    for (int step = 0; step < most_steps; ++step) {
      const Eigen::HouseholderQR<Eigen::MatrixXf> qr(image);
      subspace = qr.householderQ() * Eigen::MatrixXf::Identity(matrix.rows(), basis_.cols());
      image.noalias() = matrix * subspace;
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(subspace.transpose() * image);
      values_ = solver.eigenvalues();
      const Index rank = (values_.array().abs() > threshold).count();
      if (rank + margin(rank) / 2 > values_.size()) return false;
      vectors_.noalias() = subspace * solver.eigenvectors();
      image = image * solver.eigenvectors();
      if (error(image, threshold) < most_error * values_.norm()) return true;
    }
    return false;
  }

  /// What the residuals of the Ritz pairs change in the shrunk matrix, about.
  float error(const Eigen::MatrixXf& image, float threshold) const {
    float squares = 0;
    for (Index i = 0; i < values_.size(); ++i) {
      const float magnitude = std::abs(values_[i]);
      if (magnitude <= threshold) continue;
      const float share = (magnitude - threshold) / magnitude;
      squares += share * share * (image.col(i) - values_[i] * vectors_.col(i)).squaredNorm();
    }
    return std::sqrt(squares);
  }

  void sort_by_magnitude() {
    std::vector<Index> order(static_cast<std::size_t>(values_.size()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](Index a, Index b) { return std::abs(values_[a]) > std::abs(values_[b]); });
    Eigen::VectorXf values(values_.size());
    Eigen::MatrixXf vectors(vectors_.rows(), vectors_.cols());
    for (Index i = 0; i < values.size(); ++i) {
      values[i] = values_[order[static_cast<std::size_t>(i)]];
      vectors.col(i) = vectors_.col(order[static_cast<std::size_t>(i)]);
    }
    values_ = std::move(values);
    vectors_ = std::move(vectors);
  }

  Eigen::MatrixXf rebuilt(Index rank, float threshold) const {
    if (rank == 0) return Eigen::MatrixXf::Zero(vectors_.rows(), vectors_.rows());
    Eigen::MatrixXf scaled = vectors_.leftCols(rank);
    for (Index i = 0; i < rank; ++i)
      scaled.col(i) *= values_[i] > 0 ? values_[i] - threshold : values_[i] + threshold;
    Eigen::MatrixXf lower = Eigen::MatrixXf::Zero(vectors_.rows(), vectors_.rows());
    lower.triangularView<Eigen::Lower>() = scaled * vectors_.leftCols(rank).transpose();
    return lower.selfadjointView<Eigen::Lower>();
  }

  /// A subspace pays below a third of all dimensions.
  void keep(Index rank) {
    const Index count = rank + margin(rank);
    if (3 * count > vectors_.rows() || count > vectors_.cols())
      basis_.resize(vectors_.rows(), 0);
    else
      basis_ = vectors_.leftCols(count);
  }

  Eigen::MatrixXf basis_, vectors_;
  Eigen::VectorXf values_;
};

template <class Matrix>
Matrix joined(const AssociationData& data) {
  using Scalar = typename Matrix::Scalar;
  const auto drugs = static_cast<Index>(data.drugs()), diseases = static_cast<Index>(data.diseases());
  const auto map = [](const RealMatrix& m) {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<const RowMajor>(m.values.data(), static_cast<Index>(m.rows),
                                      static_cast<Index>(m.columns));
  };
  Matrix out(drugs + diseases, drugs + diseases);
  out.topLeftCorner(drugs, drugs) = map(data.drug_similarity).template cast<Scalar>();
  out.topRightCorner(drugs, diseases) = map(data.associations).template cast<Scalar>();
  out.bottomRightCorner(diseases, diseases) = map(data.disease_similarity).template cast<Scalar>();
  return out.template selfadjointView<Eigen::Upper>();
}

template <class Matrix>
RealMatrix upper_right(const Matrix& joint, std::size_t drugs, std::size_t diseases) {
  RealMatrix out(drugs, diseases);
  for (std::size_t i = 0; i < drugs; ++i)
    for (std::size_t j = 0; j < diseases; ++j)
      out(i, j) = joint(static_cast<Index>(i), static_cast<Index>(drugs + j));
  return out;
}

void check_options(const CompletionOptions& options) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0)) throw UsageError(fmt::format("{} is {}; needs a number above 0", name, value));
  };
  positive("fidelity", options.fidelity);
  positive("penalty", options.penalty);
  positive("change_tolerance", options.change_tolerance);
  positive("steady_tolerance", options.steady_tolerance);
  positive("max_iterations", options.max_iterations);
}

/// The published iteration; `shrink` is its singular value thresholding.
template <class Matrix, class Shrink>
Completion alternate(const AssociationData& data, const CompletionOptions& options, Shrink shrink) {
  using Scalar = typename Matrix::Scalar;
  check_association_data(data);
  check_options(options);
  const auto fidelity = static_cast<Scalar>(options.fidelity), penalty = static_cast<Scalar>(options.penalty);
  const Matrix target = joined<Matrix>(data);
  const Matrix observed = (target.array() != 0).template cast<Scalar>();
  Matrix x = target, y = target, w;
  Completion out;
  double change = 1;
  while (out.iterations < options.max_iterations && !out.converged) {
    w = (y + fidelity * target) / penalty + x;
    w.array() *= 1 - fidelity / (fidelity + penalty) * observed.array();
    w = w.array().max(0).min(1).matrix().eval();
    auto shrunk = shrink(Matrix(w - y / penalty), 1 / penalty);
    y += penalty * (shrunk.matrix - w);
    const double before = change;
    change =
        static_cast<double>((shrunk.matrix - x).norm()) / std::max(1e-300, static_cast<double>(x.norm()));
    out.converged = change <= options.change_tolerance &&
                    std::abs(change - before) / std::max(1.0, std::abs(before)) <= options.steady_tolerance;
    x = std::move(shrunk.matrix);
    out.rank = static_cast<int>(shrunk.rank);
    ++out.iterations;
  }
  // X, not W: after one step of a small penalty W still holds the observed entries alone.
  out.scores = upper_right(Matrix(x.array().max(0).min(1)), data.drugs(), data.diseases());
  return out;
}

}  // namespace

CompletionOptions short_completion() {
  CompletionOptions options;
  options.penalty = 1;
  options.max_iterations = 8;
  return options;
}

Completion complete_matrix(const AssociationData& data, const CompletionOptions& options) {
  return alternate<Eigen::MatrixXf>(data, options, EigenShrinkage());
}

Completion complete_matrix_reference(const AssociationData& data, const CompletionOptions& options) {
  return alternate<Eigen::MatrixXd>(data, options, shrink_by_svd);
}

}  // namespace theriac::repurpose
