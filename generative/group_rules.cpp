#include <algorithm>
#include <cstdint>
#include <utility>

#include "generative/plausibility_rule.hpp"

namespace theriac::generative {
namespace {

using chem::GraphBond;

bool geminal_heteroatoms(
    const GraphView& v) {  // aminals, hemiacetals, alpha-halo ethers; ring acetals are fine
  return any_atom(v, [&](int a) {
    if (v.element(a) != carbon || !v.is_saturated(a)) return false;
    int hetero = 0, ring_oxygens = 0, fluorines = 0;
    for (const auto& n : v.adjacent[GraphView::at(a)]) {
      hetero += is_hetero(v.element(n.atom));
      fluorines += v.element(n.atom) == fluorine;
      ring_oxygens += v.element(n.atom) == oxygen && v.ring_size[GraphView::at(n.bond)] > 0;
    }
    if (hetero == 2 && ring_oxygens == 2 && fluorines == 0) return false;
    if (hetero == 1 && fluorines >= 2) return false;  // OCF3, OCHF2
    return hetero > 1 || (hetero == 1 && fluorines > 0);
  });
}

bool unstable_imine(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (b.order != 2 || !joins(v, b, carbon, nitrogen)) return false;
    const int c = v.element(b.begin) == carbon ? b.begin : b.end;
    if (v.ring_size[GraphView::at(i)] > 0 && v.in_flat_ring[GraphView::at(c)]) return false;
    int nitrogens = 0, flat = 0;  // amidines, guanidines and aryl imines in rings are fine
    for (const auto& n : v.adjacent[GraphView::at(c)]) {
      nitrogens += v.element(n.atom) == nitrogen;
      flat += v.in_flat_ring[GraphView::at(n.atom)];
    }
    if (v.ring_size[GraphView::at(i)] > 0 && flat > 0) return false;
    return nitrogens < 2;
  });
}

bool aldehyde_or_formyl(const GraphView& v) {
  return any_atom(v, [&](int a) {
    return v.element(a) == carbon && v.has_double_bond_to(a, oxygen) && v.free[GraphView::at(a)] > 0;
  });
}

bool carbonyl_chain(const GraphView& v) {  // anhydrides, 1,2-diketones, peracids
  return any_atom(v,
                  [&](int a) {
                    if (v.element(a) != oxygen || v.degree(a) != 2) return false;
                    int acyl = 0;
                    for (const auto& n : v.adjacent[GraphView::at(a)])
                      acyl += v.has_double_bond_to(n.atom, oxygen) || v.element(n.atom) == sulphur;
                    return acyl == 2 && !v.in_flat_ring[GraphView::at(a)];
                  }) ||
         any_bond(v, [&](const GraphBond& b, int i) {
           return joins(v, b, carbon, carbon) && b.order == 1 && v.ring_size[GraphView::at(i)] == 0 &&
                  v.has_double_bond_to(b.begin, oxygen) && v.has_double_bond_to(b.end, oxygen);
         });
}

bool enol_or_enamine(const GraphView& v) {  // C=C-OH and C=C-N outside flat rings
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (b.order != 2 || !joins(v, b, carbon, carbon)) return false;
    if (v.ring_size[GraphView::at(i)] > 0 && v.in_flat_ring[GraphView::at(b.begin)] &&
        v.in_flat_ring[GraphView::at(b.end)])
      return false;
    for (const int end : {b.begin, b.end})
      for (const auto& n : v.adjacent[GraphView::at(end)])
        if (v.bond(n.bond).order == 1 && is_hetero(v.element(n.atom)) &&
            v.order_sum[GraphView::at(n.atom)] <= 3)
          return true;
    return false;
  });
}

bool cyclic_diene(const GraphView& v) {  // dimerises or becomes aromatic
  for (const auto& ring : v.rings) {
    int double_bonds = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const int a = ring[i], b = ring[(i + 1) % ring.size()];
      if (v.in_flat_ring[GraphView::at(a)] || v.in_flat_ring[GraphView::at(b)]) continue;
      for (const auto& n : v.adjacent[GraphView::at(a)])
        double_bonds +=
            n.atom == b && v.bond(n.bond).order == 2 && v.element(a) == carbon && v.element(b) == carbon;
    }
    if (double_bonds >= 2) return true;
  }
  return false;
}

