#include "scoring/reliability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void require_equal(std::size_t a, std::size_t b, const char* what) {
  if (a != b) throw UsageError(fmt::format("{} observed values and {} {}", a, b, what));
}

bool any_nan(const Values& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

/// The bin of each probability.
std::vector<int> bin_of_each(const Values& probability, CalibrationBins kind, int bins) {
  std::vector<int> bin(probability.size());
  if (kind == CalibrationBins::equal_width) {
    for (std::size_t i = 0; i < bin.size(); ++i)
      bin[i] = std::clamp(static_cast<int>(std::floor(probability[i] * bins + 1e-9)), 0, bins - 1);
    return bin;
  }
  std::vector<std::size_t> order(probability.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return probability[a] < probability[b]; });
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && probability[order[last]] == probability[order[first]]) ++last;
    const double middle = 0.5 * static_cast<double>(first + last);  // equal probabilities stay together
    const int here = std::min(bins - 1, static_cast<int>(middle * bins / static_cast<double>(order.size())));
    for (std::size_t i = first; i < last; ++i) bin[order[i]] = here;
  }
  return bin;
}

double error_of(const std::vector<int>& bin, const Values& observed, const Values& probability, int bins) {
  Values excess(static_cast<std::size_t>(bins));  // said minus true, summed
  for (std::size_t i = 0; i < bin.size(); ++i)
    excess[static_cast<std::size_t>(bin[i])] += probability[i] - (observed[i] > 0.5 ? 1 : 0);
  double sum = 0;
  for (const double value : excess) sum += std::abs(value);
  return bin.empty() ? nan : sum / static_cast<double>(bin.size());
}

void require_bins(int bins) {
  if (bins < 1) throw UsageError(fmt::format("{} bins, at least 1 is needed", bins));
}

}  // namespace

std::vector<ReliabilityBin> reliability_bins(const Values& observed, const Values& probability,
                                             CalibrationBins kind, int bins) {
  require_equal(observed.size(), probability.size(), "probabilities");
  require_bins(bins);
  if (any_nan(observed) || any_nan(probability)) return {};
  const auto bin = bin_of_each(probability, kind, bins);
  std::vector<ReliabilityBin> all(static_cast<std::size_t>(bins), ReliabilityBin{1, 0, 0, 0, 0});
  for (std::size_t i = 0; i < bin.size(); ++i) {
    auto& b = all[static_cast<std::size_t>(bin[i])];
    b.low = b.count ? std::min(b.low, probability[i]) : probability[i];
    b.high = b.count ? std::max(b.high, probability[i]) : probability[i];
    ++b.count;
    b.mean_probability += probability[i];
    b.observed_share += observed[i] > 0.5;
  }
  std::vector<ReliabilityBin> filled;
  for (auto b : all) {
    if (b.count == 0) continue;
    b.mean_probability /= static_cast<double>(b.count);
    b.observed_share /= static_cast<double>(b.count);
    filled.push_back(b);
  }
  return filled;
}

double expected_calibration_error(const Values& observed, const Values& probability, CalibrationBins kind,
                                  int bins) {
  require_equal(observed.size(), probability.size(), "probabilities");
  require_bins(bins);
  if (any_nan(observed) || any_nan(probability)) return nan;
  return error_of(bin_of_each(probability, kind, bins), observed, probability, bins);
}

Interval calibration_error_by_chance(const Values& probability, CalibrationBins kind, int bins, int draws,
                                     std::uint64_t seed) {
  require_bins(bins);
  if (probability.empty() || any_nan(probability)) return {nan, nan, nan};
  const auto bin = bin_of_each(probability, kind, bins);
  Values errors, drawn(probability.size());
  for (int draw = 0; draw < draws; ++draw) {
    chem::CounterRandom random(seed, "classes", "calibration", static_cast<std::uint64_t>(draw));
    for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] = random.uniform() < probability[i] ? 1 : 0;
    errors.push_back(error_of(bin, drawn, probability, bins));
  }
  return {mean(errors), quantile(errors, 0.025), quantile(errors, 0.975)};
}

Interval share_interval(std::size_t hits, std::size_t count) {
  if (count == 0) return {nan, nan, nan};
  constexpr double z = 1.959963984540054;  // the normal quantile of 97.5 %
  const double n = static_cast<double>(count), p = static_cast<double>(hits) / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, hits == 0 ? 0 : centre - half, hits == count ? 1 : centre + half};
}

IntervalCoverage interval_coverage(const Values& observed, const Values& low, const Values& high) {
  require_equal(observed.size(), low.size(), "lower ends of intervals");
  require_equal(observed.size(), high.size(), "upper ends of intervals");
  std::size_t inside = 0;
  Values widths;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    inside += low[i] <= observed[i] && observed[i] <= high[i];
    widths.push_back(high[i] - low[i]);
  }
  const Interval share = share_interval(inside, observed.size());
  return {observed.size(), share.value, share.low, share.high, median(widths), 0, 1};
}

std::vector<IntervalCoverage> coverage_by_similarity(const Values& observed, const Values& low,
                                                     const Values& high, const Values& similarity,
                                                     const Values& edges) {
  require_equal(observed.size(), low.size(), "lower ends of intervals");
  require_equal(observed.size(), high.size(), "upper ends of intervals");
  require_equal(observed.size(), similarity.size(), "similarities");
  std::vector<IntervalCoverage> bins;
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    const bool last = e + 2 == edges.size();
    Values part, part_low, part_high;
    for (std::size_t i = 0; i < observed.size(); ++i) {
      const double s = similarity[i];
      if (s < edges[e] || (last ? s > edges[e + 1] : s >= edges[e + 1]) || std::isnan(s)) continue;
      part.push_back(observed[i]);
      part_low.push_back(low[i]);
      part_high.push_back(high[i]);
    }
    auto bin = interval_coverage(part, part_low, part_high);
    bin.similarity_low = edges[e];
    bin.similarity_high = edges[e + 1];
    bins.push_back(bin);
  }
  return bins;
}

ClassSetCoverage class_set_coverage(const Values& observed, const std::vector<std::string>& sets) {
  require_equal(observed.size(), sets.size(), "sets of classes");
  ClassSetCoverage out;
  std::size_t hits[2] = {0, 0}, counts[2] = {0, 0}, single = 0, empty = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const bool one = observed[i] > 0.5;
    ++counts[one];
    hits[one] += sets[i].find(one ? '1' : '0') != std::string::npos;
    single += sets[i].size() == 1;
    empty += sets[i] == "none";
  }
  out.ones = counts[1];
  out.zeros = counts[0];
  out.of_one = share_interval(hits[1], counts[1]);
  out.of_zero = share_interval(hits[0], counts[0]);
  const auto n = static_cast<double>(observed.size());
  out.single = static_cast<double>(single) / n;
  out.empty = static_cast<double>(empty) / n;
  return out;
}

}  // namespace theriac::scoring
