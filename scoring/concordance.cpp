#include "scoring/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

bool has_nan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

/// Counts by rank, with sums over all lower ranks (P. M. Fenwick, Softw. Pract. Exp. 24, 327 (1994)).
class RankCounts {
 public:
  explicit RankCounts(std::size_t ranks) : sums_(ranks + 1, 0) {}
  void add(std::size_t rank) {
    for (std::size_t i = rank + 1; i < sums_.size(); i += i & (~i + 1)) ++sums_[i];
  }
  std::int64_t below(std::size_t rank) const {
    std::int64_t sum = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += sums_[i];
    return sum;
  }

 private:
  std::vector<std::int64_t> sums_;
};

}  // namespace

double concordance_index(const std::vector<double>& observed, const std::vector<double>& predicted) {
  if (observed.size() != predicted.size()) throw UsageError("observations and predictions differ in number");
  if (has_nan(observed) || has_nan(predicted)) return not_known;
  const std::size_t n = observed.size();
  std::vector<double> distinct = predicted;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::size_t> order(n), rank(n);
  for (std::size_t i = 0; i < n; ++i)
    rank[i] = static_cast<std::size_t>(std::lower_bound(distinct.begin(), distinct.end(), predicted[i]) -
                                       distinct.begin());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return observed[a] < observed[b]; });
  RankCounts seen(distinct.size());
  std::int64_t pairs = 0, twice_right = 0;
  for (std::size_t first = 0, last = 0; first < n; first = last) {
    while (last < n && observed[order[last]] == observed[order[first]]) ++last;
    for (std::size_t i = first; i < last; ++i) {
      twice_right += seen.below(rank[order[i]]) + seen.below(rank[order[i]] + 1);
      pairs += static_cast<std::int64_t>(first);
    }
    for (std::size_t i = first; i < last; ++i) seen.add(rank[order[i]]);
  }
  return pairs > 0 ? static_cast<double>(twice_right) / (2.0 * static_cast<double>(pairs)) : not_known;
}

double mean_squared_error(const std::vector<double>& observed, const std::vector<double>& predicted) {
  if (observed.size() != predicted.size()) throw UsageError("observations and predictions differ in number");
  double sum = 0;
  for (std::size_t i = 0; i < observed.size(); ++i)
    sum += (observed[i] - predicted[i]) * (observed[i] - predicted[i]);
  return observed.empty() ? not_known : sum / static_cast<double>(observed.size());
}

}  // namespace theriac::scoring
