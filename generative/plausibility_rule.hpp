// The rules of plausibility and what they ask about a graph. Inside `generative`.
#pragma once
#include <functional>
#include <vector>

#include "generative/plausibility.hpp"

namespace theriac::generative {

constexpr int carbon = 6, nitrogen = 7, oxygen = 8, fluorine = 9, sulphur = 16;

inline bool is_halogen(int element) {
  return element == 9 || element == 17 || element == 35 || element == 53;
}
inline bool is_hetero(int element) {
  return element == nitrogen || element == oxygen || element == sulphur;
}

/// Everything the rules ask about a graph, computed once.
struct GraphView {
  const chem::MolecularGraph& graph;
  const PlausibilityLimits& limits;
  std::vector<std::vector<chem::GraphNeighbour>> adjacent;
  std::vector<int> ring_size;               ///< per bond, 0 outside rings
  std::vector<std::vector<int>> rings;      ///< smallest rings, atoms in ring order
  std::vector<int> order_sum, free;         ///< per atom
  std::vector<char> in_ring, in_flat_ring;  ///< per atom

  explicit GraphView(const chem::MolecularGraph& g, const PlausibilityLimits& l)
      : graph(g),
        limits(l),
        adjacent(chem::neighbours(g)),
        ring_size(chem::smallest_ring_sizes(g)),
        rings(chem::small_rings(g)),
        in_ring(g.atoms.size(), 0),
        in_flat_ring(g.atoms.size(), 0) {
    for (int i = 0; i < g.atom_count(); ++i) {
      order_sum.push_back(chem::bond_order_sum(g, i));
      free.push_back(chem::free_valence(g, i));
    }
    for (const auto& ring : rings) {
      const bool flat = is_flat(ring);
      for (const int a : ring) {
        in_ring[at(a)] = 1;
        if (flat) in_flat_ring[at(a)] = 1;
      }
    }
  }

  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int element(int atom) const { return graph.atoms[at(atom)].element; }
  int charge(int atom) const { return graph.atoms[at(atom)].formal_charge; }
  const chem::GraphBond& bond(int i) const { return graph.bonds[at(i)]; }
  int degree(int atom) const { return static_cast<int>(adjacent[at(atom)].size()); }
  bool is_saturated(int atom) const { return order_sum[at(atom)] == degree(atom); }

  int double_bonds(int atom) const {
    int n = 0;
    for (const auto& x : adjacent[at(atom)]) n += bond(x.bond).order == 2;
    return n;
  }
  bool has_double_bond_to(int atom, int other_element) const {
    for (const auto& x : adjacent[at(atom)])
      if (bond(x.bond).order == 2 && element(x.atom) == other_element) return true;
    return false;
  }
  /// Aromatic or nearly so: five or six atoms that all carry a double bond or a lone pair.
  bool is_flat(const std::vector<int>& ring) const {
    if (ring.size() != 5 && ring.size() != 6) return false;
    int lone_pairs = 0;
    for (const int a : ring) {
      if (double_bonds(a) > 0) continue;
      if (!is_hetero(element(a))) return false;
      ++lone_pairs;
    }
    return lone_pairs <= (ring.size() == 5 ? 3 : 2);
  }
  int cycles() const {  // of a connected graph
    return graph.bond_count() - graph.atom_count() + 1;
  }
};

inline bool any_atom(const GraphView& v, const std::function<bool(int)>& test) {
  for (int i = 0; i < v.graph.atom_count(); ++i)
    if (test(i)) return true;
  return false;
}

inline bool any_bond(const GraphView& v, const std::function<bool(const chem::GraphBond&, int)>& test) {
  for (int i = 0; i < v.graph.bond_count(); ++i)
    if (test(v.bond(i), i)) return true;
  return false;
}

inline bool joins(const GraphView& v, const chem::GraphBond& b, int e1, int e2) {
  return (v.element(b.begin) == e1 && v.element(b.end) == e2) ||
         (v.element(b.begin) == e2 && v.element(b.end) == e1);
}

inline bool is_nitro_bond(const GraphView& v, const chem::GraphBond& b) {
  return joins(v, b, nitrogen, oxygen) && (v.charge(b.begin) == 1 || v.charge(b.end) == 1);
}

inline bool both_in_flat_ring(const GraphView& v, const chem::GraphBond& b, int i) {
  return v.ring_size[GraphView::at(i)] > 0 && v.in_flat_ring[GraphView::at(b.begin)] &&
         v.in_flat_ring[GraphView::at(b.end)];
}

/// One rule: its name in a chemist's words, and whether a graph breaks it.
struct PlausibilityRule {
  const char* name;
  bool (*broken)(const GraphView&);
};

/// Size, rings and strain.
std::vector<PlausibilityRule> ring_rules();
/// Bonds that break: between heteroatoms, to halogens, cumulated.
std::vector<PlausibilityRule> bond_rules();
/// Groups that hydrolyse, oxidise or tautomerise; chains and stereocentres.
std::vector<PlausibilityRule> group_rules();

}  // namespace theriac::generative