bool polyyne_or_ynol(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int) {
    if (b.order != 3) return false;
    for (const int end : {b.begin, b.end})
      for (const auto& n : v.adjacent[GraphView::at(end)]) {
        if (v.bond(n.bond).order == 3) continue;
        if (v.element(n.atom) != carbon) return true;
        for (const auto& m : v.adjacent[GraphView::at(n.atom)])
          if (m.atom != end && v.bond(m.bond).order == 3) return true;
      }
    return false;
  });
}

bool long_alkyl_chain(const GraphView& v) {  // more than five CH2 or CH3 in a row
  const auto is_chain_carbon = [&](int a) {
    return v.element(a) == carbon && !v.in_ring[GraphView::at(a)] && v.is_saturated(a) && v.degree(a) <= 2;
  };
  std::vector<char> seen(v.graph.atoms.size(), 0);
  return any_atom(v, [&](int a) {
    if (!is_chain_carbon(a) || seen[GraphView::at(a)]) return false;
    std::vector<int> stack{a};
    seen[GraphView::at(a)] = 1;
    int length = 0;
    while (!stack.empty()) {
      const int x = stack.back();
      stack.pop_back();
      ++length;
      for (const auto& n : v.adjacent[GraphView::at(x)])
        if (is_chain_carbon(n.atom) && !seen[GraphView::at(n.atom)]) {
          seen[GraphView::at(n.atom)] = 1;
          stack.push_back(n.atom);
        }
    }
    return length > 5;
  });
}

/// A number per atom that is equal for atoms with equal surroundings: neighbourhoods refined step by step.
std::vector<std::uint64_t> surroundings(const GraphView& v) {
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    std::uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15ull + (a << 6) + (a >> 2))) * 0xbf58476d1ce4e5b9ull;
    return h ^ (h >> 29);
  };
  std::vector<std::uint64_t> rank;
  for (int a = 0; a < v.graph.atom_count(); ++a)
    rank.push_back(mix(static_cast<std::uint64_t>(v.element(a) * 16 + v.charge(a) + 8),
                       static_cast<std::uint64_t>(v.degree(a) * 8 + v.order_sum[GraphView::at(a)])));
  for (int step = 0; step < 10; ++step) {
    std::vector<std::uint64_t> next = rank;
    for (int a = 0; a < v.graph.atom_count(); ++a) {
      std::vector<std::uint64_t> near;
      for (const auto& n : v.adjacent[GraphView::at(a)])
        near.push_back(mix(rank[GraphView::at(n.atom)], static_cast<std::uint64_t>(v.bond(n.bond).order)));
      std::sort(near.begin(), near.end());
      for (const std::uint64_t x : near) next[GraphView::at(a)] = mix(next[GraphView::at(a)], x);
    }
    rank = std::move(next);
  }
  return rank;
}

bool many_stereocentres(const GraphView& v) {
  const auto rank = surroundings(v);
  int n = 0;
  for (int a = 0; a < v.graph.atom_count(); ++a) {
    if (v.element(a) != carbon || !v.is_saturated(a) || v.free[GraphView::at(a)] > 1) continue;
    std::vector<std::uint64_t> near;
    for (const auto& x : v.adjacent[GraphView::at(a)]) near.push_back(rank[GraphView::at(x.atom)]);
    std::sort(near.begin(), near.end());
    n += std::adjacent_find(near.begin(), near.end()) == near.end();
  }
  return n > v.limits.max_stereocentres;
}

}  // namespace

std::vector<PlausibilityRule> group_rules() {
  return {{"two heteroatoms on a saturated carbon", geminal_heteroatoms},
          {"imine that hydrolyses", unstable_imine},
          {"aldehyde", aldehyde_or_formyl},
          {"anhydride or 1,2-dicarbonyl", carbonyl_chain},
          {"enol, enol ether or enamine", enol_or_enamine},
          {"cyclic diene", cyclic_diene},
          {"polyyne or heteroatom on an alkyne", polyyne_or_ynol},
          {"long alkyl chain", long_alkyl_chain},
          {"too many stereocentres", many_stereocentres}};
}

}  // namespace theriac::generative
