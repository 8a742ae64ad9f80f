#include "scoring/hypervolume.hpp"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using Points = std::vector<std::vector<double>>;

/// Heights above the reference, one set per dimension of the recursion; kept to spare allocations.
class Volume {
 public:
  explicit Volume(std::size_t dimensions) : levels_(dimensions + 1), rows_(dimensions + 1) {}

  double of(const Points& heights) {
    const std::size_t d = levels_.size() - 1;
    levels_[d].clear();
    for (const auto& point : heights) levels_[d].insert(levels_[d].end(), point.begin(), point.end());
    keep_undominated(d);
    return at(d);
  }

  /// What `heights[i]` alone dominates.
  double exclusive(const Points& heights, std::size_t i) {
    const std::size_t d = levels_.size() - 1;
    levels_[d].clear();
    double inclusive = 1;
    for (std::size_t k = 0; k < d; ++k) inclusive *= heights[i][k];
    for (std::size_t j = 0; j < heights.size(); ++j) {
      if (j == i) continue;
      for (std::size_t k = 0; k < d; ++k) levels_[d].push_back(std::min(heights[i][k], heights[j][k]));
    }
    keep_undominated(d);
    return std::max(0.0, inclusive - at(d));
  }

 private:
  std::size_t size(std::size_t d) const { return levels_[d].size() / d; }

  /// Sorts by the last coordinate, ascending, ties by those before, so that sums have one order.
  void sort(std::size_t d) {
    auto& order = rows_[d];
    order.resize(size(d));
    std::iota(order.begin(), order.end(), 0u);
    const double* x = levels_[d].data();
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      for (std::size_t k = d; k-- > 0;)
        if (x[a * d + k] != x[b * d + k]) return x[a * d + k] < x[b * d + k];
      return false;
    });
    sorted_.resize(levels_[d].size());
    for (std::size_t i = 0; i < order.size(); ++i) std::copy_n(x + order[i] * d, d, sorted_.data() + i * d);
    levels_[d].swap(sorted_);
  }

  /// Leaves the points that no other dominates, each once, sorted.
  void keep_undominated(std::size_t d) {
    sort(d);
    auto& x = levels_[d];
    std::size_t kept = 0;  // from the best of the last coordinate downwards, gathered at the end
    const std::size_t n = size(d);
    for (std::size_t i = n; i-- > 0;) {
      const double* p = x.data() + i * d;
      bool beaten = false;
      for (std::size_t j = n - kept; j < n && !beaten; ++j) {
        const double* q = x.data() + j * d;
        beaten = true;
        for (std::size_t k = 0; k < d && beaten; ++k) beaten = q[k] >= p[k];
      }
      if (beaten) continue;
      ++kept;
      if (n - kept != i) std::copy_n(p, d, x.data() + (n - kept) * d);
    }
    x.erase(x.begin(), x.begin() + static_cast<std::ptrdiff_t>((n - kept) * d));
  }

  /// Of the undominated, sorted points of a level.
  double at(std::size_t d) {
    const auto& x = levels_[d];
    const std::size_t n = size(d);
    if (n == 0) return 0;
    if (d == 1) return x.back();
    if (d == 2) return sweep(x);
    double volume = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double* p = x.data() + i * d;
      double base = 1;
      for (std::size_t k = 0; k + 1 < d; ++k) base *= p[k];
      auto& limited = levels_[d - 1];
      limited.clear();
      for (std::size_t j = i + 1; j < n; ++j)
        for (std::size_t k = 0; k + 1 < d; ++k) limited.push_back(std::min(p[k], x[j * d + k]));
      keep_undominated(d - 1);
      volume += p[d - 1] * (base - at(d - 1));
    }
    return volume;
  }

  /// Undominated in the plane: as the second coordinate rises, the first falls.
  static double sweep(const std::vector<double>& x) {
    double area = 0, below = 0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      area += x[i] * (x[i + 1] - below);
      below = x[i + 1];
    }
    return area;
  }

  std::vector<std::vector<double>> levels_;
  std::vector<std::vector<std::size_t>> rows_;
  std::vector<double> sorted_;
};

/// Heights above the reference of the points that are better in every coordinate; `source` says which.
Points heights(const Points& points, const std::vector<double>& reference, std::vector<std::size_t>& source) {
  if (reference.empty()) throw UsageError("a hypervolume needs at least one objective");
  Points out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].size() != reference.size())
      throw UsageError(fmt::format("point {} has {} coordinates, the reference {}", i + 1, points[i].size(),
                                   reference.size()));
    std::vector<double> height(reference.size());
    bool better = true;
    for (std::size_t k = 0; k < reference.size(); ++k) {
      if (!std::isfinite(points[i][k]))
        throw UsageError(fmt::format("coordinate {} of point {} is not a number", k + 1, i + 1));
      height[k] = points[i][k] - reference[k];
      better = better && height[k] > 0;
    }
    if (!better) continue;
    out.push_back(std::move(height));
    source.push_back(i);
  }
  return out;
}

}  // namespace

double hypervolume(const Points& points, const std::vector<double>& reference) {
  std::vector<std::size_t> source;
  return Volume(reference.size()).of(heights(points, reference, source));
}

double hypervolume_contribution(const Points& points, std::size_t index,
                                const std::vector<double>& reference) {
  std::vector<std::size_t> source;
  const Points high = heights(points, reference, source);
  const auto found = std::find(source.begin(), source.end(), index);
  if (found == source.end()) return 0;
  return Volume(reference.size()).exclusive(high, static_cast<std::size_t>(found - source.begin()));
}

std::vector<double> hypervolume_contributions(const Points& points, const std::vector<double>& reference) {
  std::vector<std::size_t> source;
  const Points high = heights(points, reference, source);
  std::vector<double> out(points.size(), 0);
  tbb::enumerable_thread_specific<Volume> volumes([&] { return Volume(reference.size()); });
  tbb::parallel_for(std::size_t{0}, high.size(),
                    [&](std::size_t i) { out[source[i]] = volumes.local().exclusive(high, i); });
  return out;
}

}  // namespace theriac::scoring
