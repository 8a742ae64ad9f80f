#include "chem/bulk_similarity.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac::chem;

namespace {

/// Fingerprints of random density; some empty, some equal.
FingerprintSet random_set(std::size_t size, std::size_t bits, std::uint64_t seed) {
  CounterRandom random(seed, "fingerprints", "test");
  FingerprintSet set(bits);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 17 == 16) {
      set.add(set[i - 1]);
      continue;
    }
    Fingerprint f{std::vector<std::uint64_t>(bits / 64)};
    const double density = i % 29 == 28 ? 0 : random.uniform(0, 0.4);
    for (std::size_t b = 0; b < bits; ++b)
      if (random.uniform() < density) f.words[b / 64] |= std::uint64_t{1} << (b % 64);
    set.add(f);
  }
  return set;
}

}  // namespace

TEST_CASE("bulk neighbours and sums equal one comparison at a time") {
  for (const std::size_t bits : {64, 192, 1024})
    for (const std::size_t size : {1, 7, 8, 300, 600}) {
      INFO(bits << " bits, " << size << " members");
      const auto members = random_set(size, bits, 1), queries = random_set(60, bits, 2);
      const BulkSimilarity bulk(members);
      const auto nearest = bulk.nearest(queries, {0, queries.size()});
      const auto sums = bulk.sums(queries, {0, queries.size()});
      for (std::size_t q = 0; q < queries.size(); ++q) {
        const auto row = members.tanimoto(queries[q]);
        double sum = 0, squares = 0;
        for (const double similarity : row) {
          sum += similarity;
          squares += similarity * similarity;
        }
        CHECK(nearest[q] == *std::max_element(row.begin(), row.end()));
        CHECK(sums[q].similarity == Approx(sum).epsilon(1e-13));
        CHECK(sums[q].squared == Approx(squares).epsilon(1e-13));
      }
    }
}

TEST_CASE("a molecule is not its own neighbour, but its double is") {
  const auto set = random_set(300, 256, 3);
  const auto nearest = BulkSimilarity(set).nearest_other(set, {0, set.size()});
  for (std::size_t q = 0; q < set.size(); ++q) {
    auto row = set.tanimoto(set[q]);
    row[q] = -1;
    CHECK(nearest[q] == *std::max_element(row.begin(), row.end()));
  }
  CHECK(nearest[15] == 1.0);  // 16 repeats it
  const auto one = random_set(1, 256, 3);
  CHECK(BulkSimilarity(one).nearest_other(one, {0, 1}).front() == 0.0);
}

TEST_CASE("a part of the queries gives that part of the answers") {
  const auto members = random_set(50, 128, 1), queries = random_set(40, 128, 2);
  const BulkSimilarity bulk(members);
  const auto all = bulk.nearest(queries, {0, 40}), part = bulk.nearest(queries, {11, 30});
  CHECK(std::equal(part.begin(), part.end(), all.begin() + 11));
}

TEST_CASE("fingerprints of another length and an empty set are refused") {
  const auto set = random_set(3, 128, 1);
  CHECK_THROWS_WITH(BulkSimilarity(set).nearest(random_set(1, 64, 1), {0, 1}),
                    "cannot compare fingerprints of 64 and 128 bits");
  CHECK_THROWS_AS(BulkSimilarity(FingerprintSet(128)).nearest(set, {0, 1}), theriac::UsageError);
}
