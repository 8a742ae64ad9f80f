#include "generative/graph_mutation.hpp"

#include <algorithm>
#include <vector>

#include "generative/fragments.hpp"

namespace theriac::generative {
namespace {

using chem::CounterRandom;
using chem::GraphBond;
using chem::MolecularGraph;
using Edited = std::optional<MolecularGraph>;

constexpr int carbon = 6, nitrogen = 7, oxygen = 8, fluorine = 9, sulphur = 16, chlorine = 17;
constexpr int largest_substituent = 9;  ///< heavy atoms that may be swapped or moved at once

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

int draw(const std::vector<int>& choices, CounterRandom& random) {
  return choices[random.below(static_cast<std::uint32_t>(choices.size()))];
}

bool neutral(const MolecularGraph& g, int atom) {
  return g.atoms[at(atom)].formal_charge == 0;
}

std::vector<int> open_atoms(const MolecularGraph& g) {
  std::vector<int> out;
  for (int i = 0; i < g.atom_count(); ++i)
    if (neutral(g, i) && chem::free_valence(g, i) > 0) out.push_back(i);
  return out;
}

std::vector<int> bonds_where(const MolecularGraph& g, bool in_ring, bool single_only) {
  const auto sizes = chem::smallest_ring_sizes(g);
  std::vector<int> out;
  for (int i = 0; i < g.bond_count(); ++i) {
    const GraphBond& b = g.bonds[at(i)];
    if ((sizes[at(i)] > 0) == in_ring && (!single_only || b.order == 1) && neutral(g, b.begin) &&
        neutral(g, b.end))
      out.push_back(i);
  }
  return out;
}

bool bonded(const MolecularGraph& g, int a, int b) {
  return std::any_of(g.bonds.begin(), g.bonds.end(), [&](const GraphBond& x) {
    return (x.begin == a && x.end == b) || (x.begin == b && x.end == a);
  });
}

Edited append_atom(MolecularGraph g, CounterRandom& random) {
  static const std::vector<int> elements{carbon, carbon, carbon,   nitrogen, nitrogen,
                                         oxygen, oxygen, fluorine, chlorine};
  const auto places = open_atoms(g);
  if (places.empty()) return {};
  const int place = draw(places, random), element = draw(elements, random);
  const int room = std::min(chem::free_valence(g, place), chem::allowed_valences(element, 0).front());
  const int order = room >= 2 && random.uniform() < 0.2 ? 2 : 1;
  g.atoms.push_back({element, 0});
  g.bonds.push_back({place, g.atom_count() - 1, order});
  return g;
}

Edited insert_atom(MolecularGraph g, CounterRandom& random) {
  static const std::vector<int> elements{carbon, carbon, carbon, nitrogen, nitrogen, oxygen, sulphur};
  const bool in_ring = random.uniform() < 0.3;
  const auto places = bonds_where(g, in_ring, true);
  if (places.empty()) return {};
  GraphBond& bond = g.bonds[at(draw(places, random))];
  const int far_end = bond.end, inserted = g.atom_count();
  g.atoms.push_back({draw(elements, random), 0});
  bond.end = inserted;
  g.bonds.push_back({inserted, far_end, 1});
  return g;
}

Edited delete_atom(const MolecularGraph& g, CounterRandom& random) {
  const auto adjacent = chem::neighbours(g);
  std::vector<int> places;
  for (int i = 0; i < g.atom_count(); ++i) {
    const auto& near = adjacent[at(i)];
    const bool calm =
        neutral(g, i) && std::all_of(near.begin(), near.end(), [&](auto n) { return neutral(g, n.atom); });
    if (!calm || near.empty() || near.size() > 2) continue;
    if (near.size() == 1 || !bonded(g, near[0].atom, near[1].atom)) places.push_back(i);
  }
  if (places.empty()) return {};
  const int removed = draw(places, random);
  std::vector<char> keep(g.atoms.size(), 1);
  keep[at(removed)] = 0;
  std::vector<int> index;
  MolecularGraph out = chem::subgraph(g, keep, &index);
  const auto& near = adjacent[at(removed)];
  if (near.size() == 2) {
    const int order = std::min(g.bonds[at(near[0].bond)].order, g.bonds[at(near[1].bond)].order);
    out.bonds.push_back({index[at(near[0].atom)], index[at(near[1].atom)], order});
  }
  return out;
}

Edited change_bond_order(MolecularGraph g, CounterRandom& random) {
  std::vector<int> places;
  for (int i = 0; i < g.bond_count(); ++i)
    if (neutral(g, g.bonds[at(i)].begin) && neutral(g, g.bonds[at(i)].end)) places.push_back(i);
  if (places.empty()) return {};
  GraphBond& bond = g.bonds[at(draw(places, random))];
  const int room = std::min(chem::free_valence(g, bond.begin), chem::free_valence(g, bond.end));
  const int highest = std::min(3, bond.order + room);
  std::vector<int> orders;
  for (int order = 1; order <= highest; ++order)
    if (order != bond.order) orders.push_back(order);
  if (orders.empty()) return {};
  bond.order = draw(orders, random);
  return g;
}

Edited change_element(MolecularGraph g, CounterRandom& random) {
  std::vector<int> places;
  for (int i = 0; i < g.atom_count(); ++i)
    if (neutral(g, i) && chem::bond_order_sum(g, i) <= 4) places.push_back(i);
  if (places.empty()) return {};
  const int place = draw(places, random), used = chem::bond_order_sum(g, place);
  std::vector<int> elements;
  for (const int element : {carbon, nitrogen, oxygen, fluorine, sulphur, chlorine})
    if (element != g.atoms[at(place)].element && chem::allowed_valences(element, 0).front() >= used)
      elements.push_back(element);
  if (elements.empty()) return {};
  g.atoms[at(place)].element = draw(elements, random);
  return g;
}

/// Number of bonds between `start` and every other atom.
std::vector<int> distances(const MolecularGraph& g, int start) {
  const auto adjacent = chem::neighbours(g);
  std::vector<int> distance(g.atoms.size(), -1), queue{start};
  distance[at(start)] = 0;
  for (std::size_t head = 0; head < queue.size(); ++head)
    for (const auto& n : adjacent[at(queue[head])])
      if (distance[at(n.atom)] < 0) {
        distance[at(n.atom)] = distance[at(queue[head])] + 1;
        queue.push_back(n.atom);
      }
  return distance;
}

Edited close_ring(MolecularGraph g, CounterRandom& random) {
  static const std::vector<int> sizes{3, 4, 5, 5, 5, 6, 6, 6, 6, 7};
  const auto places = open_atoms(g);
  if (places.empty()) return {};
  const int begin = draw(places, random), size = draw(sizes, random);
  const auto distance = distances(g, begin);
  std::vector<int> ends;
  for (const int a : places)
    if (distance[at(a)] == size - 1) ends.push_back(a);
  if (ends.empty()) return {};
  const int end = draw(ends, random);
  const int room = std::min(chem::free_valence(g, begin), chem::free_valence(g, end));
  g.bonds.push_back({begin, end, room >= 2 && random.uniform() < 0.3 ? 2 : 1});
  return g;
}

Edited open_ring(MolecularGraph g, CounterRandom& random) {
  const auto places = bonds_where(g, true, false);
  if (places.empty()) return {};
  g.bonds.erase(g.bonds.begin() + draw(places, random));
  return g;
}

Edited append_fragment(MolecularGraph g, CounterRandom& random) {
  const auto places = open_atoms(g);
  if (places.empty()) return {};
  const int place = draw(places, random);
  const int root = chem::append(g, draw_fragment(random).graph);
  g.bonds.push_back({place, root, 1});
  return g;
}

/// An acyclic single bond with a small side, cut open.
struct Substituent {
  MolecularGraph core, group;
  int core_atom = 0, group_atom = 0;
};

std::optional<Substituent> cut_substituent(const MolecularGraph& g, CounterRandom& random) {
  const auto places = bonds_where(g, false, true);
  if (places.empty()) return {};
  const int cut = draw(places, random);
  const GraphBond& bond = g.bonds[at(cut)];
  auto side = chem::reachable(g, bond.end, {cut});
  int core_atom = bond.begin, group_atom = bond.end;
  if (2 * std::count(side.begin(), side.end(), 1) > g.atom_count()) {
    side = chem::reachable(g, bond.begin, {cut});
    std::swap(core_atom, group_atom);
  }
  if (std::count(side.begin(), side.end(), 1) > largest_substituent) return {};
  std::vector<char> rest(side.size());
  std::transform(side.begin(), side.end(), rest.begin(), [](char c) { return static_cast<char>(!c); });
  Substituent out;
  std::vector<int> core_index, group_index;
  out.core = chem::subgraph(g, rest, &core_index);
  out.group = chem::subgraph(g, side, &group_index);
  out.core_atom = core_index[at(core_atom)];
  out.group_atom = group_index[at(group_atom)];
  return out;
}

Edited replace_substituent(const MolecularGraph& g, CounterRandom& random) {
  auto cut = cut_substituent(g, random);
  if (!cut) return {};
  const int root = chem::append(cut->core, draw_fragment(random).graph);
  cut->core.bonds.push_back({cut->core_atom, root, 1});
  return cut->core;
}

Edited move_substituent(const MolecularGraph& g, CounterRandom& random) {
  auto cut = cut_substituent(g, random);
  if (!cut) return {};
  auto places = open_atoms(cut->core);
  places.erase(std::remove(places.begin(), places.end(), cut->core_atom), places.end());
  if (places.empty()) return {};
  const int place = draw(places, random);
  const int offset = chem::append(cut->core, cut->group);
  cut->core.bonds.push_back({place, offset + cut->group_atom, 1});
  return cut->core;
}

/// Atoms and inner bond orders of the new part of a fused ring; the end atoms bond singly to the old ring.
struct FusedRing {
  std::vector<int> elements;
  std::vector<int> orders;
};

Edited fuse_ring(MolecularGraph g, CounterRandom& random) {
  static const std::vector<FusedRing> kinds{
      {{6, 6, 6, 6}, {2, 1, 2}}, {{6, 6, 6, 6}, {2, 1, 2}}, {{7, 6, 6, 6}, {1, 1, 1}},
      {{6, 6, 6, 7}, {2, 1, 2}}, {{6, 7, 6, 7}, {2, 1, 2}}, {{7, 6, 6, 6}, {2, 1, 2}},
      {{6, 6, 7}, {2, 1}},       {{6, 7, 7}, {2, 1}},       {{7, 6, 7}, {2, 1}},
      {{6, 6, 8}, {2, 1}},       {{8, 6, 8}, {1, 1}},       {{6, 6, 6}, {1, 1}},
      {{6, 6, 6, 6}, {1, 1, 1}}, {{6, 6, 7}, {1, 1}},       {{6, 6, 6, 8}, {1, 1, 1}},
      {{6, 7, 16}, {2, 1}}};
  std::vector<int> places;
  for (const int i : bonds_where(g, true, false))
    if (chem::free_valence(g, g.bonds[at(i)].begin) > 0 && chem::free_valence(g, g.bonds[at(i)].end) > 0)
      places.push_back(i);
  if (places.empty()) return {};
  const GraphBond bond = g.bonds[at(draw(places, random))];
  const FusedRing& kind = kinds[random.below(static_cast<std::uint32_t>(kinds.size()))];
  const bool turned = random.uniform() < 0.5;
  const int first = g.atom_count(), last = first + static_cast<int>(kind.elements.size()) - 1;
  for (const int element : kind.elements) g.atoms.push_back({element, 0});
  for (std::size_t i = 0; i < kind.orders.size(); ++i)
    g.bonds.push_back({first + static_cast<int>(i), first + static_cast<int>(i) + 1, kind.orders[i]});
  g.bonds.push_back({turned ? bond.end : bond.begin, first, 1});
  g.bonds.push_back({turned ? bond.begin : bond.end, last, 1});
  return g;
}

struct Kind {
  const char* name;
  int weight;
};
/// In the order of `Mutation`. Growth with fragments and exchanges weigh most: they give the molecules that
/// pass the plausibility rules most often.
constexpr Kind kinds_of_mutation[mutation_count] = {
    {"append atom", 10},         {"insert atom", 8},      {"delete atom", 12}, {"change bond order", 5},
    {"change element", 16},      {"close ring", 4},       {"open ring", 3},    {"append fragment", 16},
    {"replace substituent", 18}, {"move substituent", 8}, {"fuse ring", 5}};

}  // namespace

std::string name(Mutation mutation) {
  return kinds_of_mutation[static_cast<int>(mutation)].name;
}

std::optional<MolecularGraph> mutate(const MolecularGraph& graph, Mutation mutation, CounterRandom& random) {
  if (graph.atoms.empty()) return {};
  switch (mutation) {
    case Mutation::append_atom:
      return append_atom(graph, random);
    case Mutation::insert_atom:
      return insert_atom(graph, random);
    case Mutation::delete_atom:
      return delete_atom(graph, random);
    case Mutation::change_bond_order:
      return change_bond_order(graph, random);
    case Mutation::change_element:
      return change_element(graph, random);
    case Mutation::close_ring:
      return close_ring(graph, random);
    case Mutation::open_ring:
      return open_ring(graph, random);
    case Mutation::append_fragment:
      return append_fragment(graph, random);
    case Mutation::replace_substituent:
      return replace_substituent(graph, random);
    case Mutation::move_substituent:
      return move_substituent(graph, random);
    case Mutation::fuse_ring:
      return fuse_ring(graph, random);
  }
  return {};
}

std::optional<MolecularGraph> mutate(const MolecularGraph& graph, CounterRandom& random, Mutation* done) {
  int total = 0;
  for (const Kind& kind : kinds_of_mutation) total += kind.weight;
  for (int attempt = 0; attempt < 8; ++attempt) {
    int ticket = static_cast<int>(random.below(static_cast<std::uint32_t>(total)));
    int chosen = 0;
    while (ticket >= kinds_of_mutation[chosen].weight) ticket -= kinds_of_mutation[chosen++].weight;
    auto edited = mutate(graph, static_cast<Mutation>(chosen), random);
    if (!edited) continue;
    if (done) *done = static_cast<Mutation>(chosen);
    return edited;
  }
  return {};
}

}  // namespace theriac::generative
