// How well numbers follow measured affinities.
#include "cli/affinity_agreement.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace theriac::cli;

TEST_CASE("agreement with measured affinities is that of the textbook") {
  // pK is 2 x + 1 but for the last two; sizes have a share in both
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8}, known{3, 5, 7, 9, 11, 13, 18, 14},
      atoms{12, 9, 20, 17, 22, 30, 25, 33};
  std::vector<MeasuredPose> cases;
  for (std::size_t i = 0; i < x.size(); ++i)
    cases.push_back(
        {known[i], atoms[i], std::string(1, static_cast<char>('a' + i)), static_cast<int>(i % 4)});
  const auto rows = affinity_agreements(cases, {{"x", x, true}, {"size", atoms, false}});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].ligands == 8);
  CHECK(rows[0].pearson.value == Approx(81 / std::sqrt(42.0 * 174.0)));
  CHECK(rows[0].spearman.value == Approx(1 - 6 * 2.0 / (8 * 63)));
  CHECK(rows[0].pearson.low <= rows[0].pearson.value);
  CHECK(rows[0].pearson.high >= rows[0].pearson.value);
  CHECK(rows[0].plain_rmse == Approx(std::sqrt((4 + 9 + 16 + 25 + 36 + 49 + 121 + 36) / 8.0)));
  CHECK(std::isnan(rows[1].plain_rmse));
  CHECK(std::isnan(rows[1].beyond_size.value));
  // partial correlation from the three plain ones
  const double xy = correlation(x, known), xs = correlation(x, atoms), ys = correlation(known, atoms);
  CHECK(rows[0].beyond_size.value == Approx((xy - xs * ys) / std::sqrt((1 - xs * xs) * (1 - ys * ys))));
  CHECK_THAT(agreement_table(rows), Catch::Contains("| size | 8 |"));
}
