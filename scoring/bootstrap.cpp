#include "scoring/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/counter_random.hpp"

namespace theriac::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<Interval> bootstrap_all(const std::vector<Sample>& strata, const Statistics& statistics,
                                    const BootstrapOptions& options) {
  Sample sample;
  for (const auto& stratum : strata) sample.insert(sample.end(), stratum.begin(), stratum.end());
  const std::vector<double> of_all = statistics(sample);
  std::vector<std::vector<double>> values(of_all.size());
  for (int r = 0; r < options.resamples && !sample.empty(); ++r) {
    chem::CounterRandom random(options.seed, "cases", "bootstrap", static_cast<std::uint64_t>(r));
    sample.clear();
    for (const auto& stratum : strata)
      for (std::size_t i = 0; i < stratum.size(); ++i)
        sample.push_back(stratum[random.below(static_cast<std::uint32_t>(stratum.size()))]);
    const std::vector<double> drawn = statistics(sample);
    for (std::size_t k = 0; k < drawn.size(); ++k)
      if (!std::isnan(drawn[k])) values[k].push_back(drawn[k]);
  }
  const double tail = (1 - options.confidence) / 2;
  std::vector<Interval> intervals;
  for (std::size_t k = 0; k < values.size(); ++k)
    intervals.push_back({of_all[k], quantile(values[k], tail), quantile(values[k], 1 - tail)});
  return intervals;
}

Interval bootstrap(const std::vector<Sample>& strata, const Statistic& statistic,
                   const BootstrapOptions& options) {
  const auto one = [&](const Sample& sample) {
    return std::vector<double>{sample.empty() ? nan : statistic(sample)};
  };
  return bootstrap_all(strata, one, options).front();
}

Interval bootstrap(std::size_t count, const Statistic& statistic, const BootstrapOptions& options) {
  Sample all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return bootstrap(std::vector<Sample>{std::move(all)}, statistic, options);
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return nan;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double geometric_mean(const std::vector<double>& values) {
  if (values.empty()) return nan;
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return nan;
  const double at = q * static_cast<double>(values.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values.end());
  const double low = values[i];
  if (i + 1 == values.size()) return low;
  const double high = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(i) + 1, values.end());
  return low + (at - static_cast<double>(i)) * (high - low);
}

double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

}  // namespace theriac::scoring
