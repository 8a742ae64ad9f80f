#include "generative/plausibility.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>

namespace theriac::generative {
namespace {

using chem::GraphBond;
using chem::GraphNeighbour;
using chem::MolecularGraph;

constexpr int carbon = 6, nitrogen = 7, oxygen = 8, fluorine = 9, sulphur = 16;

bool is_halogen(int element) {
  return element == 9 || element == 17 || element == 35 || element == 53;
}
bool is_hetero(int element) {
  return element == nitrogen || element == oxygen || element == sulphur;
}

/// Everything the rules ask about a graph, computed once.
struct View {
  const MolecularGraph& graph;
  const PlausibilityLimits& limits;
  std::vector<std::vector<GraphNeighbour>> adjacent;
  std::vector<int> ring_size;               ///< per bond, 0 outside rings
  std::vector<std::vector<int>> rings;      ///< smallest rings, atoms in ring order
  std::vector<int> order_sum, free;         ///< per atom
  std::vector<char> in_ring, in_flat_ring;  ///< per atom

  explicit View(const MolecularGraph& g, const PlausibilityLimits& l)
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
  const GraphBond& bond(int i) const { return graph.bonds[at(i)]; }
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

bool any_atom(const View& v, const std::function<bool(int)>& test) {
  for (int i = 0; i < v.graph.atom_count(); ++i)
    if (test(i)) return true;
  return false;
}

bool any_bond(const View& v, const std::function<bool(const GraphBond&, int)>& test) {
  for (int i = 0; i < v.graph.bond_count(); ++i)
    if (test(v.bond(i), i)) return true;
  return false;
}

bool joins(const View& v, const GraphBond& b, int e1, int e2) {
  return (v.element(b.begin) == e1 && v.element(b.end) == e2) ||
         (v.element(b.begin) == e2 && v.element(b.end) == e1);
}

bool is_nitro_bond(const View& v, const GraphBond& b) {
  return joins(v, b, nitrogen, oxygen) && (v.charge(b.begin) == 1 || v.charge(b.end) == 1);
}

bool both_in_flat_ring(const View& v, const GraphBond& b, int i) {
  return v.ring_size[View::at(i)] > 0 && v.in_flat_ring[View::at(b.begin)] && v.in_flat_ring[View::at(b.end)];
}

// --- size and rings ---

bool wrong_size(const View& v) {
  return v.graph.atom_count() < v.limits.min_heavy_atoms || v.graph.atom_count() > v.limits.max_heavy_atoms;
}

bool disconnected(const View& v) {
  const auto seen = chem::reachable(v.graph, 0);
  return std::find(seen.begin(), seen.end(), 0) != seen.end();
}

bool large_ring(const View& v) {
  return any_bond(v,
                  [&](const GraphBond&, int i) { return v.ring_size[View::at(i)] > v.limits.max_ring_size; });
}

bool too_many_rings(const View& v) {
  return v.cycles() > v.limits.max_rings;
}

/// Independent cycles of the ring system that holds `atom`: bonds - atoms + 1 of the ring bonds around it.
int fused_cycles(const View& v, int start, std::vector<char>& seen) {
  std::vector<int> stack{start};
  seen[View::at(start)] = 1;
  int atoms = 0, bond_ends = 0;
  while (!stack.empty()) {
    const int a = stack.back();
    stack.pop_back();
    ++atoms;
    for (const auto& n : v.adjacent[View::at(a)]) {
      if (v.ring_size[View::at(n.bond)] == 0) continue;
      ++bond_ends;
      if (seen[View::at(n.atom)]) continue;
      seen[View::at(n.atom)] = 1;
      stack.push_back(n.atom);
    }
  }
  return bond_ends / 2 - atoms + 1;
}

bool large_ring_system(const View& v) {
  std::vector<char> seen(v.graph.atoms.size(), 0);
  return any_atom(v, [&](int a) {
    return v.in_ring[View::at(a)] && !seen[View::at(a)] &&
           fused_cycles(v, a, seen) > v.limits.max_fused_rings;
  });
}

int shared_atoms(const std::vector<int>& a, const std::vector<int>& b) {
  int n = 0;
  for (const int x : a) n += std::find(b.begin(), b.end(), x) != b.end();
  return n;
}

/// Two small rings on one bond (bicyclobutane, housane), or three- and four-membered rings in a bridge.
bool strained_rings(const View& v) {
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

bool crowded_ring_atom(const View& v) {  // propellanes and worse; a spiro carbon is fine
  return any_atom(v, [&](int a) {
    int ring_bonds = 0;
    for (const auto& n : v.adjacent[View::at(a)]) ring_bonds += v.ring_size[View::at(n.bond)] > 0;
    if (ring_bonds <= 3) return false;
    std::vector<const std::vector<int>*> through;
    for (const auto& ring : v.rings)
      if (std::find(ring.begin(), ring.end(), a) != ring.end()) through.push_back(&ring);
    return through.size() != 2 || shared_atoms(*through[0], *through[1]) != 1;
  });
}

bool unsaturated_small_ring(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int i) {
    const int size = v.ring_size[View::at(i)];
    return (size == 3 || size == 4) && b.order > 1;
  });
}

bool fused_small_flat_ring(const View& v) {  // benzocyclobutene and the like
  for (const auto& ring : v.rings) {
    if (ring.size() > 4) continue;
    int flat = 0;
    for (const int a : ring) flat += v.in_flat_ring[View::at(a)];
    if (flat >= 2) return true;
  }
  return false;
}

bool ring_alkyne(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int i) { return b.order == 3 && v.ring_size[View::at(i)] > 0; });
}

