#include <algorithm>

#include "generative/plausibility_rule.hpp"

namespace theriac::generative {
namespace {

using chem::GraphBond;

bool wrong_size(const GraphView& v) {
  return v.graph.atom_count() < v.limits.min_heavy_atoms || v.graph.atom_count() > v.limits.max_heavy_atoms;
}

bool disconnected(const GraphView& v) {
  const auto seen = chem::reachable(v.graph, 0);
  return std::find(seen.begin(), seen.end(), 0) != seen.end();
}

bool large_ring(const GraphView& v) {
  return any_bond(
      v, [&](const GraphBond&, int i) { return v.ring_size[GraphView::at(i)] > v.limits.max_ring_size; });
}

bool too_many_rings(const GraphView& v) {
  return v.cycles() > v.limits.max_rings;
}

/// Independent cycles of the ring system that holds `atom`: bonds - atoms + 1 of the ring bonds around it.
int fused_cycles(const GraphView& v, int start, std::vector<char>& seen) {
  std::vector<int> stack{start};
  seen[GraphView::at(start)] = 1;
  int atoms = 0, bond_ends = 0;
  while (!stack.empty()) {
    const int a = stack.back();
    stack.pop_back();
    ++atoms;
    for (const auto& n : v.adjacent[GraphView::at(a)]) {
      if (v.ring_size[GraphView::at(n.bond)] == 0) continue;
      ++bond_ends;
      if (seen[GraphView::at(n.atom)]) continue;
      seen[GraphView::at(n.atom)] = 1;
      stack.push_back(n.atom);
    }
  }
  return bond_ends / 2 - atoms + 1;
}

bool large_ring_system(const GraphView& v) {
  std::vector<char> seen(v.graph.atoms.size(), 0);
  return any_atom(v, [&](int a) {
    return v.in_ring[GraphView::at(a)] && !seen[GraphView::at(a)] &&
           fused_cycles(v, a, seen) > v.limits.max_fused_rings;
  });
}

int shared_atoms(const std::vector<int>& a, const std::vector<int>& b) {
  int n = 0;
  for (const int x : a) n += std::find(b.begin(), b.end(), x) != b.end();
  return n;
}

/// Two small rings on one bond (bicyclobutane, housane), or three- and four-membered rings in a bridge.
bool strained_rings(const GraphView& v) {
  for (std::size_t i = 0; i < v.rings.size(); ++i)
    for (std::size_t j = i + 1; j < v.rings.size(); ++j) {
      const std::size_t smaller = std::min(v.rings[i].size(), v.rings[j].size());
      const int shared = shared_atoms(v.rings[i], v.rings[j]);
      if (smaller <= 4 &&
          (shared > 2 || (shared == 2 && std::max(v.rings[i].size(), v.rings[j].size()) <= 4)))
        return true;
    }
  return false;
}

bool crowded_ring_atom(const GraphView& v) {  // propellanes and worse; a spiro carbon is fine
  return any_atom(v, [&](int a) {
    int ring_bonds = 0;
    for (const auto& n : v.adjacent[GraphView::at(a)]) ring_bonds += v.ring_size[GraphView::at(n.bond)] > 0;
    if (ring_bonds <= 3) return false;
    std::vector<const std::vector<int>*> through;
    for (const auto& ring : v.rings)
      if (std::find(ring.begin(), ring.end(), a) != ring.end()) through.push_back(&ring);
    return through.size() != 2 || shared_atoms(*through[0], *through[1]) != 1;
  });
}

bool unsaturated_small_ring(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int i) {
    const int size = v.ring_size[GraphView::at(i)];
    return (size == 3 || size == 4) && b.order > 1;
  });
}

bool fused_small_flat_ring(const GraphView& v) {  // benzocyclobutene and the like
  for (const auto& ring : v.rings) {
    if (ring.size() > 4) continue;
    int flat = 0;
    for (const int a : ring) flat += v.in_flat_ring[GraphView::at(a)];
    if (flat >= 2) return true;
  }
  return false;
}

bool ring_alkyne(const GraphView& v) {
  return any_bond(
      v, [&](const GraphBond& b, int i) { return b.order == 3 && v.ring_size[GraphView::at(i)] > 0; });
}

/// Bredt's rule: no double bond at the bridgehead of a bridged bicycle.
bool bridgehead_double_bond(const GraphView& v) {
  for (std::size_t i = 0; i < v.rings.size(); ++i)
    for (std::size_t j = i + 1; j < v.rings.size(); ++j) {
      if (shared_atoms(v.rings[i], v.rings[j]) < 3) continue;
      for (const int a : v.rings[i]) {
        const bool shared = std::find(v.rings[j].begin(), v.rings[j].end(), a) != v.rings[j].end();
        if (shared && v.double_bonds(a) > 0) return true;
      }
    }
  return false;
}

}  // namespace

std::vector<PlausibilityRule> ring_rules() {
  return {{"too small or too large", wrong_size},
          {"in several pieces", disconnected},
          {"ring larger than allowed", large_ring},
          {"too many rings", too_many_rings},
          {"too many fused rings", large_ring_system},
          {"strained small rings", strained_rings},
          {"crowded ring atom", crowded_ring_atom},
          {"double bond in a three- or four-membered ring", unsaturated_small_ring},
          {"small ring fused to a flat ring", fused_small_flat_ring},
          {"alkyne in a ring", ring_alkyne},
          {"double bond at a bridgehead", bridgehead_double_bond}};
}

}  // namespace theriac::generative
