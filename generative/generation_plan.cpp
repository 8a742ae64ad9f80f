#include "generative/generation_plan.hpp"

#include <algorithm>

#include "generative/action_sequence.hpp"

namespace theriac::generative {
namespace {

constexpr int orders_tried = 256;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// The warhead with its units in breadth-first order from the one that binds.
/// `number`: of each of its units in that order.
ExtraUnit extra_unit(const ActionVocabulary& words, const UnitGraph& warhead, std::vector<int>& number) {
  const OpenUnitSite& exit = warhead.open_sites.front();
  std::vector<int> order{exit.unit};
  number.assign(warhead.units.size(), -1);
  number[at(exit.unit)] = 0;
  for (std::size_t head = 0; head < order.size(); ++head)
    for (const UnitBond& b : warhead.bonds)
      for (const auto& [here, there] : {std::pair<int, int>{b.unit_a, b.unit_b}, {b.unit_b, b.unit_a}})
        if (here == order[head] && number[at(there)] < 0) {
          number[at(there)] = static_cast<int>(order.size());
          order.push_back(there);
        }
  ExtraUnit out;
  out.position = exit.position;
  out.graph.atom_count = warhead.atom_count;
  chem::MolecularGraph skeleton;
  for (const int unit : order) {
    out.graph.units.push_back(warhead.units[at(unit)]);
    skeleton.atoms.push_back({});
  }
  for (UnitBond b : warhead.bonds) {
    b.unit_a = number[at(b.unit_a)];
    b.unit_b = number[at(b.unit_b)];
    out.graph.bonds.push_back(b);
  }
  std::sort(out.graph.bonds.begin(), out.graph.bonds.end(), [](const UnitBond& a, const UnitBond& b) {
    return std::pair(std::max(a.unit_a, a.unit_b), std::min(a.unit_a, a.unit_b)) <
           std::pair(std::max(b.unit_a, b.unit_b), std::min(b.unit_a, b.unit_b));
  });
  for (const UnitBond& b : out.graph.bonds) skeleton.bonds.push_back({b.unit_a, b.unit_b, 1});
  out.in_ring.assign(order.size(), 0);
  const auto rings = ring_bonds(skeleton);
  for (std::size_t i = 0; i < skeleton.bonds.size(); ++i)
    if (rings[i]) out.in_ring[at(skeleton.bonds[i].begin)] = out.in_ring[at(skeleton.bonds[i].end)] = 1;
  out.like = *words.find_addition(out.graph.units.front(), 1);
  return out;
}

/// Gives the open sites of motifs the lowest numbers that symmetry allows, as if they had been bonded
/// already.
void lower_site_numbers(const ActionVocabulary& words, const UnitGraph& scaffold,
                        const std::vector<ScaffoldSite>& sites, Encoding& encoding) {
  for (std::size_t unit = 0; unit < scaffold.units.size(); ++unit) {
    auto& numbers = encoding.position[unit];
    if (numbers.empty()) continue;
    const RingMotif& motif = words.motif(scaffold.units[unit]);
    MotifAtoms bonded = 0;
    for (const UnitBond& b : scaffold.bonds) {
      if (b.unit_a == static_cast<int>(unit)) bonded |= MotifAtoms(1) << numbers[at(b.position_a)];
      if (b.unit_b == static_cast<int>(unit)) bonded |= MotifAtoms(1) << numbers[at(b.position_b)];
    }
    for (const ScaffoldSite& site : sites) {
      if (site.unit != static_cast<int>(unit)) continue;
      const MotifSymmetry* best = nullptr;
      const int now = numbers[at(site.position)];
      for (const MotifSymmetry& s : motif.symmetries)
        if ((s.fixed & bonded) == bonded && s.image[at(now)] < (best ? best->image[at(now)] : now)) best = &s;
      if (best)
        for (auto& p : numbers) p = best->image[p];
      bonded |= MotifAtoms(1) << numbers[at(site.position)];
    }
  }
}

Encoding any_order(const ActionVocabulary& words, const UnitGraph& piece, chem::CounterRandom& random) {
  for (int i = 1;; ++i) {
    try {
      return encode_part(words, piece, random);
    } catch (const NotEncodable&) {
      if (i == orders_tried) throw;
    }
  }
}

}  // namespace

std::vector<ScaffoldSite> required_sites(const UnitGraph& piece) {
  std::vector<ScaffoldSite> out;
  for (const OpenUnitSite& s : piece.open_sites) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const ScaffoldSite& x) {
      return x.unit == s.unit && x.position == s.position;
    });
    if (same == out.end()) {
      out.push_back({s.unit, s.position, s.order, 1, 1});
    } else {
      ++same->most;
      ++same->required;
    }
  }
  return out;
}

GenerationPlan grow_plan(const ActionVocabulary& vocabulary, const UnitGraph& piece,
                         const std::vector<ScaffoldSite>& sites, chem::CounterRandom& random) {
  Encoding encoding = any_order(vocabulary, piece, random);
  lower_site_numbers(vocabulary, piece, sites, encoding);
  GenerationPlan out(vocabulary);
  out.root = encoding.actions.front();
  out.script.resize(piece.units.size());
  out.scaffold_sizes.resize(piece.units.size());
  for (std::size_t i = 0; i < piece.units.size(); ++i)
    out.scaffold_sizes[at(encoding.number[i])] = vocabulary.unit_size(piece.units[i]);
  for (std::size_t i = 1; i < encoding.actions.size(); ++i)
    if (encoding.actions[i] != ActionVocabulary::next_focus)
      out.script[at(encoding.focus[i])].push_back(encoding.actions[i]);
  const auto position_of = [&](int unit, int position) {
    const auto& numbers = encoding.position[at(unit)];
    return numbers.empty() ? position : static_cast<int>(numbers[at(position)]);
  };
  for (ScaffoldSite site : sites) {
    site.position = position_of(site.unit, site.position);
    site.unit = encoding.number[at(site.unit)];
    out.sites.push_back(site);
  }
  for (std::size_t i = 0; i < piece.places.size(); ++i)
    if (const UnitPlace& p = piece.places[i]; p.unit >= 0)
      out.given.push_back(
          {static_cast<int>(i), -1, encoding.number[at(p.unit)], position_of(p.unit, p.position)});
  return out;
}

GenerationPlan link_plan(const ActionVocabulary& vocabulary, const std::vector<UnitGraph>& pieces,
                         std::size_t first, chem::CounterRandom& random) {
  const OpenUnitSite& exit = pieces[first].open_sites.front();
  // the pieces still to come are what is required here
  GenerationPlan out = grow_plan(vocabulary, pieces[first], {{exit.unit, exit.position, 1, 1, 0}}, random);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i == first) continue;
    std::vector<int> number;
    out.extras.push_back(extra_unit(vocabulary, pieces[i], number));
    for (std::size_t atom = 0; atom < pieces[i].places.size(); ++atom)
      if (const UnitPlace& p = pieces[i].places[atom]; p.unit >= 0)
        out.given.push_back({static_cast<int>(atom), static_cast<int>(out.extras.size()) - 1,
                             number[at(p.unit)], p.position});
  }
  return out;
}

}  // namespace theriac::generative
