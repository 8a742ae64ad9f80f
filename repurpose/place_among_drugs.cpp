#include "repurpose/place_among_drugs.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace theriac::repurpose {
namespace {

/// Places by 2 * above + ties, which is a whole number.
std::vector<double> place_table(std::size_t drugs) {
  std::vector<double> places(2 * drugs + 1);
  const double all = 2 * (static_cast<double>(drugs) + 1);
  for (std::size_t twice = 0; twice < places.size(); ++twice)
    places[twice] = -std::log((static_cast<double>(twice) + 1) / all);
  return places;
}

/// Positive numbers of one column in order, found again without a search over all of them: the leading bits
/// of a double (exponent and five bits of the mantissa) name a short stretch of the list.
class SortedCounts {
 public:
  void fill(const RealMatrix& counts, const std::vector<std::uint32_t>& rows, std::size_t column) {
    for (const auto i : rows)
      if (counts(i, column) > 0) values_.push_back(counts(i, column));
    if (values_.empty()) return;
    std::sort(values_.begin(), values_.end());
    lowest_ = key(values_.front());
    begins_.assign(key(values_.back()) - lowest_ + 2, 0);
    for (const double value : values_) ++begins_[key(value) - lowest_ + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  }

  /// Twice the larger ones and the equal ones, added up.
  std::size_t twice_above(double value) const {
    const std::uint32_t k = key(value);
    if (values_.empty() || k < lowest_) return 2 * values_.size();
    if (k - lowest_ + 1 >= begins_.size()) return 0;
    const auto first = values_.begin() + begins_[k - lowest_],
               end = values_.begin() + begins_[k - lowest_ + 1];
    const auto [low, high] = std::equal_range(first, end, value);
    return static_cast<std::size_t>(2 * (values_.end() - high) + (high - low));
  }

 private:
  static std::uint32_t key(double value) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return static_cast<std::uint32_t>(bits >> 47);
  }

  std::vector<double> values_;
  std::uint32_t lowest_ = 0;
  std::vector<std::uint32_t> begins_;  ///< per key, its first value
};

}  // namespace

RealMatrix places_among_drugs(const RealMatrix& counts, std::size_t in_use) {
  std::vector<std::uint32_t> used;
  for (std::uint32_t i = 0; i < counts.rows; ++i)
    if (counts(i, in_use) > 0) used.push_back(i);
  const auto places = place_table(used.size());
  std::vector<SortedCounts> reference(counts.columns);
  tbb::parallel_for(std::size_t{0}, counts.columns,
                    [&](std::size_t j) { reference[j].fill(counts, used, j); });
  RealMatrix out(counts.rows, counts.columns);
  tbb::parallel_for(std::size_t{0}, counts.rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < counts.columns; ++j)
      if (counts(i, j) > 0) out(i, j) = places[reference[j].twice_above(counts(i, j))];
  });
  return out;
}

}  // namespace theriac::repurpose
