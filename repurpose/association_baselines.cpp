#include "repurpose/association_baselines.hpp"

#include <Eigen/Core>

namespace theriac::repurpose {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> view(const RealMatrix& m) {
  return {m.values.data(), static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns)};
}

/// similarity^4 without the diagonal, every row divided by its sum.
RowMajor votes(const RealMatrix& similarity) {
  RowMajor weight = view(similarity).array().square().square();
  weight.diagonal().setZero();
  for (Eigen::Index i = 0; i < weight.rows(); ++i)
    if (const double total = weight.row(i).sum(); total > 0) weight.row(i) /= total;
  return weight;
}

}  // namespace

RealMatrix degree_product(const RealMatrix& associations) {
  const auto known = view(associations);
  const Eigen::VectorXd drugs = known.rowwise().sum().array() + 0.5;
  const Eigen::VectorXd diseases = known.colwise().sum().transpose().array() + 0.5;
  RealMatrix out(associations.rows, associations.columns);
  Eigen::Map<RowMajor>(out.values.data(), known.rows(), known.cols()) = drugs * diseases.transpose();
  return out;
}

RealMatrix neighbour_votes(const AssociationData& data) {
  const auto known = view(data.associations);
  RealMatrix out(data.drugs(), data.diseases());
  Eigen::Map<RowMajor>(out.values.data(), known.rows(), known.cols()) =
      0.5 * (votes(data.drug_similarity) * known + known * votes(data.disease_similarity).transpose());
  return out;
}

}  // namespace theriac::repurpose