/// Bredt's rule: no double bond at the bridgehead of a bridged bicycle.
bool bridgehead_double_bond(const View& v) {
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

// --- bonds that break ---

bool cumulene(const View& v) {
  return any_atom(v, [&](int a) {
    return (v.element(a) == carbon || v.element(a) == nitrogen) && (v.double_bonds(a) > 1);
  });
}

bool oxygen_chain(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int) { return joins(v, b, oxygen, oxygen); });
}

bool sulphur_chain(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int) { return joins(v, b, sulphur, sulphur); });
}

bool sulphur_heteroatom(const View& v) {  // sulfenamides and sulfenates; sulfonyl and flat rings are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (!joins(v, b, sulphur, nitrogen) && !joins(v, b, sulphur, oxygen)) return false;
    const int s = v.element(b.begin) == sulphur ? b.begin : b.end;
    if (v.order_sum[View::at(s)] > 2)
      return b.order == 1 && v.element(b.other(s)) == oxygen && v.charge(b.other(s)) == 0;
    return !both_in_flat_ring(v, b, i);
  });
}

bool odd_sulphur(const View& v) {  // sulfoxides and sulfones only, nothing with hydrogen on S(IV) or S(VI)
  return any_atom(v, [&](int a) {
    if (v.element(a) != sulphur || v.charge(a) != 0) return false;
    const int sum = v.order_sum[View::at(a)];
    if (sum <= 2) return v.free[View::at(a)] > 0 || (v.double_bonds(a) > 0);  // thiol, thiocarbonyl
    int oxo = 0, imino = 0;
    for (const auto& n : v.adjacent[View::at(a)]) {
      if (v.bond(n.bond).order == 1) continue;
      oxo += v.element(n.atom) == oxygen;
      imino += v.element(n.atom) != oxygen;
    }
    return v.free[View::at(a)] > 0 || imino > 0 || oxo != (sum == 4 ? 1 : 2) || v.degree(a) != oxo + 2;
  });
}

bool odd_phosphorus_or_boron(const View& v) {
  return any_atom(v, [&](int a) {
    if (v.element(a) == 15) return v.order_sum[View::at(a)] != 5 || !v.has_double_bond_to(a, oxygen);
    return v.element(a) == 5 && v.free[View::at(a)] > 0;
  });
}

bool nitrogen_chain(const View& v) {  // three in a row outside flat five-membered rings (triazole, tetrazole)
  return any_atom(v, [&](int a) {
    if (v.element(a) != nitrogen) return false;
    int nitrogens = 0, in_flat = 0;
    for (const auto& n : v.adjacent[View::at(a)]) {
      if (v.element(n.atom) != nitrogen) continue;
      ++nitrogens;
      in_flat += v.ring_size[View::at(n.bond)] == 5 && v.in_flat_ring[View::at(n.atom)];
    }
    return nitrogens >= 2 && (in_flat < 2 || !v.in_flat_ring[View::at(a)]);
  });
}

bool nitrogen_nitrogen(const View& v) {  // hydrazines, hydrazones, azo; pyrazoles and pyridazines are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    return joins(v, b, nitrogen, nitrogen) && !both_in_flat_ring(v, b, i);
  });
}

bool nitrogen_oxygen(const View& v) {  // oximes, hydroxylamines; isoxazoles and nitro groups are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    return joins(v, b, nitrogen, oxygen) && !both_in_flat_ring(v, b, i) && !is_nitro_bond(v, b);
  });
}

bool heteroatom_halide(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int) {
    return (is_halogen(v.element(b.begin)) && v.element(b.end) != carbon) ||
           (is_halogen(v.element(b.end)) && v.element(b.begin) != carbon);
  });
}

