// Ridge regression on what describes poses, for scores that are sums over a pair table and descriptors.
//
// A row holds the environments of a pose's atoms summed by kind (contact_kind_count x environment_size), then
// its descriptors: a weight per number is the table and the descriptors' weights of such a score.
#pragma once
#include <Eigen/Core>
#include <vector>

#include "scoring/pose_features.hpp"

namespace theriac::scoring {

constexpr int pose_table_size = contact_kind_count * environment_size;

/// Numbers in a row.
Eigen::Index pose_row_width();

/// One row per pose.
Eigen::MatrixXf pose_rows(const std::vector<PoseFeatures>& poses);

/// Sums over rows: of products of the (centred) numbers with each other, and with what is learned.
struct PoseMoments {
  Eigen::MatrixXd xx;
  Eigen::VectorXd xy;
  double rows = 0;

  PoseMoments();
  void add(const PoseMoments& other);
  void take(const PoseMoments& other);
};

/// Weights that minimise the mean square and `ridge` times the squares of the weights, with features scaled
/// to unit variance; those that hardly vary stay out.
Eigen::VectorXd ridge_weights(const PoseMoments& moments, double ridge);

}  // namespace theriac::scoring
