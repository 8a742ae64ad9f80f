#include "chem/graph_matching.hpp"

#include <catch2/catch.hpp>

using theriac::chem::ColouredGraph;
using theriac::chem::isomorphisms;

namespace {

ColouredGraph ring(int n) {
  auto g = ColouredGraph::with_colours(std::vector<int>(static_cast<std::size_t>(n), 6));
  for (int i = 0; i < n; ++i) g.add_edge(i, (i + 1) % n);
  return g;
}

}  // namespace

TEST_CASE("benzene's ring has twelve automorphisms, the identity first") {
  const auto all = isomorphisms(ring(6), ring(6), 512);
  REQUIRE(all.size() == 12);
  CHECK(all.front() == std::vector<int>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("edge colours and node colours break symmetry") {
  auto kekule = ColouredGraph::with_colours(std::vector<int>(6, 6));
  for (int i = 0; i < 6; ++i) kekule.add_edge(i, (i + 1) % 6, i % 2);
  CHECK(isomorphisms(kekule, kekule, 512).size() == 6);
  auto pyridine = ring(6);
  pyridine.colours[2] = 7;
  CHECK(isomorphisms(pyridine, pyridine, 512).size() == 2);
}

TEST_CASE("different graphs have no isomorphism, even when refinement cannot tell them apart") {
  auto two_triangles = ColouredGraph::with_colours(std::vector<int>(6, 6));
  for (int i = 0; i < 3; ++i) {
    two_triangles.add_edge(i, (i + 1) % 3);
    two_triangles.add_edge(3 + i, 3 + (i + 1) % 3);
  }
  CHECK(isomorphisms(two_triangles, ring(6), 512).empty());
  CHECK(isomorphisms(two_triangles, two_triangles, 512).size() == 72);
  CHECK(isomorphisms(two_triangles, two_triangles, 10).size() == 10);
  CHECK(isomorphisms(ring(5), ring(6), 512).empty());
}
