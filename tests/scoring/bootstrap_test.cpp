// Bootstrap intervals against the normal approximation, and the plain figures they are made of.
#include "scoring/bootstrap.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace theriac::scoring;

namespace {

double share_of_first(const Sample& sample, std::size_t hits) {
  double sum = 0;
  for (const auto i : sample) sum += i < hits;
  return sum / static_cast<double>(sample.size());
}

}  // namespace

TEST_CASE("the interval of a share is that of the binomial distribution") {
  const auto interval = bootstrap(100, [](const Sample& sample) { return share_of_first(sample, 60); });
  const double deviation = std::sqrt(0.6 * 0.4 / 100);
  CHECK(interval.value == 0.6);
  CHECK(interval.low == Approx(0.6 - 1.96 * deviation).margin(0.011));
  CHECK(interval.high == Approx(0.6 + 1.96 * deviation).margin(0.011));
}

TEST_CASE("a paired difference of two methods with the same hits has no width") {
  const auto interval = bootstrap(
      50, [](const Sample& sample) { return share_of_first(sample, 20) - share_of_first(sample, 20); });
  CHECK(interval.low == 0);
  CHECK(interval.high == 0);
}

TEST_CASE("strata keep their sizes in every resample") {
  const std::vector<Sample> strata = {{0, 1, 2}, {3, 4, 5, 6, 7, 8, 9}};
  const auto interval = bootstrap(strata, [](const Sample& sample) { return share_of_first(sample, 3); });
  CHECK(interval.low == 0.3);
  CHECK(interval.high == 0.3);
}

TEST_CASE("equal seeds give equal intervals, other seeds do not") {
  const auto figure = [](const Sample& sample) { return share_of_first(sample, 7); };
  BootstrapOptions options;
  options.resamples = 50;
  const auto a = bootstrap(97, figure, options), b = bootstrap(97, figure, options);
  options.seed = 2;
  const auto c = bootstrap(97, figure, options);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK((a.low != c.low || a.high != c.high));
}

TEST_CASE("without cases there is no figure") {
  CHECK(std::isnan(bootstrap(0, [](const Sample&) { return 1.0; }).value));
  CHECK(std::isnan(median({})));
  CHECK(std::isnan(mean({})));
}

TEST_CASE("median, quantiles and geometric mean") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(quantile({0, 10}, 0.25) == 2.5);
  CHECK(quantile({5, 1, 3}, 1) == 5);
  CHECK(mean({1, 2, 6}) == 3);
  CHECK(geometric_mean({1, 100}) == Approx(10));
}
