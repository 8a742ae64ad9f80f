#include "scoring/pareto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"
#include "scoring/hypervolume.hpp"
#include "tests/scoring/random_points.hpp"

using Catch::Matchers::Equals;
using namespace theriac;
using namespace theriac::scoring;

namespace {

using Points = std::vector<std::vector<double>>;

bool plainly_dominates(const std::vector<double>& a, const std::vector<double>& b) {
  bool nowhere_worse = true, somewhere_better = false;
  for (std::size_t k = 0; k < a.size(); ++k) {
    nowhere_worse = nowhere_worse && a[k] >= b[k];
    somewhere_better = somewhere_better || a[k] > b[k];
  }
  return nowhere_worse && somewhere_better;
}

/// By the words of the definition: take the front away, again and again.
std::vector<int> plain_fronts(const Points& points) {
  std::vector<int> front(points.size(), 0);
  for (int level = 1; std::count(front.begin(), front.end(), 0) > 0; ++level) {
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < points.size(); ++i) {
      bool beaten = false;
      for (std::size_t j = 0; j < points.size(); ++j)
        beaten = beaten || (front[j] == 0 && plainly_dominates(points[j], points[i]));
      if (front[i] == 0 && !beaten) free.push_back(i);
    }
    for (const std::size_t i : free) front[i] = level;
  }
  return front;
}

std::vector<ParetoMember> named(const Points& points) {
  std::vector<ParetoMember> out;
  for (std::size_t i = 0; i < points.size(); ++i) out.push_back({fmt::format("m{:03}", i), points[i]});
  return out;
}

std::set<std::string> keys(const ParetoArchive& archive) {
  std::set<std::string> out;
  for (const auto& member : archive.members()) out.insert(member.key);
  return out;
}

}  // namespace

TEST_CASE("the Pareto front keeps what nothing else beats in every respect") {
  const Points points{{1, 0.1}, {0.1, 1}, {0.6, 0.6}, {0.5, 0.5}, {0.1, 0.1}, {0.6, 0.6}};
  CHECK(pareto_fronts(points) == std::vector<int>{1, 1, 1, 2, 3, 1});
  CHECK(pareto_fronts({}).empty());
  // alone, 1 x 0.1 adds 0.4 x 0.1, as does its mirror image; the twins at 0.6 add nothing
  CHECK(pareto_order(points, {0, 0}) == std::vector<std::size_t>{0, 1, 2, 5, 3, 4});
  CHECK(pareto_order({}, {0, 0}).empty());
  const auto fitness = pareto_fitness(points, {0, 0});
  CHECK(fitness[0] == 1);
  CHECK(fitness[5] == Approx(0.5 + 0.5 / 4));
  CHECK(fitness[3] == 0.5);
  CHECK(fitness[4] == Approx(1.0 / 3));
}

TEST_CASE("beyond six objectives the less crowded come first") {
  Points points;  // along a diagonal of the plane, with the last gap the widest
  for (const double x : {0.1, 0.2, 0.3, 0.4, 0.5, 0.9}) points.push_back({x, 1 - x, 1, 1, 1, 1, 1});
  const auto order = pareto_order(points, std::vector<double>(7, 0));
  CHECK(std::vector<std::size_t>(order.begin(), order.begin() + 3) == std::vector<std::size_t>{0, 5, 4});
}

TEST_CASE("fronts are those of the definition") {
  for (std::size_t d = 1; d <= 5; ++d)
    for (const int steps : {0, 3, 8}) {
      const auto points = random_points(120, d, d, steps);
      INFO("dimensions " << d << ", steps " << steps);
      CHECK(pareto_fronts(points) == plain_fronts(points));
    }
}

