#include "chem/nearest_in_groups.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac::chem;

namespace {

Fingerprint random_fingerprint(CounterRandom& random, std::size_t bits, double density) {
  Fingerprint f{std::vector<std::uint64_t>(bits / 64)};
  for (std::size_t b = 0; b < bits; ++b)
    if (random.uniform() < density) f.words[b / 64] |= std::uint64_t{1} << (b % 64);
  return f;
}

/// Members near and far of each other, sparse and dense; some empty, some equal.
FingerprintSet random_set(std::size_t size, std::size_t bits, std::uint64_t seed) {
  CounterRandom random(seed, "fingerprints", "nearest in groups");
  FingerprintSet set(bits);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 11 == 10) {
      set.add(set[i - 7]);
    } else if (i % 5 == 4) {
      auto changed = set[random.below(static_cast<std::uint32_t>(i))];
      for (int n = 0; n < 6; ++n)
        changed.words[random.below(static_cast<std::uint32_t>(bits / 64))] ^= std::uint64_t{1}
                                                                              << random.below(64);
      set.add(changed);
    } else {
      set.add(random_fingerprint(random, bits, i % 29 == 28 ? 0 : random.uniform(0.005, 0.12)));
    }
  }
  return set;
}

std::vector<NearestInGroups::Group> random_groups(std::size_t members, std::size_t count) {
  CounterRandom random(3, "groups", "nearest in groups");
  std::vector<NearestInGroups::Group> out(count);
  for (std::size_t g = 0; g < count; ++g) {
    for (std::uint32_t m = 0; m < members; ++m)
      if (random.uniform() < 1.0 / static_cast<double>(1 + g * g)) out[g].push_back(m);
    if (out[g].empty()) out[g].push_back(static_cast<std::uint32_t>(g % members));
  }
  return out;
}

std::vector<const NearestInGroups::Group*> pointers(const std::vector<NearestInGroups::Group>& groups) {
  std::vector<const NearestInGroups::Group*> out;
  for (const auto& group : groups) out.push_back(&group);
  return out;
}

}  // namespace

TEST_CASE("the nearest of every group are those that one comparison after another finds") {
  for (const std::size_t size : {1, 63, 512, 513, 3000}) {
    const std::size_t bits = size == 513 ? 192 : 1024;
    const auto members = random_set(size, bits, 1);
    const auto groups = random_groups(size, 14);
    const NearestInGroups search(members, pointers(groups));
    // strangers, members themselves, and queries with more bits than the digits hold
    auto queries = random_set(60, bits, 2);
    for (std::size_t i = 0; i < std::min<std::size_t>(size, 40); ++i) queries.add(members[i]);
    CounterRandom random(5, "dense", "nearest in groups");
    for (const double density : {0.2, 0.25, 0.3, 0.6, 1.0})
      queries.add(random_fingerprint(random, bits, density));
    for (std::size_t q = 0; q < queries.size(); ++q) {
      INFO(size << " members, query " << q << " with " << queries.count(q) << " bits");
      const auto found = search.nearest(queries[q]);
      REQUIRE(found.size() == groups.size());
      for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto expected = members.nearest_among(queries[q], groups[g]);
        REQUIRE(found[g].member == expected.index);
        REQUIRE(found[g].similarity == static_cast<float>(expected.similarity));
      }
    }
  }
}

TEST_CASE("an empty group and fingerprints of another length are refused") {
  const auto members = random_set(20, 128, 1);
  const NearestInGroups::Group none, some = {3, 5};
  CHECK_THROWS_WITH(NearestInGroups(members, {&some, &none}), "the nearest of no fingerprints was asked for");
  const NearestInGroups search(members, {&some});
  CHECK_THROWS_AS(search.nearest(random_set(1, 64, 1)[0]), theriac::UsageError);
}
