#include "repurpose/path_count.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac;
using namespace theriac::repurpose;

namespace {

Bipartite random_links(std::size_t rows, std::size_t columns, double density, std::uint64_t seed) {
  chem::CounterRandom random(seed, "links", "test");
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < rows; ++i)
    for (std::uint32_t j = 0; j < columns; ++j)
      if (random.uniform() < density) links.push_back({i, j});
  return Bipartite(rows, columns, links);
}

/// Every path from a start, by plain enumeration.
std::vector<Path> all_paths(const std::vector<Step>& steps, const std::vector<Distinct>& distinct,
                            std::uint32_t start, const std::vector<double>& ends) {
  std::vector<Path> found;
  std::function<void(Path)> go = [&](const Path& path) {
    const std::size_t p = path.nodes.size() - 1;
    if (p == steps.size()) {
      const double weight = path.weight * ends[path.nodes.back()];
      const bool returns = std::any_of(distinct.begin(), distinct.end(), [&](const Distinct& pair) {
        return path.nodes[pair.first] == path.nodes[pair.last];
      });
      if (weight > 0 && !returns) found.push_back({path.nodes, weight});
      return;
    }
    for (const auto& next : steps[p].next(path.nodes.back())) {
      Path longer = path;
      longer.nodes.push_back(next.node);
      longer.weight *= next.weight;
      go(longer);
    }
  };
  go({{start}, 1.0});
  std::sort(found.begin(), found.end(), [](const Path& a, const Path& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.nodes < b.nodes;
  });
  return found;
}

void compare(const std::vector<Step>& steps, const std::vector<Distinct>& distinct) {
  const Metapath metapath(steps, distinct);
  chem::CounterRandom random(7, "ends", "test");
  std::vector<double> ends(metapath.end_nodes());
  for (double& end : ends) end = random.uniform() < 0.3 ? 0.0 : random.uniform();
  const auto counts = metapath.count(ends);
  std::size_t paths = 0;
  for (std::uint32_t start = 0; start < metapath.start_nodes(); ++start) {
    const auto all = all_paths(steps, distinct, start, ends);
    double sum = 0;
    for (const auto& path : all) sum += path.weight;
    CHECK(counts[start] == Approx(sum).epsilon(1e-12).margin(1e-14));
    const auto best = heaviest_paths(steps, distinct, start, ends, 5);
    REQUIRE(best.size() == std::min<std::size_t>(5, all.size()));
    for (std::size_t i = 0; i < best.size(); ++i)
      CHECK(best[i].weight == Approx(all[i].weight).epsilon(1e-12));
    CHECK(heaviest_paths(steps, distinct, start, ends, all.size() + 1).size() == all.size());
    paths += all.size();
  }
  CHECK(paths > 20);
}

}  // namespace

TEST_CASE("links are damped by the degrees of both ends") {
  // three drugs, two targets: drug 0 binds both, drugs 1 and 2 bind target 0
  const Bipartite links(3, 2, {{0, 0}, {0, 1}, {1, 0}, {2, 0}, {2, 0}}, 0.4);
  CHECK(links.size() == 4);  // a repeated link counts once
  const auto row = links.of_row(0);
  REQUIRE(row.size() == 2);
  CHECK(row.begin()[0].weight == Approx(std::pow(2, -0.4) * std::pow(3, -0.4)));
  CHECK(row.begin()[1].weight == Approx(std::pow(2, -0.4)));
  CHECK(links.of_column(0).size() == 3);
  CHECK_THROWS_AS(Bipartite(1, 1, {{0, 1}}), UsageError);
  CHECK_THROWS_AS(Bipartite(1, 1, {{0, 0, -1.0}}), UsageError);
}

TEST_CASE("a symmetric table holds each link both ways and none to itself") {
  const auto links = Bipartite::symmetric(3, {{0, 1}, {1, 0}, {2, 2}, {1, 2}}, 0.0);
  CHECK(links.size() == 4);
  CHECK(links.of_row(2).size() == 1);
}

