#include "scoring/sample_distance.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "scoring/chemnet.hpp"
#include "scoring/frechet_distance.hpp"

using namespace theriac::scoring;

TEST_CASE("the earth mover's distance of shifted samples is the shift") {
  CHECK(wasserstein_distance({1, 2, 3}, {3.5, 4.5, 5.5}) == Approx(2.5));
  CHECK(wasserstein_distance({1, 2, 3}, {2, 3, 1}) == 0);
  CHECK(wasserstein_distance({0, 0, 0, 1}, {0, 1}) == Approx(0.25));
  CHECK(wasserstein_distance({0}, {-1, 1}) == Approx(1.0));
  CHECK(std::isnan(wasserstein_distance({}, {1})));
}

TEST_CASE("the divergence of two distributions is that of the textbook") {
  CHECK(kl_divergence({1, 1}, {1, 1}) == 0);
  CHECK(kl_divergence({1, 3}, {2, 2}) == Approx(0.25 * std::log(0.5) + 0.75 * std::log(1.5)));
}

TEST_CASE("densities of equal samples do not diverge, shifted ones do, flat ones are not defined") {
  const std::vector<double> a = {1, 2, 2.5, 3, 4.2}, b = {2, 3, 3.5, 4, 5.2};
  CHECK(density_divergence(a, a) == 0);
  CHECK(density_divergence(a, b) > 0.1);
  CHECK(std::isnan(density_divergence(a, {1, 1, 1})));
  CHECK(std::isnan(density_divergence(a, {})));
}

TEST_CASE("bins span the reference, its greatest value included, and values outside fall away") {
  const auto bins = binned({0, 5, 10}, {-1, 0, 0.99, 1, 10, 10.5});
  CHECK(bins.edges[1] == 1);
  CHECK(bins.reference == std::array<double, 10>{1, 0, 0, 0, 0, 1, 0, 0, 0, 1});
  CHECK(bins.sample == std::array<double, 10>{2, 1, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(binned({3, 3}, {3}).edges.front() == 2.5);
  CHECK(std::isnan(histogram_divergence({0, 1}, {2, 3})));
  CHECK(histogram_divergence({0, 1, 1}, {0, 1, 1}) == 0);
}

TEST_CASE("the Frechet distance of diagonal normals is the sum of squared differences") {
  // |m1 - m2|^2 + sum (s1 - s2)^2 for independent coordinates
  const PointStatistics a{{0, 1, 0}, {1, 0, 0, 0, 4, 0, 0, 0, 9}, 10};
  const PointStatistics b{{2, 1, 0}, {4, 0, 0, 0, 4, 0, 0, 0, 1}, 10};
  CHECK(frechet_distance(a, b) == Approx(4 + 1 + 0 + 4));
  CHECK(frechet_distance(a, a) == Approx(0).margin(1e-12));
  CHECK_THROWS_WITH(frechet_distance(a, PointStatistics{{0}, {1}, 10}),
                    "points of 3 and of 1 dimensions cannot be compared");
}

TEST_CASE("moments of points in blocks equal mean and covariance") {
  theriac::chem::CounterRandom random(1, "points", "test");
  std::vector<float> rows;
  for (int i = 0; i < 3 * 700; ++i)
    rows.push_back(static_cast<float>(random.normal()) + static_cast<float>(i % 3));
  PointMoments moments(3);
  moments.add({rows.begin(), rows.begin() + 3 * 311});
  moments.add({rows.begin() + 3 * 311, rows.end()});
  const auto found = moments.statistics();
  CHECK(found.count == 700);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      double mean_i = 0, mean_j = 0, product = 0;
      for (std::size_t p = 0; p < 700; ++p) {
        mean_i += static_cast<double>(rows[3 * p + i]) / 700;
        mean_j += static_cast<double>(rows[3 * p + j]) / 700;
      }
      for (std::size_t p = 0; p < 700; ++p)
        product +=
            (static_cast<double>(rows[3 * p + i]) - mean_i) * (static_cast<double>(rows[3 * p + j]) - mean_j);
      CHECK(found.mean[i] == Approx(mean_i).margin(1e-12));
      CHECK(found.covariance[3 * i + j] == Approx(product / 699).margin(1e-12));
    }
  PointMoments single(3);
  single.add({1, 2, 3});
  CHECK_THROWS_AS(single.statistics(), theriac::UsageError);
}

TEST_CASE("ChemNet's tokens: two-letter ones, unknown ones, the first component, the cut") {
  const auto tokens = [](const std::string& smiles) {
    const auto all = chemnet_tokens(smiles);
    std::vector<int> out;
    for (const auto token : all)
      if (token >= 0) out.push_back(token);
    return out;
  };
  CHECK(tokens("CCl") == std::vector<int>{0, 5, 34});
  CHECK(tokens("[Si]=Br") == std::vector<int>{26, 11, 27, 25, 8, 34});
  CHECK(tokens("[Li]") == std::vector<int>{26, 33, 27, 34});
  CHECK(tokens("C/C") == std::vector<int>{0, 33, 0, 34});
  CHECK(tokens("CN.Cl") == std::vector<int>{0, 1, 34});
  CHECK(tokens("") == std::vector<int>{34});
  const auto cut = tokens(std::string(400, 'C'));
  CHECK(cut.size() == 350);
  CHECK(cut.back() == 34);
}
