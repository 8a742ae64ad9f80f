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

/// Positive numbers of one column in short stretches that follow each other, found again without a search
/// over all of them: the leading bits of a double (exponent and seven bits of the mantissa) name a stretch.
/// Within one they stand as they came.
class CountsInStretches {
 public:
  void fill(const RealMatrix& counts, const std::vector<std::uint32_t>& rows, std::size_t column) {
    std::vector<double> found;
    for (const auto i : rows)
      if (counts(i, column) > 0) found.push_back(counts(i, column));
    if (found.empty()) return;
    const auto [least, most] = std::minmax_element(found.begin(), found.end());
    lowest_ = key(*least);
    begins_.assign(key(*most) - lowest_ + 2, 0);
    for (const double value : found) ++begins_[key(value) - lowest_ + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    values_.resize(found.size());
    auto next = begins_;
    for (const double value : found) values_[next[key(value) - lowest_]++] = value;
  }

  /// Twice the larger ones and the equal ones, added up.
  std::size_t twice_above(double value) const {
    const std::uint32_t k = key(value);
    if (values_.empty() || k < lowest_) return 2 * values_.size();
    if (k - lowest_ + 1 >= begins_.size()) return 0;
    const std::uint32_t first = begins_[k - lowest_], end = begins_[k - lowest_ + 1];
    std::size_t twice = 2 * (values_.size() - end);
    for (std::uint32_t i = first; i < end; ++i)  // few: counted without a branch
      twice += static_cast<std::size_t>(values_[i] > value) + static_cast<std::size_t>(values_[i] >= value);
    return twice;
  }

 private:
  static std::uint32_t key(double value) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return static_cast<std::uint32_t>(bits >> 45);
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
  std::vector<CountsInStretches> reference(counts.columns);
  const auto filled = filled_columns(counts);
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < counts.columns; ++j)
    if (filled[j]) columns.push_back(j);
  tbb::parallel_for(std::size_t{0}, columns.size(),
                    [&](std::size_t k) { reference[columns[k]].fill(counts, used, columns[k]); });
  RealMatrix out(counts.rows, counts.columns);
  constexpr std::size_t block = 64;  // rows that stay near while one column's list is used
  tbb::parallel_for(std::size_t{0}, (counts.rows + block - 1) / block, [&](std::size_t b) {
    const std::size_t end = std::min(counts.rows, (b + 1) * block);
    for (const auto j : columns)
      for (std::size_t i = b * block; i < end; ++i)
        if (counts(i, j) > 0) out(i, j) = places[reference[j].twice_above(counts(i, j))];
  });
  return out;
}

}  // namespace theriac::repurpose
