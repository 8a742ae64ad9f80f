#include "generative/graph_crossover.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace theriac::generative {
namespace {

using chem::CounterRandom;
using chem::GraphBond;
using chem::MolecularGraph;

constexpr int smallest_piece = 3;  ///< heavy atoms; single atoms are the mutations' business

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// One side of a cut molecule and the atoms that lost a bond, with the order of what they lost.
struct Piece {
  MolecularGraph graph;
  std::vector<std::pair<int, int>> ends;  ///< atom, bond order
};

bool neutral(const MolecularGraph& g, const GraphBond& b) {
  return g.atoms[at(b.begin)].formal_charge == 0 && g.atoms[at(b.end)].formal_charge == 0;
}

/// The side of the cut that holds `inside`, if both sides are large enough.
std::optional<Piece> piece(const MolecularGraph& g, const std::vector<int>& cut, int inside) {
  const auto keep = chem::reachable(g, inside, cut);
  const auto size = std::count(keep.begin(), keep.end(), 1);
  if (size < smallest_piece || size == g.atom_count()) return {};
  Piece out;
  std::vector<int> index;
  out.graph = chem::subgraph(g, keep, &index);
  for (const int i : cut) {
    const GraphBond& b = g.bonds[at(i)];
    if (keep[at(b.begin)] == keep[at(b.end)]) return {};
    out.ends.emplace_back(index[at(keep[at(b.begin)] ? b.begin : b.end)], b.order);
  }
  return out;
}

std::optional<Piece> chain_piece(const MolecularGraph& g, CounterRandom& random) {
  const auto sizes = chem::smallest_ring_sizes(g);
  std::vector<int> places;
  for (int i = 0; i < g.bond_count(); ++i)
    if (sizes[at(i)] == 0 && g.bonds[at(i)].order == 1 && neutral(g, g.bonds[at(i)])) places.push_back(i);
  if (places.empty()) return {};
  const int cut = places[random.below(static_cast<std::uint32_t>(places.size()))];
  const GraphBond& b = g.bonds[at(cut)];
  return piece(g, {cut}, random.uniform() < 0.5 ? b.begin : b.end);
}

std::optional<Piece> ring_piece(const MolecularGraph& g, CounterRandom& random) {
  const auto rings = chem::small_rings(g);
  if (rings.empty()) return {};
  const auto& ring = rings[random.below(static_cast<std::uint32_t>(rings.size()))];
  std::vector<int> members;
  for (int i = 0; i < g.bond_count(); ++i) {
    const GraphBond& b = g.bonds[at(i)];
    const bool inside = std::find(ring.begin(), ring.end(), b.begin) != ring.end() &&
                        std::find(ring.begin(), ring.end(), b.end) != ring.end();
    if (inside && neutral(g, b)) members.push_back(i);
  }
  if (members.size() < 3) return {};
  const int first = members[random.below(static_cast<std::uint32_t>(members.size()))];
  const int second = members[random.below(static_cast<std::uint32_t>(members.size()))];
  if (first == second) return {};
  const GraphBond& b = g.bonds[at(first)];
  return piece(g, {first, second}, random.uniform() < 0.5 ? b.begin : b.end);
}

std::optional<MolecularGraph> checked(MolecularGraph g) {
  if (!chem::valences_hold(g)) return {};
  return g;
}

}  // namespace

std::optional<MolecularGraph> chain_crossover(const MolecularGraph& a, const MolecularGraph& b,
                                              CounterRandom& random) {
  auto left = chain_piece(a, random);
  const auto right = chain_piece(b, random);
  if (!left || !right) return {};
  const int offset = chem::append(left->graph, right->graph);
  left->graph.bonds.push_back({left->ends[0].first, offset + right->ends[0].first, 1});
  return checked(std::move(left->graph));
}

std::optional<MolecularGraph> ring_crossover(const MolecularGraph& a, const MolecularGraph& b,
                                             CounterRandom& random) {
  auto left = ring_piece(a, random);
  auto right = ring_piece(b, random);
  if (!left || !right) return {};
  if (random.uniform() < 0.5) std::swap(right->ends[0], right->ends[1]);
  const int offset = chem::append(left->graph, right->graph);
  for (std::size_t i = 0; i < 2; ++i) {
    // The order that the left parent had, as far as the right side gave up as much.
    const int order = std::min(left->ends[i].second, right->ends[i].second);
    left->graph.bonds.push_back({left->ends[i].first, offset + right->ends[i].first, order});
  }
  return checked(std::move(left->graph));
}

std::optional<MolecularGraph> crossover(const MolecularGraph& a, const MolecularGraph& b,
                                        CounterRandom& random) {
  for (int attempt = 0; attempt < 8; ++attempt) {
    auto child = random.uniform() < 0.6 ? chain_crossover(a, b, random) : ring_crossover(a, b, random);
    if (child) return child;
  }
  return {};
}

}  // namespace theriac::generative
