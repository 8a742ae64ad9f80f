// How sure a figure is that was measured on few cases: percentile bootstrap intervals.
//
// The cases are drawn again with replacement, the figure is computed on each such sample, and the middle 95 %
// of the values is the interval. B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), 13.3.
// Differences and ratios between two methods on the same cases are resampled by case, hence paired.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace theriac::scoring {

struct Interval {
  double value = 0;          ///< of all cases
  double low = 0, high = 0;  ///< NaN when no resample gave a value
};

struct BootstrapOptions {
  int resamples = 10000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

using Sample = std::vector<std::size_t>;  ///< indices of cases, some of them several times
using Statistic = std::function<double(const Sample&)>;

/// Of a statistic of cases 0 .. count-1. Resamples for which it is NaN are left out. Equal seeds give equal
/// intervals; the same draws are used for every statistic of equally many cases.
Interval bootstrap(std::size_t count, const Statistic& statistic, const BootstrapOptions& options = {});
/// Each stratum is resampled on its own, e.g. actives and decoys; the sample holds all of them.
Interval bootstrap(const std::vector<Sample>& strata, const Statistic& statistic,
                   const BootstrapOptions& options = {});

/// Several figures of the same resamples: `statistic` always returns equally many.
using Statistics = std::function<std::vector<double>(const Sample&)>;
std::vector<Interval> bootstrap_all(const std::vector<Sample>& strata, const Statistics& statistics,
                                    const BootstrapOptions& options = {});

/// Plain figures; NaN without values.
double mean(const std::vector<double>& values);
double median(std::vector<double> values);
double geometric_mean(const std::vector<double>& values);  ///< of positive values
/// Linear between the order statistics; `q` from 0 to 1.
double quantile(std::vector<double> values, double q);

}  // namespace theriac::scoring
