// Pairs come back as std::sort orders them, whether they fit into memory or not.
#include "datasets/sorted_pairs.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <random>

#include "chem/error.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::StorageError;
using theriac::datasets::SortedPairs;

namespace {

std::vector<SortedPairs::Pair> all_of(const SortedPairs& pairs) {
  std::vector<SortedPairs::Pair> all;
  SortedPairs::Reader reader(pairs);
  while (const auto pair = reader.next()) all.push_back(*pair);
  CHECK_FALSE(reader.next());
  return all;
}

}  // namespace

TEST_CASE("pairs are ordered as in memory, whatever the limit, and can be read again") {
  TemporaryFolder folder;
  std::mt19937_64 random(3);
  std::vector<SortedPairs::Pair> expected;
  for (int i = 0; i < 20000; ++i) expected.emplace_back(random() % 5000, random() % 4);
  expected.emplace_back(~std::uint64_t{0}, 0);
  for (const std::size_t limit : {1U << 20, 20001U, 20000U, 4099U, 37U}) {
    CAPTURE(limit);
    SortedPairs pairs(folder / "", limit);
    for (const auto& pair : expected) pairs.add(pair);
    pairs.finish();
    auto sorted = expected;
    std::sort(sorted.begin(), sorted.end());
    CHECK(pairs.count() == sorted.size());
    CHECK(all_of(pairs) == sorted);
    SortedPairs::Reader one(pairs), two(pairs);  // side by side
    for (const auto& pair : sorted) {
      REQUIRE(one.next() == pair);
      REQUIRE(two.next() == pair);
    }
    CHECK(std::filesystem::is_empty(folder / ""));  // a scratch file has no name
  }
}

TEST_CASE("no pairs, and one at a time") {
  TemporaryFolder folder;
  SortedPairs none(folder / "");
  none.finish();
  CHECK(all_of(none).empty());
  SortedPairs few(folder / "", 0);
  for (const std::uint64_t first : {3U, 1U, 2U}) few.add({first, 7});
  few.finish();
  CHECK(all_of(few) == std::vector<SortedPairs::Pair>{{1, 7}, {2, 7}, {3, 7}});
}

TEST_CASE("sorting on a full disk, or in a folder that is not there, says so") {
  TemporaryFolder folder;
  SortedPairs nowhere(folder / "absent", 1);
  nowhere.add({1, 1});
  CHECK_THROWS_AS(nowhere.add({2, 2}), StorageError);

  SortedPairs pairs(folder / "", 1000);
  for (std::uint64_t i = 0; i < 1000; ++i) pairs.add({i, i});
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  CHECK_THROWS_AS(pairs.add({1000, 1000}), StorageError);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
}