TEST_CASE("path counts equal plain enumeration of all paths") {
  const auto binds = random_links(9, 12, 0.45, 1), takes_part = random_links(12, 6, 0.4, 2),
             associated = random_links(5, 12, 0.45, 3), treats = random_links(9, 5, 0.45, 4);
  SECTION("drug - target - disease") {
    compare({{&binds}, {&associated, true}}, {});
  }
  SECTION("drug - target - pathway - target - disease") {
    compare({{&binds}, {&takes_part}, {&takes_part, true}, {&associated, true}}, {{1, 3}});
  }
  SECTION("drug - target - drug - disease") {
    compare({{&binds}, {&binds, true}, {&treats}}, {{0, 2}});
  }
  SECTION("drug - target - pathway - target - drug - disease: one stretch within another") {
    compare({{&binds}, {&takes_part}, {&takes_part, true}, {&binds, true}, {&treats}}, {{1, 3}, {0, 4}});
  }
  SECTION("two stretches one after the other") {
    compare({{&binds}, {&binds, true}, {&treats}, {&associated}, {&associated, true}}, {{0, 2}, {3, 5}});
  }
  SECTION("three stretches within each other") {
    const auto parts = random_links(6, 4, 0.5, 5);
    compare({{&binds}, {&takes_part}, {&parts}, {&parts, true}, {&takes_part, true}, {&binds, true}},
            {{0, 6}, {2, 4}, {1, 5}});
  }
}

TEST_CASE("the count of a textbook graph") {
  // Two drugs share one target, each has one more; the second treats the disease: the one path from the first
  // drug crosses binds(2 x 2) twice and treats(1 x 1) once.
  const Bipartite binds(2, 3, {{0, 0}, {0, 1}, {1, 1}, {1, 2}}), treats(2, 1, {{1, 0}});
  const Metapath metapath({{&binds}, {&binds, true}, {&treats}}, {{0, 2}});
  const auto counts = metapath.count(std::vector<double>{1.0});
  CHECK(counts[0] == Approx(std::pow(2, -0.4) * std::pow(2, -0.4) * std::pow(2, -0.4) * std::pow(2, -0.4)));
  CHECK(counts[1] == Approx(0).margin(1e-15));  // its own treatment is no path
}

TEST_CASE("metapaths that cannot be counted are refused") {
  const auto binds = random_links(4, 5, 0.5, 1), other = random_links(4, 5, 0.5, 2);
  CHECK_THROWS_WITH(Metapath({}), "a metapath needs at least one step");
  CHECK_THROWS_WITH(Metapath({{&binds}, {&binds}}),
                    "steps 1 and 2 of a metapath do not fit: 5 nodes and 4 nodes");
  CHECK_THROWS_AS(Metapath({{&binds}, {&other, true}}, {{0, 2}}), UsageError);
  CHECK_THROWS_AS(Metapath({{&binds}, {&binds, true}}, {{0, 1}}), UsageError);
}

TEST_CASE("rows of length 1 compare nodes by the cosine") {
  const Bipartite links = random_links(6, 5, 0.6, 9), unit = links.with_unit_rows();
  const auto product = [](const Bipartite& table, std::size_t i, std::size_t j) {
    double sum = 0;
    for (const auto& a : table.of_row(i))
      for (const auto& b : table.of_row(j)) sum += a.node == b.node ? a.weight * b.weight : 0.0;
    return sum;
  };
  for (std::uint32_t i = 0; i < 6; ++i)
    for (std::uint32_t j = 0; j < 6; ++j) {
      const double lengths = std::sqrt(product(links, i, i) * product(links, j, j));
      CHECK(product(unit, i, j) == Approx(lengths > 0 ? product(links, i, j) / lengths : 0).epsilon(1e-12));
    }
  for (std::uint32_t j = 0; j < 5; ++j)  // the way back has the same weights
    for (const auto& back : unit.of_column(j))
      for (const auto& next : unit.of_row(back.node))
        if (next.node == j) CHECK(next.weight == back.weight);
}
