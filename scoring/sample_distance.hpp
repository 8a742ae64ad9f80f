// How far apart two samples of one number are: Wasserstein-1 and Kullback-Leibler.
#pragma once
#include <array>
#include <vector>

namespace theriac::scoring {

/// Earth mover's distance of two samples: the area between their cumulative distributions, in the unit of the
/// values. NaN when a sample is empty.
double wasserstein_distance(std::vector<double> a, std::vector<double> b);

/// D(p || q) = sum p ln(p / q) after both were normalised to sum 1.
double kl_divergence(const std::vector<double>& p, const std::vector<double>& q);

/// D(reference || sample) of two continuous samples as the GuacaMol benchmark takes it: Gaussian kernel
/// densities with Scott's bandwidth, n^(-1/5) standard deviations, at 1,000 points from the joint minimum to
/// the joint maximum, 1e-10 added to each. N. Brown et al., J. Chem. Inf. Model. 59, 1096 (2019). NaN when a
/// sample has no spread.
double density_divergence(const std::vector<double>& reference, const std::vector<double>& sample);

/// The same for counts: ten equal bins over the range of the reference. Sample values outside are left out.
struct BinnedCounts {
  std::array<double, 11> edges{};
  std::array<double, 10> reference{}, sample{};
};
BinnedCounts binned(const std::vector<double>& reference, const std::vector<double>& sample);
/// NaN when no sample value falls into the range.
double histogram_divergence(const std::vector<double>& reference, const std::vector<double>& sample);

}  // namespace theriac::scoring
