// Frechet distance between two clouds of points, each taken as a normal distribution:
//   d = |m1 - m2|^2 + tr C1 + tr C2 - 2 tr (C1 C2)^1/2
// D. C. Dowson, B. V. Landau, J. Multivariate Anal. 12, 450 (1982). With ChemNet's activations as points it
// is the Frechet ChemNet distance of K. Preuer et al., J. Chem. Inf. Model. 58, 1736 (2018).
//
// It depends on the number of points: for random molecules of one collection it falls as about 1,330/n
// (MOSES), not to 0. Compare equal n only.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace theriac::scoring {

/// Mean and covariance (divided by n - 1) of points in d dimensions.
struct PointStatistics {
  std::vector<double> mean;        ///< d
  std::vector<double> covariance;  ///< d x d
  std::int64_t count = 0;          ///< n; 0 when a file does not say
};

/// Gathers statistics of points that come in blocks, in memory that does not grow with them.
class PointMoments {
 public:
  explicit PointMoments(std::size_t dimensions);
  /// `rows`: any number of points of d numbers each.
  void add(const std::vector<float>& rows);
  /// Throws UsageError for fewer than two points.
  PointStatistics statistics() const;

 private:
  std::size_t dimensions_;
  std::int64_t count_ = 0;
  std::vector<double> sum_, products_;  ///< products: lower triangle of the sum of x x^T
};

/// 0 or more. Throws UsageError when the dimensions differ. The trace of the root is the sum of the square
/// roots of the eigenvalues of C1^1/2 C2 C1^1/2, negative ones (rounding) taken as 0.
double frechet_distance(const PointStatistics& a, const PointStatistics& b);

/// An .npz file with `mean` (or `mu`), `covariance` (or `sigma`) and, if it is there, `n`. Throws InputError.
PointStatistics read_point_statistics(const std::string& path);

}  // namespace theriac::scoring
