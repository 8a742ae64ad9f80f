#include "scoring/hypervolume.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "tests/scoring/random_points.hpp"

using Catch::Matchers::Equals;
using namespace theriac;
using namespace theriac::scoring;

namespace {

using Points = std::vector<std::vector<double>>;

/// By inclusion and exclusion over all subsets: 2^n terms, and nothing to get wrong.
double plain_volume(const Points& points, const std::vector<double>& reference) {
  double volume = 0;
  for (std::size_t subset = 1; subset < std::size_t{1} << points.size(); ++subset) {
    double common = 1;
    int members = 0;
    for (std::size_t k = 0; k < reference.size(); ++k) {
      double least = std::numeric_limits<double>::infinity();
      members = 0;
      for (std::size_t i = 0; i < points.size(); ++i)
        if (subset >> i & 1) {
          least = std::min(least, points[i][k]);
          ++members;
        }
      common *= std::max(0.0, least - reference[k]);
    }
    volume += members % 2 == 1 ? common : -common;
  }
  return volume;
}

std::vector<double> origin(std::size_t dimensions) {
  return std::vector<double>(dimensions, 0);
}

}  // namespace

TEST_CASE("hypervolumes worked by hand") {
  CHECK(hypervolume({}, {0, 0}) == 0);
  CHECK(hypervolume({{0.25}, {0.75}}, {0}) == 0.75);
  CHECK(hypervolume({{1, 0.5}, {0.5, 1}}, {0, 0}) == 0.75);               // 1 x 1 without a corner of 1/4
  CHECK(hypervolume({{3, 1}, {2, 2}, {1, 3}}, {0, 0}) == 6);              // a staircase
  CHECK(hypervolume({{3, 1}, {2, 2}, {1, 3}, {1, 1}}, {0, 0}) == 6);      // and a point below it
  CHECK(hypervolume({{3, 1}, {2, 2}, {1, 3}}, {1, 1}) == 1);              // two of them on the reference
  CHECK(hypervolume({{1, 1, 2}, {1, 2, 1}, {2, 1, 1}}, {0, 0, 0}) == 4);  // a cube with three knobs
  CHECK(hypervolume({{1, 1, 1, 2}, {1, 1, 2, 1}, {1, 2, 1, 1}, {2, 1, 1, 1}}, origin(4)) == 5);
  CHECK(hypervolume({{0.5, 0.5, 0.5, 0.5, 0.5}}, origin(5)) == 1.0 / 32);
  CHECK(hypervolume({{-1, -2}, {-2, -1}}, {-3, -3}) == 3);  // coordinates of any sign
}

TEST_CASE("the hypervolume is that of inclusion and exclusion, with ties, twins and dominated points") {
  for (std::size_t d = 1; d <= 6; ++d)
    for (const int steps : {0, 3})
      for (std::uint64_t seed = 0; seed < 12; ++seed) {
        const auto points = random_points(1 + seed, d, seed, steps);
        const std::vector<double> reference(d, seed % 3 == 0 ? 0.2 : 0);
        INFO("dimensions " << d << ", steps " << steps << ", seed " << seed);
        CHECK(hypervolume(points, reference) == Approx(plain_volume(points, reference)).epsilon(1e-10));
      }
}

TEST_CASE("the hypervolume of many points is the share of random places that they dominate") {
  for (std::size_t d = 2; d <= 5; ++d) {
    const auto points = sphere_points(60, d, d);
    chem::CounterRandom random(5, "darts", "test", d);
    const int darts = 40000;
    int hits = 0;
    for (int i = 0; i < darts; ++i) {
      std::vector<double> place(d);
      for (double& x : place) x = random.uniform();
      hits += std::any_of(points.begin(), points.end(), [&](const auto& p) {
        for (std::size_t k = 0; k < d; ++k)
          if (p[k] < place[k]) return false;
        return true;
      });
    }
    const double share = static_cast<double>(hits) / darts;
    const double error = std::sqrt(share * (1 - share) / darts);
    INFO("dimensions " << d);
    CHECK(std::abs(hypervolume(points, origin(d)) - share) < 4 * error);
  }
}

TEST_CASE("a contribution is what the volume loses") {
  for (std::size_t d = 1; d <= 5; ++d)
    for (const int steps : {0, 4}) {
      const auto points = random_points(25, d, 3, steps);
      const double all = hypervolume(points, origin(d));
      const auto contributions = hypervolume_contributions(points, origin(d));
      for (std::size_t i = 0; i < points.size(); ++i) {
        Points others = points;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        INFO("dimensions " << d << ", point " << i);
        CHECK(contributions[i] == Approx(all - hypervolume(others, origin(d))).margin(1e-12));
        CHECK(contributions[i] == hypervolume_contribution(points, i, origin(d)));
      }
    }
  const auto twins = hypervolume_contributions({{0.5, 0.5}, {0.5, 0.5}, {1, 0.25}, {0.1, 0}}, {0, 0});
  CHECK(twins == std::vector<double>{0, 0, 0.125, 0});
}

TEST_CASE("the order of points changes no bit") {
  for (std::size_t d = 2; d <= 5; ++d) {
    auto points = random_points(80, d, 9, 6);
    const double once = hypervolume(points, origin(d));
    chem::CounterRandom random(2, "shuffle", "test");
    for (int i = 0; i < 5; ++i) {
      for (std::size_t k = points.size() - 1; k > 0; --k)
        std::swap(points[k], points[random.below(static_cast<std::uint32_t>(k + 1))]);
      CHECK(hypervolume(points, origin(d)) == once);
    }
  }
}

TEST_CASE("what has no hypervolume is refused") {
  CHECK_THROWS_WITH(hypervolume({{1, 2}, {1, 2, 3}}, {0, 0}),
                    Equals("point 2 has 3 coordinates, the reference 2"));
  CHECK_THROWS_WITH(hypervolume({{1, std::nan("")}}, {0, 0}),
                    Equals("coordinate 2 of point 1 is not a number"));
  CHECK_THROWS_WITH(hypervolume({}, {}), Equals("a hypervolume needs at least one objective"));
}