TEST_CASE("fitness follows fronts first, and hypervolume within a front") {
  const auto points = random_points(90, 3, 4, 10);
  const auto fronts = pareto_fronts(points);
  const auto fitness = pareto_fitness(points, {0, 0, 0});
  const auto order = pareto_order(points, {0, 0, 0});
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double front = fronts[order[k]];
    CHECK(fitness[order[k]] > 1 / (front + 1));
    CHECK(fitness[order[k]] <= 1 / front);
    if (k > 0) CHECK(fitness[order[k - 1]] > fitness[order[k]]);
  }
}

TEST_CASE("an archive is the front of all that was added, in whatever order and batches") {
  for (std::size_t d = 1; d <= 4; ++d)
    for (const int steps : {0, 4}) {
      const auto points = random_points(150, d, d + 7, steps);
      const auto fronts = plain_fronts(points);
      const auto members = named(points);
      std::set<std::string> front;
      for (std::size_t i = 0; i < points.size(); ++i)
        if (fronts[i] == 1) front.insert(members[i].key);
      ParetoArchive at_once(std::vector<double>(d, 0)), backwards(std::vector<double>(d, 0));
      at_once.add(members);
      for (std::size_t end = members.size(); end > 0;) {
        const std::size_t begin = end > 7 ? end - 7 : 0;
        backwards.add({members.begin() + static_cast<std::ptrdiff_t>(begin),
                       members.begin() + static_cast<std::ptrdiff_t>(end)});
        end = begin;
      }
      backwards.add({members.front()});  // once more
      CHECK(keys(at_once) == front);
      REQUIRE(backwards.size() == at_once.size());
      for (std::size_t i = 0; i < at_once.size(); ++i)
        CHECK(at_once.members()[i].key == backwards.members()[i].key);
      CHECK(at_once.hypervolume() == backwards.hypervolume());
      CHECK(at_once.hypervolume() == Approx(hypervolume(points, std::vector<double>(d, 0))).epsilon(1e-12));
    }
}

TEST_CASE("a full archive gives up what costs least") {
  // the volume of a front of four with one gone: the twin costs nothing, then the point between its
  // neighbours
  ParetoArchive archive({0, 0}, 3);
  archive.add({{"left", {0.1, 1}}, {"right", {1, 0.1}}, {"middle", {0.6, 0.6}}, {"twin", {0.6, 0.6}}});
  CHECK(keys(archive) == std::set<std::string>{"left", "middle", "right"});
  archive.add({{"near", {0.65, 0.55}}});  // adds 0.05 x 0.45; the middle, 0.05 x 0.5, then stays
  CHECK(keys(archive) == std::set<std::string>{"left", "middle", "right"});

  const auto points = sphere_points(60, 3, 1);
  ParetoArchive small({0, 0, 0}, 20);
  small.add(named(points));
  CHECK(small.size() == 20);
  auto rest = named(points);  // one at a time, each time the least of all
  while (rest.size() > 20) {
    Points left;
    for (const auto& member : rest) left.push_back(member.point);
    const auto loss = hypervolume_contributions(left, {0, 0, 0});
    rest.erase(rest.begin() + (std::min_element(loss.begin(), loss.end()) - loss.begin()));
  }
  std::set<std::string> expected;
  for (const auto& member : rest) expected.insert(member.key);
  CHECK(keys(small) == expected);
}

TEST_CASE("an archive takes nothing at or below its reference, and nothing without sense") {
  ParetoArchive archive({0, 0});
  archive.add({{"rejected", {0, 1}}, {"worse", {-1, 0.5}}});
  CHECK(archive.size() == 0);
  CHECK(archive.hypervolume() == 0);
  CHECK_THROWS_WITH(archive.add({{"x", {1, 2, 3}}}), Equals("'x' has 3 coordinates, the reference 2"));
  CHECK_THROWS_WITH(archive.add({{"x", {1, std::nan("")}}}), Equals("coordinate 2 of 'x' is not a number"));
  CHECK_THROWS_AS(ParetoArchive({}), UsageError);
  CHECK_THROWS_AS(ParetoArchive({0}, 0), UsageError);
}