bool reactive_halide(const View& v) {  // alkyl Cl, Br, I; acyl and imidoyl halides
  return any_atom(v, [&](int a) {
    if (v.element(a) != carbon) return false;
    for (const auto& n : v.adjacent[View::at(a)]) {
      if (!is_halogen(v.element(n.atom))) continue;
      if (v.is_saturated(a) && v.element(n.atom) != fluorine) return true;
      if (v.has_double_bond_to(a, oxygen)) return true;
      if (v.has_double_bond_to(a, nitrogen) && !v.in_flat_ring[View::at(a)]) return true;
      if (!v.is_saturated(a) && !v.in_flat_ring[View::at(a)]) return true;  // vinyl and alkynyl halides
    }
    return false;
  });
}

// --- functional groups that hydrolyse, oxidise or tautomerise ---

bool geminal_heteroatoms(const View& v) {  // aminals, hemiacetals, alpha-halo ethers; ring acetals are fine
  return any_atom(v, [&](int a) {
    if (v.element(a) != carbon || !v.is_saturated(a)) return false;
    int hetero = 0, ring_oxygens = 0, fluorines = 0;
    for (const auto& n : v.adjacent[View::at(a)]) {
      hetero += is_hetero(v.element(n.atom));
      fluorines += v.element(n.atom) == fluorine;
      ring_oxygens += v.element(n.atom) == oxygen && v.ring_size[View::at(n.bond)] > 0;
    }
    if (hetero == 2 && ring_oxygens == 2 && fluorines == 0) return false;
    if (hetero == 1 && fluorines >= 2) return false;  // OCF3, OCHF2
    return hetero > 1 || (hetero == 1 && fluorines > 0);
  });
}

bool unstable_imine(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (b.order != 2 || !joins(v, b, carbon, nitrogen)) return false;
    const int c = v.element(b.begin) == carbon ? b.begin : b.end;
    if (v.ring_size[View::at(i)] > 0 && v.in_flat_ring[View::at(c)]) return false;
    int nitrogens = 0, flat = 0;  // amidines, guanidines and aryl imines in rings are fine
    for (const auto& n : v.adjacent[View::at(c)]) {
      nitrogens += v.element(n.atom) == nitrogen;
      flat += v.in_flat_ring[View::at(n.atom)];
    }
    if (v.ring_size[View::at(i)] > 0 && flat > 0) return false;
    return nitrogens < 2;
  });
}

bool aldehyde_or_formyl(const View& v) {
  return any_atom(v, [&](int a) {
    return v.element(a) == carbon && v.has_double_bond_to(a, oxygen) && v.free[View::at(a)] > 0;
  });
}

bool carbonyl_chain(const View& v) {  // anhydrides, 1,2-diketones, peracids
  return any_atom(v,
                  [&](int a) {
                    if (v.element(a) != oxygen || v.degree(a) != 2) return false;
                    int acyl = 0;
                    for (const auto& n : v.adjacent[View::at(a)])
                      acyl += v.has_double_bond_to(n.atom, oxygen) || v.element(n.atom) == sulphur;
                    return acyl == 2 && !v.in_flat_ring[View::at(a)];
                  }) ||
         any_bond(v, [&](const GraphBond& b, int i) {
           return joins(v, b, carbon, carbon) && b.order == 1 && v.ring_size[View::at(i)] == 0 &&
                  v.has_double_bond_to(b.begin, oxygen) && v.has_double_bond_to(b.end, oxygen);
         });
}

bool enol_or_enamine(const View& v) {  // C=C-OH and C=C-N outside flat rings
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (b.order != 2 || !joins(v, b, carbon, carbon)) return false;
    if (v.ring_size[View::at(i)] > 0 && v.in_flat_ring[View::at(b.begin)] && v.in_flat_ring[View::at(b.end)])
      return false;
    for (const int end : {b.begin, b.end})
      for (const auto& n : v.adjacent[View::at(end)])
        if (v.bond(n.bond).order == 1 && is_hetero(v.element(n.atom)) && v.order_sum[View::at(n.atom)] <= 3)
          return true;
    return false;
  });
}

bool polyyne_or_ynol(const View& v) {
  return any_bond(v, [&](const GraphBond& b, int) {
    if (b.order != 3) return false;
    for (const int end : {b.begin, b.end})
      for (const auto& n : v.adjacent[View::at(end)]) {
        if (v.bond(n.bond).order == 3) continue;
        if (v.element(n.atom) != carbon) return true;
        for (const auto& m : v.adjacent[View::at(n.atom)])
          if (m.atom != end && v.bond(m.bond).order == 3) return true;
      }
    return false;
  });
}

bool long_alkyl_chain(const View& v) {  // more than five CH2 or CH3 in a row
  const auto is_chain_carbon = [&](int a) {
    return v.element(a) == carbon && !v.in_ring[View::at(a)] && v.is_saturated(a) && v.degree(a) <= 2;
  };
  std::vector<char> seen(v.graph.atoms.size(), 0);
  return any_atom(v, [&](int a) {
    if (!is_chain_carbon(a) || seen[View::at(a)]) return false;
    std::vector<int> stack{a};
    seen[View::at(a)] = 1;
    int length = 0;
    while (!stack.empty()) {
      const int x = stack.back();
      stack.pop_back();
      ++length;
      for (const auto& n : v.adjacent[View::at(x)])
        if (is_chain_carbon(n.atom) && !seen[View::at(n.atom)]) {
          seen[View::at(n.atom)] = 1;
          stack.push_back(n.atom);
        }
    }
    return length > 5;
  });
}

