#include "repurpose/kernel_completion.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

MatrixXd dense(const RealMatrix& m) {
  return Eigen::Map<const RowMajor>(m.values.data(), static_cast<Index>(m.rows),
                                    static_cast<Index>(m.columns));
}

RealMatrix plain(const MatrixXd& m) {
  RealMatrix out(static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()));
  Eigen::Map<RowMajor>(out.values.data(), m.rows(), m.cols()) = m;
  return out;
}

void check_fit(const FitOptions& fit) {
  if (!(fit.ridge > 0)) throw UsageError(fmt::format("ridge is {}; needs a number above 0", fit.ridge));
  if (!(fit.inferred_share >= 0 && fit.inferred_share <= 1))
    throw UsageError(fmt::format("inferred_share is {}; needs a number from 0 to 1", fit.inferred_share));
}

/// Published similarities are not always positive semidefinite: what is negative is left out.
void decompose(const RealMatrix& kernel, MatrixXd& vectors, VectorXd& values) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(dense(kernel));
  vectors = solver.eigenvectors();
  values = solver.eigenvalues().cwiseMax(0);
}

template <class Share>
void sort_by_magnitude(std::vector<Share>& shares) {
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return std::abs(a.share) > std::abs(b.share); });
}

std::vector<ItemShare> totals(const VectorXd& sums, const VectorXd& known) {
  std::vector<ItemShare> out;
  for (Index i = 0; i < sums.size(); ++i)
    if (known[i] > 0) out.push_back({static_cast<std::size_t>(i), sums[i]});
  sort_by_magnitude(out);
  return out;
}

}  // namespace

struct KernelCompletion::Spectrum {
  MatrixXd known, filled, drug_weight, disease_weight;
  MatrixXd u, v;  // eigenvectors of the kernels of the drugs and of the diseases
  VectorXd u_values, v_values;

  MatrixXd filter(double ridge) const {
    MatrixXd h = u_values * v_values.transpose();
    return (h.array() / (h.array() + ridge)).matrix();
  }
  MatrixXd labels(double inferred_share) const { return known + inferred_share * (filled - known); }
};

KernelCompletion::KernelCompletion(const AssociationData& data, const KernelOptions& options)
    : spectrum_(std::make_unique<Spectrum>()) {
  check_association_data(data);
  const FilledProfiles filled = filled_profiles(data, options);
  const AssociationKernels kernels = association_kernels(data, filled, options);
  spectrum_->known = dense(data.associations);
  spectrum_->filled = dense(filled.profiles);
  spectrum_->drug_weight = dense(filled.drug_weight);
  spectrum_->disease_weight = dense(filled.disease_weight);
  decompose(kernels.drugs, spectrum_->u, spectrum_->u_values);
  decompose(kernels.diseases, spectrum_->v, spectrum_->v_values);
}

KernelCompletion::~KernelCompletion() = default;
KernelCompletion::KernelCompletion(KernelCompletion&&) noexcept = default;
KernelCompletion& KernelCompletion::operator=(KernelCompletion&&) noexcept = default;

RealMatrix KernelCompletion::scores(const FitOptions& fit) const {
  check_fit(fit);
  const Spectrum& s = *spectrum_;
  const MatrixXd filter = s.filter(fit.ridge), labels = s.labels(fit.inferred_share);
  const MatrixXd rotated = s.u.transpose() * labels * s.v;
  const MatrixXd fitted = s.u * rotated.cwiseProduct(filter) * s.v.transpose();
  const MatrixXd own = s.u.cwiseAbs2() * filter * s.v.cwiseAbs2().transpose();
  return plain(((fitted - own.cwiseProduct(labels)).array() / (1 - own.array())).matrix());
}

AssociationEvidence KernelCompletion::evidence(std::size_t drug, std::size_t disease,
                                               const FitOptions& fit) const {
  check_fit(fit);
  const Spectrum& s = *spectrum_;
  const auto i = static_cast<Index>(drug), j = static_cast<Index>(disease);
  if (i >= s.known.rows() || j >= s.known.cols())
    throw UsageError(fmt::format("there is no drug {} with disease {} in a table of {} x {}", drug, disease,
                                 s.known.rows(), s.known.cols()));
  const MatrixXd filter =
      s.u.row(i).transpose().asDiagonal() * s.filter(fit.ridge) * s.v.row(j).transpose().asDiagonal();
  MatrixXd weight = s.u * filter * s.v.transpose();  // of every label in the score
  const double own = weight(i, j);
  weight(i, j) = 0;
  weight /= 1 - own;
  // Labels of unknown pairs were filled from known ones: their weight goes back to where they came from.
  const MatrixXd inferred = 0.5 * fit.inferred_share * weight.cwiseProduct((1 - s.known.array()).matrix());
  MatrixXd shares = weight;
  shares.noalias() += s.drug_weight.transpose() * inferred;
  shares.noalias() += inferred * s.disease_weight;
  shares = shares.cwiseProduct(s.known).eval();

  AssociationEvidence out;
  out.score = shares.sum();
  for (Index k = 0; k < shares.rows(); ++k)
    for (Index l = 0; l < shares.cols(); ++l)
      if (s.known(k, l) > 0)
        out.pairs.push_back({static_cast<std::size_t>(k), static_cast<std::size_t>(l), shares(k, l)});
  sort_by_magnitude(out.pairs);
  out.drugs = totals(shares.rowwise().sum(), s.known.rowwise().sum());
  out.diseases = totals(shares.colwise().sum().transpose(), s.known.colwise().sum().transpose());
  return out;
}

RealMatrix leave_pair_out_reference(const AssociationKernels& kernels, const RealMatrix& labels,
                                    double ridge) {
  const std::size_t diseases = labels.columns;
  const auto pairs = static_cast<Index>(labels.rows * diseases);
  const auto entry = [&](Index p, Index q) {
    const auto a = static_cast<std::size_t>(p), b = static_cast<std::size_t>(q);
    return kernels.drugs(a / diseases, b / diseases) * kernels.diseases(a % diseases, b % diseases);
  };
  RealMatrix out(labels.rows, diseases);
  for (Index left_out = 0; left_out < pairs; ++left_out) {
    const auto others = [&](Index p) { return p + (p >= left_out); };
    MatrixXd system(pairs - 1, pairs - 1);
    VectorXd values(pairs - 1), row(pairs - 1);
    for (Index p = 0; p + 1 < pairs; ++p) {
      for (Index q = 0; q + 1 < pairs; ++q) system(p, q) = entry(others(p), others(q)) + (p == q ? ridge : 0);
      values[p] = labels.values[static_cast<std::size_t>(others(p))];
      row[p] = entry(left_out, others(p));
    }
    out.values[static_cast<std::size_t>(left_out)] = row.dot(system.ldlt().solve(values));
  }
  return out;
}

}  // namespace theriac::repurpose
