#include "scoring/pareto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/hypervolume.hpp"

namespace theriac::scoring {
namespace {

using Point = std::vector<double>;

bool dominates(const Point& a, const Point& b) {
  bool better = false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k] < b[k]) return false;
    better = better || a[k] > b[k];
  }
  return better;
}

/// How far the neighbours are along each coordinate, infinite at the ends (Deb 2002).
std::vector<double> crowding_distances(const std::vector<Point>& points) {
  std::vector<double> distance(points.size(), 0);
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t k = 0; !points.empty() && k < points.front().size(); ++k) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return points[a][k] < points[b][k]; });
    const double width = points[order.back()][k] - points[order.front()][k];
    if (!(width > 0)) continue;
    distance[order.front()] = distance[order.back()] = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < order.size(); ++i)
      distance[order[i]] += (points[order[i + 1]][k] - points[order[i - 1]][k]) / width;
  }
  return distance;
}

bool before(const ParetoMember& a, const ParetoMember& b) {
  return a.point != b.point ? a.point > b.point : a.key < b.key;
}

}  // namespace

std::vector<int> pareto_fronts(const std::vector<Point>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  // after this no point is dominated by a later one
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] > points[b]; });
  std::vector<std::vector<std::size_t>> fronts;
  std::vector<int> out(points.size(), 0);
  for (const std::size_t i : order) {
    const auto beaten_in = [&](const std::vector<std::size_t>& front) {
      return std::any_of(front.rbegin(), front.rend(),
                         [&](std::size_t j) { return dominates(points[j], points[i]); });
    };
    // a point beaten in one front is beaten in every front before it
    const auto place = std::partition_point(fronts.begin(), fronts.end(), beaten_in);
    const auto level = static_cast<std::size_t>(place - fronts.begin());
    if (place == fronts.end()) fronts.emplace_back();
    fronts[level].push_back(i);
    out[i] = static_cast<int>(level) + 1;
  }
  return out;
}

std::vector<std::size_t> pareto_order(const std::vector<Point>& points, const Point& reference) {
  const auto fronts = pareto_fronts(points);
  const int last = fronts.empty() ? 0 : *std::max_element(fronts.begin(), fronts.end());
  std::vector<double> added(points.size(), 0);
  for (int front = 1; front <= last; ++front) {
    std::vector<Point> members;
    std::vector<std::size_t> source;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (fronts[i] == front) {
        members.push_back(points[i]);
        source.push_back(i);
      }
    const auto share = reference.size() <= most_volume_objectives
                           ? hypervolume_contributions(members, reference)
                           : crowding_distances(members);
    for (std::size_t i = 0; i < source.size(); ++i) added[source[i]] = share[i];
  }
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fronts[a] != fronts[b] ? fronts[a] < fronts[b] : added[a] > added[b];
  });
  return order;
}

std::vector<double> pareto_fitness(const std::vector<Point>& points, const Point& reference) {
  const auto fronts = pareto_fronts(points);
  const auto order = pareto_order(points, reference);
  std::vector<double> fitness(points.size(), 0);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && fronts[order[end]] == fronts[order[begin]]) ++end;
    const double front = fronts[order[begin]];
    for (std::size_t k = begin; k < end; ++k) {
      const double place = static_cast<double>(end - k) / static_cast<double>(end - begin);
      fitness[order[k]] = 1 / (front + 1) + place * (1 / front - 1 / (front + 1));
    }
    begin = end;
  }
  return fitness;
}

ParetoArchive::ParetoArchive(Point reference, std::size_t capacity)
    : reference_(std::move(reference)), capacity_(capacity) {
  if (reference_.empty()) throw UsageError("a Pareto archive needs at least one objective");
  if (capacity_ == 0) throw UsageError("a Pareto archive needs room for at least one member");
}

void ParetoArchive::add(const std::vector<ParetoMember>& members) {
  for (const ParetoMember& member : members) {
    if (member.point.size() != reference_.size())
      throw UsageError(fmt::format("'{}' has {} coordinates, the reference {}", member.key,
                                   member.point.size(), reference_.size()));
    bool better = true;
    for (std::size_t k = 0; k < reference_.size(); ++k) {
      if (!std::isfinite(member.point[k]))
        throw UsageError(fmt::format("coordinate {} of '{}' is not a number", k + 1, member.key));
      better = better && member.point[k] > reference_[k];
    }
    if (better) members_.push_back(member);
  }
  std::sort(members_.begin(), members_.end(), before);
  std::vector<ParetoMember> front;  // sorted: nothing is dominated by what comes later
  for (ParetoMember& member : members_) {
    const bool beaten = std::any_of(front.rbegin(), front.rend(), [&](const ParetoMember& other) {
      return dominates(other.point, member.point) || (other.point == member.point && other.key == member.key);
    });
    if (!beaten) front.push_back(std::move(member));
  }
  members_ = std::move(front);
  if (members_.size() > capacity_) truncate();
}

/// A contribution only grows when others go, so an old one is a lower bound: whoever is least after a fresh
/// look is least of all.
void ParetoArchive::truncate() {
  std::vector<Point> points;
  for (const ParetoMember& member : members_) points.push_back(member.point);
  auto bound = hypervolume_contributions(points, reference_);
  std::vector<char> fresh(points.size(), 1);
  while (members_.size() > capacity_) {
    // of equals the later in order goes
    const auto least =
        static_cast<std::size_t>(bound.rend() - std::min_element(bound.rbegin(), bound.rend()) - 1);
    const auto at = static_cast<std::ptrdiff_t>(least);
    if (!fresh[least]) {
      bound[least] = hypervolume_contribution(points, least, reference_);
      fresh[least] = 1;
      continue;
    }
    members_.erase(members_.begin() + at);
    points.erase(points.begin() + at);
    bound.erase(bound.begin() + at);
    fresh.assign(points.size(), 0);
  }
}

double ParetoArchive::hypervolume() const {
  std::vector<Point> points;
  for (const ParetoMember& member : members_) points.push_back(member.point);
  return scoring::hypervolume(points, reference_);
}

}  // namespace theriac::scoring