/// A number per atom that is equal for atoms with equal surroundings: neighbourhoods refined step by step.
std::vector<std::uint64_t> surroundings(const View& v) {
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    std::uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15ull + (a << 6) + (a >> 2))) * 0xbf58476d1ce4e5b9ull;
    return h ^ (h >> 29);
  };
  std::vector<std::uint64_t> rank;
  for (int a = 0; a < v.graph.atom_count(); ++a)
    rank.push_back(mix(static_cast<std::uint64_t>(v.element(a) * 16 + v.charge(a) + 8),
                       static_cast<std::uint64_t>(v.degree(a) * 8 + v.order_sum[View::at(a)])));
  for (int step = 0; step < 10; ++step) {
    std::vector<std::uint64_t> next = rank;
    for (int a = 0; a < v.graph.atom_count(); ++a) {
      std::vector<std::uint64_t> near;
      for (const auto& n : v.adjacent[View::at(a)])
        near.push_back(mix(rank[View::at(n.atom)], static_cast<std::uint64_t>(v.bond(n.bond).order)));
      std::sort(near.begin(), near.end());
      for (const std::uint64_t x : near) next[View::at(a)] = mix(next[View::at(a)], x);
    }
    rank = std::move(next);
  }
  return rank;
}

bool many_stereocentres(const View& v) {
  const auto rank = surroundings(v);
  int n = 0;
  for (int a = 0; a < v.graph.atom_count(); ++a) {
    if (v.element(a) != carbon || !v.is_saturated(a) || v.free[View::at(a)] > 1) continue;
    std::vector<std::uint64_t> near;
    for (const auto& x : v.adjacent[View::at(a)]) near.push_back(rank[View::at(x.atom)]);
    std::sort(near.begin(), near.end());
    n += std::adjacent_find(near.begin(), near.end()) == near.end();
  }
  return n > v.limits.max_stereocentres;
}

struct Rule {
  const char* name;
  bool (*broken)(const View&);
};

constexpr Rule rules[] = {{"too small or too large", wrong_size},
                          {"in several pieces", disconnected},
                          {"ring larger than allowed", large_ring},
                          {"too many rings", too_many_rings},
                          {"too many fused rings", large_ring_system},
                          {"strained small rings", strained_rings},
                          {"crowded ring atom", crowded_ring_atom},
                          {"double bond in a three- or four-membered ring", unsaturated_small_ring},
                          {"small ring fused to a flat ring", fused_small_flat_ring},
                          {"alkyne in a ring", ring_alkyne},
                          {"double bond at a bridgehead", bridgehead_double_bond},
                          {"cumulated double bonds", cumulene},
                          {"peroxide", oxygen_chain},
                          {"disulfide", sulphur_chain},
                          {"sulphur-heteroatom single bond", sulphur_heteroatom},
                          {"thiol, thiocarbonyl or unusual sulphur", odd_sulphur},
                          {"unusual phosphorus or boron", odd_phosphorus_or_boron},
                          {"chain of three nitrogens", nitrogen_chain},
                          {"hydrazine, hydrazone or azo group", nitrogen_nitrogen},
                          {"oxime or hydroxylamine", nitrogen_oxygen},
                          {"halogen on a heteroatom", heteroatom_halide},
                          {"reactive halide", reactive_halide},
                          {"two heteroatoms on a saturated carbon", geminal_heteroatoms},
                          {"imine that hydrolyses", unstable_imine},
                          {"aldehyde", aldehyde_or_formyl},
                          {"anhydride or 1,2-dicarbonyl", carbonyl_chain},
                          {"enol, enol ether or enamine", enol_or_enamine},
                          {"polyyne or heteroatom on an alkyne", polyyne_or_ynol},
                          {"long alkyl chain", long_alkyl_chain},
                          {"too many stereocentres", many_stereocentres}};

}  // namespace

std::string implausible_feature(const MolecularGraph& graph, const PlausibilityLimits& limits) {
  if (graph.atoms.empty()) return "no atoms";
  if (!chem::valences_hold(graph)) return "a valence is exceeded";
  const View view(graph, limits);
  for (const Rule& rule : rules)
    if (rule.broken(view)) return rule.name;
  return {};
}

std::vector<std::string> plausibility_rules() {
  std::vector<std::string> names;
  for (const Rule& rule : rules) names.emplace_back(rule.name);
  return names;
}

}  // namespace theriac::generative
