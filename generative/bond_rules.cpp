
#include "generative/plausibility_rule.hpp"

namespace theriac::generative {
namespace {

using chem::GraphBond;

bool cumulene(const GraphView& v) {
  return any_atom(v, [&](int a) {
    return (v.element(a) == carbon || v.element(a) == nitrogen) && (v.double_bonds(a) > 1);
  });
}

bool oxygen_chain(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int) { return joins(v, b, oxygen, oxygen); });
}

bool sulphur_chain(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int) { return joins(v, b, sulphur, sulphur); });
}

bool sulphur_heteroatom(
    const GraphView& v) {  // sulfenamides and sulfenates; sulfonyl and flat rings are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    if (!joins(v, b, sulphur, nitrogen) && !joins(v, b, sulphur, oxygen)) return false;
    const int s = v.element(b.begin) == sulphur ? b.begin : b.end;
    if (v.order_sum[GraphView::at(s)] > 2)
      return b.order == 1 && v.element(b.other(s)) == oxygen && v.charge(b.other(s)) == 0;
    return !both_in_flat_ring(v, b, i);
  });
}

bool odd_sulphur(
    const GraphView& v) {  // sulfoxides and sulfones only, nothing with hydrogen on S(IV) or S(VI)
  return any_atom(v, [&](int a) {
    if (v.element(a) != sulphur || v.charge(a) != 0) return false;
    const int sum = v.order_sum[GraphView::at(a)];
    if (sum <= 2) return v.free[GraphView::at(a)] > 0 || (v.double_bonds(a) > 0);  // thiol, thiocarbonyl
    int oxo = 0, imino = 0;
    for (const auto& n : v.adjacent[GraphView::at(a)]) {
      if (v.bond(n.bond).order == 1) continue;
      oxo += v.element(n.atom) == oxygen;
      imino += v.element(n.atom) != oxygen;
    }
    return v.free[GraphView::at(a)] > 0 || imino > 0 || oxo != (sum == 4 ? 1 : 2) || v.degree(a) != oxo + 2;
  });
}

bool odd_phosphorus_or_boron(const GraphView& v) {
  return any_atom(v, [&](int a) {
    if (v.element(a) == 15) return v.order_sum[GraphView::at(a)] != 5 || !v.has_double_bond_to(a, oxygen);
    return v.element(a) == 5 && v.free[GraphView::at(a)] > 0;
  });
}

bool nitrogen_chain(
    const GraphView& v) {  // three in a row outside flat five-membered rings (triazole, tetrazole)
  return any_atom(v, [&](int a) {
    if (v.element(a) != nitrogen) return false;
    int nitrogens = 0, in_flat = 0;
    for (const auto& n : v.adjacent[GraphView::at(a)]) {
      if (v.element(n.atom) != nitrogen) continue;
      ++nitrogens;
      in_flat += v.ring_size[GraphView::at(n.bond)] == 5 && v.in_flat_ring[GraphView::at(n.atom)];
    }
    return nitrogens >= 2 && (in_flat < 2 || !v.in_flat_ring[GraphView::at(a)]);
  });
}

bool nitrogen_nitrogen(
    const GraphView& v) {  // hydrazines, hydrazones, azo; pyrazoles and pyridazines are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    return joins(v, b, nitrogen, nitrogen) && !both_in_flat_ring(v, b, i);
  });
}

bool nitrogen_oxygen(const GraphView& v) {  // oximes, hydroxylamines; isoxazoles and nitro groups are fine
  return any_bond(v, [&](const GraphBond& b, int i) {
    return joins(v, b, nitrogen, oxygen) && !both_in_flat_ring(v, b, i) && !is_nitro_bond(v, b);
  });
}

bool heteroatom_halide(const GraphView& v) {
  return any_bond(v, [&](const GraphBond& b, int) {
    return (is_halogen(v.element(b.begin)) && v.element(b.end) != carbon) ||
           (is_halogen(v.element(b.end)) && v.element(b.begin) != carbon);
  });
}

bool reactive_halide(const GraphView& v) {  // alkyl Cl, Br, I; acyl and imidoyl halides
  return any_atom(v, [&](int a) {
    if (v.element(a) != carbon) return false;
    for (const auto& n : v.adjacent[GraphView::at(a)]) {
      if (!is_halogen(v.element(n.atom))) continue;
      if (v.is_saturated(a) && v.element(n.atom) != fluorine) return true;
      if (v.has_double_bond_to(a, oxygen)) return true;
      if (v.has_double_bond_to(a, nitrogen) && !v.in_flat_ring[GraphView::at(a)]) return true;
      if (!v.is_saturated(a) && !v.in_flat_ring[GraphView::at(a)]) return true;  // vinyl and alkynyl halides
    }
    return false;
  });
}

}  // namespace

std::vector<PlausibilityRule> bond_rules() {
  return {{"cumulated double bonds", cumulene},
          {"peroxide", oxygen_chain},
          {"disulfide", sulphur_chain},
          {"sulphur-heteroatom single bond", sulphur_heteroatom},
          {"thiol, thiocarbonyl or unusual sulphur", odd_sulphur},
          {"unusual phosphorus or boron", odd_phosphorus_or_boron},
          {"chain of three nitrogens", nitrogen_chain},
          {"hydrazine, hydrazone or azo group", nitrogen_nitrogen},
          {"oxime or hydroxylamine", nitrogen_oxygen},
          {"halogen on a heteroatom", heteroatom_halide},
          {"reactive halide", reactive_halide}};
}

}  // namespace theriac::generative
