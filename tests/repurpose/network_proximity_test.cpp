#include "repurpose/network_proximity.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac;
using repurpose::DiseaseNeighbourhood;
using repurpose::Interactome;

namespace {

/// A ring of `count` nodes with random chords, and two nodes apart.
Interactome ring_with_chords(std::uint32_t count, std::uint32_t chords) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  chem::CounterRandom random(7, "", "ring");
  for (std::uint32_t i = 0; i < count; ++i) edges.emplace_back(i, (i + 1) % count);
  for (std::uint32_t i = 0; i < chords; ++i) edges.emplace_back(random.below(count), random.below(count));
  edges.emplace_back(count, count + 1);
  return Interactome(count + 2, edges);
}

}  // namespace

TEST_CASE("an interactome keeps its largest component, without loops and repeats") {
  const Interactome network(6, {{0, 1}, {1, 0}, {1, 2}, {2, 2}, {3, 4}});
  CHECK(network.component_size() == 3);
  CHECK(network.contains(2));
  CHECK_FALSE(network.contains(3));
  CHECK_FALSE(network.contains(5));
  CHECK(network.degree(1) == 2);
  CHECK(network.degree(2) == 1);
  CHECK(network.distances({0}) == std::vector<std::uint8_t>{0, 1, 2, 255, 255, 255});
  CHECK_THROWS_AS(Interactome(2, {{0, 2}}), UsageError);
}

TEST_CASE("degree bins hold a hundred nodes or more, and only like degrees") {
  const auto network = ring_with_chords(1000, 1500);
  for (std::uint32_t node = 0; node < 1000; ++node) {
    const auto& like = network.like_degree(node);
    CHECK(like.size() >= 100);
    CHECK(std::find(like.begin(), like.end(), node) != like.end());
  }
}

TEST_CASE("d is the mean of the shortest ways, z is that among random pairs") {
  const auto network = ring_with_chords(1000, 800);
  const std::vector<std::uint32_t> genes = {10, 11, 12, 400}, targets = {10, 20, 600};
  const DiseaseNeighbourhood disease(network, genes);
  const auto found = disease.to(targets);
  const auto distances = network.distances(genes);
  CHECK(found.distance == Approx((distances[10] + distances[20] + distances[600]) / 3.0));
  CHECK(found.nearest_target == 10);
  CHECK(found.targets == 3);
  CHECK(found.genes == 4);

  // the plain way: one search per random disease set
  double sum = 0, squares = 0;
  for (std::uint64_t s = 0; s < 1000; ++s) {
    const auto to_random =
        network.distances(repurpose::random_set_like(network, genes, 452456, "disease", s));
    double steps = 0;
    for (const auto node : repurpose::random_set_like(network, targets, 452456, "drug", s))
      steps += to_random[node];
    sum += steps / 3;
    squares += steps / 3 * (steps / 3);
  }
  CHECK(found.mean == Approx(sum / 1000).epsilon(1e-12));
  CHECK(found.deviation == Approx(std::sqrt(squares / 1000 - sum * sum / 1e6)).epsilon(1e-9));
  CHECK(found.z == Approx((found.distance - found.mean) / found.deviation));
}

TEST_CASE("the way to the nearest gene is a way, and as short as said") {
  const auto network = ring_with_chords(500, 300);
  const DiseaseNeighbourhood disease(network, {3, 250});
  const auto path = disease.path_from(100);
  CHECK(path.front() == 100);
  CHECK((path.back() == 3 || path.back() == 250));
  CHECK(path.size() == network.distances({3, 250})[100] + 1u);
  for (std::size_t i = 1; i < path.size(); ++i)
    CHECK(std::find(network.begin(path[i - 1]), network.end(path[i - 1]), path[i]) !=
          network.end(path[i - 1]));
}

TEST_CASE("sets without a node in the component have no proximity") {
  const auto network = ring_with_chords(300, 100);
  const DiseaseNeighbourhood disease(network, {1});
  CHECK(std::isnan(disease.to({}).z));
  CHECK(std::isnan(disease.to({300}).z));
  const DiseaseNeighbourhood nowhere(network, {301});
  CHECK(nowhere.empty());
  CHECK(std::isnan(nowhere.to({1}).distance));
}
