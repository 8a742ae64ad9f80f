#include "scoring/pose_regression.hpp"

#include <Eigen/Cholesky>

namespace theriac::scoring {

Eigen::Index pose_row_width() {
  return pose_table_size + static_cast<Eigen::Index>(pose_descriptor_names().size());
}

Eigen::MatrixXf pose_rows(const std::vector<PoseFeatures>& poses) {
  Eigen::MatrixXf x = Eigen::MatrixXf::Zero(static_cast<Eigen::Index>(poses.size()), pose_row_width());
  for (Eigen::Index p = 0; p < x.rows(); ++p) {
    const auto& pose = poses[static_cast<std::size_t>(p)];
    for (const auto& atom : pose.atoms)
      for (int i = 0; i < environment_size; ++i)
        x(p, static_cast<int>(atom.kind) * environment_size + i) += atom.counts[i];
    for (std::size_t d = 0; d < pose.descriptors.size(); ++d)
      x(p, pose_table_size + static_cast<Eigen::Index>(d)) = pose.descriptors[d];
  }
  return x;
}

PoseMoments::PoseMoments()
    : xx(Eigen::MatrixXd::Zero(pose_row_width(), pose_row_width())),
      xy(Eigen::VectorXd::Zero(pose_row_width())) {}

void PoseMoments::add(const PoseMoments& other) {
  xx += other.xx;
  xy += other.xy;
  rows += other.rows;
}

void PoseMoments::take(const PoseMoments& other) {
  xx -= other.xx;
  xy -= other.xy;
  rows -= other.rows;
}

Eigen::VectorXd ridge_weights(const PoseMoments& m, double ridge) {
  const Eigen::VectorXd scale = (m.xx.diagonal() / m.rows).cwiseMax(0.0).cwiseSqrt();
  const Eigen::VectorXd factor = scale.unaryExpr([](double s) { return s > 1e-4 ? 1 / (s + 1e-3) : 0.0; });
  Eigen::MatrixXd a = factor.asDiagonal() * m.xx * factor.asDiagonal();
  a.diagonal().array() += ridge * m.rows;
  const Eigen::VectorXd w = a.llt().solve(factor.cwiseProduct(m.xy));
  return factor.cwiseProduct(w);
}

}  // namespace theriac::scoring
