// Points sorted into cubic cells, so that the neighbours of a place are found without looking at all points.
#pragma once
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "chem/vector3.hpp"

namespace theriac::chem {

class CellList {
 public:
  /// Cells have edges of `reach` angstrom, the longest distance that will be asked for.
  explicit CellList(double reach) : reach_(reach) {}
  CellList(const std::vector<Vector3>& points, double reach) : reach_(reach) {
    for (const auto& point : points) add(point);
  }

  /// Adds a point; its index is the number of points before it.
  void add(Vector3 point) {
    cells_[key(cell(point.x), cell(point.y), cell(point.z))].push_back(static_cast<int>(points_.size()));
    points_.push_back(point);
  }
  std::size_t size() const { return points_.size(); }
  const Vector3& point(int index) const { return points_[index]; }

  /// Calls `visit(index, squared distance)` for every point within `radius` (at most `reach`) of `place`; the
  /// order depends only on the points and the order in which they were added.
  template <class Visit>
  void for_each_within(Vector3 place, double radius, Visit visit) const {
    const std::int64_t cx = cell(place.x), cy = cell(place.y), cz = cell(place.z);
    for (std::int64_t x = cx - 1; x <= cx + 1; ++x)
      for (std::int64_t y = cy - 1; y <= cy + 1; ++y)
        for (std::int64_t z = cz - 1; z <= cz + 1; ++z) {
          const auto found = cells_.find(key(x, y, z));
          if (found == cells_.end()) continue;
          for (const int index : found->second) {
            const double d2 = squared_distance(points_[index], place);
            if (d2 <= radius * radius) visit(index, d2);
          }
        }
  }

  bool any_within(Vector3 place, double radius) const {
    bool found = false;
    for_each_within(place, radius, [&](int, double) { found = true; });
    return found;
  }

 private:
  std::int64_t cell(double x) const { return static_cast<std::int64_t>(std::floor(x / reach_)); }
  static std::uint64_t key(std::int64_t x, std::int64_t y, std::int64_t z) {
    const auto part = [](std::int64_t i) { return static_cast<std::uint64_t>(i) & 0x1fffff; };
    return part(x) | part(y) << 21 | part(z) << 42;
  }

  double reach_;
  std::vector<Vector3> points_;
  std::unordered_map<std::uint64_t, std::vector<int>> cells_;
};

}  // namespace theriac::chem
