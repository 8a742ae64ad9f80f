#include "datasets/replicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "datasets/measurement_time.hpp"

namespace theriac::datasets {
namespace {

using Group = std::vector<Measurement>;

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// Sum of squared distances from the mean.
double squares_about_mean(const std::vector<double>& values) {
  double mean = 0, sum = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

std::string quoted_values(const Group& group) {
  std::string text;
  for (const auto& row : group)
    text += fmt::format("{}{}{:g} (line {})", text.empty() ? "" : ", ",
                        row.bound > 0   ? ">"
                        : row.bound < 0 ? "<"
                                        : "",
                        row.value, row.line);
  return text;
}

class Merging {
 public:
  Merging(PropertyTallies& tallies, bool classes) : tallies_(tallies), classes_(classes) {}

  std::optional<Measurement> merged(const Group& group) {
    if (group.size() == 1) return group.front();
    auto row = classes_ ? merged_classes(group) : merged_numbers(group);
    if (!row) {
      tallies_.conflicting.add(fmt::format("'{}': {}", group.front().smiles, quoted_values(group)));
      tallies_.conflicting_records += static_cast<std::int64_t>(group.size());
      return row;
    }
    for (const auto& other : group) row->time = later(row->time, other.time);
    ++tallies_.merged_molecules;
    tallies_.merged_records += static_cast<std::int64_t>(group.size());
    return row;
  }

  /// Pooled over all molecules with replicates.
  double deviation() const {
    return freedom_ > 0 ? std::sqrt(squares_ / freedom_) : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  static std::string later(const std::string& a, const std::string& b) {
    const auto x = measurement_time(a), y = measurement_time(b);
    if (x && y) return *x < *y ? b : a;
    return std::max(a, b);
  }

  static std::optional<Measurement> merged_classes(const Group& group) {
    for (const auto& row : group)
      if (row.value != group.front().value) return std::nullopt;
    Measurement row = group.front();
    row.replicates = static_cast<int>(group.size());
    return row;
  }

  std::optional<Measurement> merged_numbers(const Group& group) {
    std::vector<double> exact;
    for (const auto& row : group)
      if (row.bound == 0) exact.push_back(row.value);
    if (exact.empty()) return tightest_bound(group);
    Measurement row = group.front();
    row.bound = 0;
    row.value = median_of(exact);
    row.replicates = static_cast<int>(exact.size());
    if (exact.size() > 1) {
      const double squares = squares_about_mean(exact), freedom = static_cast<double>(exact.size()) - 1;
      row.spread = std::sqrt(squares / freedom);
      squares_ += squares;
      freedom_ += freedom;
    }
    for (const auto& other : group) {
      tallies_.yielding_bounds += other.bound != 0;
      tallies_.contradicted_bounds += other.bound * (other.value - row.value) > 0;
    }
    return row;
  }

  std::optional<Measurement> tightest_bound(const Group& group) {
    Measurement row = group.front();
    for (const auto& other : group) {
      if (other.bound != row.bound) return std::nullopt;
      if (row.bound * (other.value - row.value) > 0) row.value = other.value;
    }
    row.replicates = static_cast<int>(group.size());
    tallies_.yielding_bounds += static_cast<std::int64_t>(group.size()) - 1;
    return row;
  }

  PropertyTallies& tallies_;
  bool classes_;
  double squares_ = 0, freedom_ = 0;
};

}  // namespace

std::vector<Measurement> merged_replicates(std::vector<Measurement> rows, PropertyTallies& tallies) {
  std::map<std::pair<std::string, std::string>, std::size_t> place;
  std::vector<Group> groups;
  bool classes = true;
  for (auto& row : rows) {
    classes = classes && row.bound == 0 && (row.value == 0 || row.value == 1);
    const auto [at, fresh] = place.emplace(std::pair(row.smiles, row.split), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(std::move(row));
  }
  Merging merging(tallies, classes);
  std::vector<Measurement> merged;
  for (const auto& group : groups)
    if (auto row = merging.merged(group)) merged.push_back(std::move(*row));
  tallies.replicate_deviation = merging.deviation();
  return merged;
}

}  // namespace theriac::datasets
