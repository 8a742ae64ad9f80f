// An even sample of records: every part of a library has its share, and shards have no say.
#include "cli/record_sample.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

using theriac::cli::RecordSample;

namespace {

std::vector<std::int64_t> drawn(std::uint64_t seed, std::size_t size,
                                const std::vector<std::int64_t>& order) {
  RecordSample sample(seed, size);
  for (const auto index : order) {
    theriac::chem::RawRecord record;
    record.index = index;
    sample.offer(record);
  }
  std::vector<std::int64_t> indices;
  for (const auto& record : sample.drawn()) indices.push_back(record.index);
  return indices;
}

std::vector<std::int64_t> counted(std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

}  // namespace

TEST_CASE("every tenth of a library has its share of the sample and of its first part") {
  constexpr std::int64_t records = 20000;
  constexpr int seeds = 100, size = 256, first = 12;
  std::vector<double> all(10, 0), of_first(10, 0);
  for (int seed = 0; seed < seeds; ++seed) {
    const auto indices = drawn(static_cast<std::uint64_t>(seed), size, counted(records));
    REQUIRE(indices.size() == size);
    REQUIRE(std::set<std::int64_t>(indices.begin(), indices.end()).size() == size);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const auto tenth = static_cast<std::size_t>(indices[i] * 10 / records);
      ++all[tenth];
      of_first[tenth] += i < first;
    }
  }
  const auto chi_squared = [](const std::vector<double>& counts, double expected) {
    double sum = 0;
    for (const double n : counts) sum += (n - expected) * (n - expected) / expected;
    return sum;
  };
  CHECK(chi_squared(all, seeds * size / 10.0) < 27.9);  // nine degrees of freedom, one in a thousand
  CHECK(chi_squared(of_first, seeds * first / 10.0) < 27.9);
}

TEST_CASE("a sample does not depend on the order in which records are offered but on the seed") {
  auto order = counted(3000);
  const auto forwards = drawn(7, 64, order);
  std::reverse(order.begin(), order.end());
  CHECK(drawn(7, 64, order) == forwards);
  CHECK(drawn(8, 64, order) != forwards);
  CHECK(drawn(7, 5000, order).size() == 3000);
  CHECK(drawn(7, 0, order).empty());
}
