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

/// Below this a count is what rounding leaves where all walks were taken away again, of either sign; the
/// rarest walks of a full store weigh more than 1e-12, rounding less than 1e-13.
constexpr double least_count = 1e-13;

/// Places by 2 * above + ties, which is a whole number.
std::vector<double> place_table(std::size_t drugs) {
  std::vector<double> places(2 * drugs + 1);
  const double all = 2 * (static_cast<double>(drugs) + 1);
  for (std::size_t twice = 0; twice < places.size(); ++twice)
    places[twice] = -std::log((static_cast<double>(twice) + 1) / all);
  return places;
}

/// Positive numbers in short stretches that follow each other, found again without a search over all of them:
/// the leading bits of a double (exponent and seven bits of the mantissa) name a stretch. Within one they
/// stand as they came.
class CountsInStretches {
 public:
  explicit CountsInStretches(const std::vector<double>& counts) : values_(counts.size()) {
    if (counts.empty()) return;
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    lowest_ = key(*least);
    begins_.assign(key(*most) - lowest_ + 2, 0);
    for (const double value : counts) ++begins_[key(value) - lowest_ + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    auto next = begins_;
    for (const double value : counts) values_[next[key(value) - lowest_]++] = value;
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

/// What one line says: where its entries lie, and the counts of drugs in use.
struct Line {
  std::vector<std::uint32_t> entries;
  std::vector<double> in_use;
};

}  // namespace

PlacedCounts::PlacedCounts(const RealMatrix& counts, std::size_t in_use) : begins_(counts.rows + 1) {
  std::vector<Line> lines(counts.columns);
  std::size_t used = 0;
  for (std::size_t i = 0; i < counts.rows; ++i) {
    const double* row = counts.values.data() + i * counts.columns;
    const bool is_used = row[in_use] > 0;
    used += is_used;
    for (std::size_t j = 0; j < counts.columns; ++j) {
      if (!(row[j] > least_count)) continue;
      lines[j].entries.push_back(static_cast<std::uint32_t>(entries_.size()));
      if (is_used) lines[j].in_use.push_back(row[j]);
      entries_.push_back({static_cast<std::uint32_t>(j), row[j], 0});
    }
    begins_[i + 1] = entries_.size();
  }
  const auto places = place_table(used);
  tbb::parallel_for(std::size_t{0}, lines.size(), [&](std::size_t j) {
    const CountsInStretches reference(lines[j].in_use);
    for (const auto e : lines[j].entries)
      entries_[e].place = places[reference.twice_above(entries_[e].count)];
  });
}

double PlacedCounts::count(std::size_t drug, std::size_t line) const {
  const Row of_drug = row(drug);
  const auto found = std::lower_bound(of_drug.begin(), of_drug.end(), line,
                                      [](const Entry& entry, std::size_t l) { return entry.line < l; });
  return found != of_drug.end() && found->line == line ? found->count : 0;
}

PlacedCounts PlacedCounts::rows_of(const std::vector<std::uint32_t>& drugs) const {
  PlacedCounts out;
  out.begins_ = {0};
  for (const auto drug : drugs) {
    const Row of_drug = row(drug);
    out.entries_.insert(out.entries_.end(), of_drug.begin(), of_drug.end());
    out.begins_.push_back(out.entries_.size());
  }
  return out;
}

}  // namespace theriac::repurpose
