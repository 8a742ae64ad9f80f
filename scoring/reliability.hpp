// Whether stated doubt is true: probabilities against frequencies, intervals against coverage.
//
// A probability of 0.8 is right when four of five such molecules are positive; a 90 % interval when nine of
// ten measurements fall into it. Both are also asked apart for molecules near to and far from the training
// data, where promises break first. Observed classes are 1 and 0; lists of different lengths are a
// UsageError.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::scoring {

/// How probabilities are cut into bins.
enum class CalibrationBins {
  equal_mass,  ///< equally many molecules in each; equal probabilities stay together
  equal_width  ///< 0-0.1, 0.1-0.2 ...; a bound belongs to the bin above
};

struct ReliabilityBin {
  double low = 0, high = 0;     ///< smallest and largest probability in it
  std::size_t count = 0;        ///< molecules
  double mean_probability = 0;  ///< said
  double observed_share = 0;    ///< true
};

/// Bins that hold molecules, in the order of probability; empty when a value is NaN.
std::vector<ReliabilityBin> reliability_bins(const Values& observed, const Values& probability,
                                             CalibrationBins kind, int bins = 10);

/// Mean distance between said and true over the bins, weighted by their molecules. M. P. Naeini et al., AAAI
/// (2015); equal mass after A. Kumar et al., NeurIPS (2019).
double expected_calibration_error(const Values& observed, const Values& probability,
                                  CalibrationBins kind = CalibrationBins::equal_mass, int bins = 10);

/// What the calibration error would be by chance if every probability were exactly right: with few molecules
/// it is far from 0 (100 molecules in 10 bins: about 0.1). `value` is the mean over draws of classes from the
/// probabilities, `low` and `high` hold the middle 95 %.
Interval calibration_error_by_chance(const Values& probability,
                                     CalibrationBins kind = CalibrationBins::equal_mass, int bins = 10,
                                     int draws = 500, std::uint64_t seed = 1);

struct IntervalCoverage {
  std::size_t count = 0;
  double share = 0;           ///< observed values inside [low, high]; NaN without molecules
  double low = 0, high = 0;   ///< 95 % interval of the share (E. B. Wilson, 1927)
  double median_width = 0;    ///< of the prediction intervals
  double similarity_low = 0;  ///< of the bin; 0 and 1 for all molecules
  double similarity_high = 1;
};

/// `observed`, `low` and `high` have one entry per molecule.
IntervalCoverage interval_coverage(const Values& observed, const Values& low, const Values& high);
/// Apart by similarity to the nearest training molecule: bins [edges[i], edges[i+1]), the last one closed.
std::vector<IntervalCoverage> coverage_by_similarity(const Values& observed, const Values& low,
                                                     const Values& high, const Values& similarity,
                                                     const Values& edges = {0, 0.3, 0.5, 0.7, 1});
/// Of sets of classes ("0", "1", "0|1", "none").
struct ClassSetCoverage {
  Interval of_one, of_zero;  ///< share of the molecules of that class whose set holds it (Wilson's interval)
  std::size_t ones = 0, zeros = 0;
  double single = 0;  ///< share of sets of one class: those that say something
  double empty = 0;   ///< share of sets "none"
};
ClassSetCoverage class_set_coverage(const Values& observed, const std::vector<std::string>& sets);

/// Wilson's 95 % interval of a share of `hits` among `count`.
Interval share_interval(std::size_t hits, std::size_t count);

}  // namespace theriac::scoring
