#include "generative/unit_graph.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace theriac::generative {
namespace {

constexpr std::size_t most_names = 200000;  ///< remembered; about 60 MB

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

std::string atom_text(const chem::FlatGraph& molecule, int atom, bool paired) {
  const auto& a = molecule.graph.atoms[at(atom)];
  return fmt::format(
      "atom {} ({})", atom + 1,
      name(AtomType{a.element, a.formal_charge, molecule.valences[at(atom)], true, paired, 0}));
}

std::vector<int> atom_types(const ActionVocabulary& vocabulary, const chem::FlatGraph& molecule) {
  std::vector<int> out;
  std::vector<int> hydrogens = molecule.valences;
  const auto paired = paired_charges(molecule.graph);
  for (const auto& b : molecule.graph.bonds) {
    hydrogens[at(b.begin)] -= b.order;
    hydrogens[at(b.end)] -= b.order;
  }
  for (const auto& s : molecule.open_sites) hydrogens[at(s.atom)] -= s.order;
  for (int i = 0; i < molecule.graph.atom_count(); ++i) {
    const auto& a = molecule.graph.atoms[at(i)];
    const int type =
        vocabulary.find_atom_type(a.element, a.formal_charge, molecule.valences[at(i)], paired[at(i)]);
    if (type < 0)
      throw NotEncodable(fmt::format("{} is not in the vocabulary", atom_text(molecule, i, paired[at(i)])));
    if (hydrogens[at(i)] > 0 && !vocabulary.atom_type(type).keeps_hydrogens)
      throw NotEncodable(fmt::format("{} has hydrogens, which it has nowhere in the vocabulary's corpus",
                                     atom_text(molecule, i, paired[at(i)])));
    out.push_back(type);
  }
  return out;
}

void check_size(const chem::FlatGraph& molecule) {
  if (molecule.graph.atom_count() > max_graph_atoms)
    throw NotEncodable(
        fmt::format("{} heavy atoms; at most {} are handled", molecule.graph.atom_count(), max_graph_atoms));
  const auto together = chem::reachable(molecule.graph, 0);
  if (std::count(together.begin(), together.end(), 0) > 0)
    throw NotEncodable("more than one component; a mixture or salt");
}

}  // namespace

std::vector<char> paired_charges(const chem::MolecularGraph& graph) {
  std::vector<char> out(graph.atoms.size(), 0);
  for (const auto& b : graph.bonds)
    if (graph.atoms[at(b.begin)].formal_charge * graph.atoms[at(b.end)].formal_charge < 0)
      out[at(b.begin)] = out[at(b.end)] = 1;
  return out;
}

std::vector<char> ring_bonds(const chem::MolecularGraph& graph) {
  const auto adjacent = chem::neighbours(graph);
  std::vector<char> out(graph.bonds.size(), 1);
  std::vector<int> entered(graph.atoms.size(), -1), lowest(graph.atoms.size(), 0),
      by_bond(graph.atoms.size(), -1);
  std::vector<std::size_t> next(graph.atoms.size(), 0);
  int clock = 0;
  for (int start = 0; start < graph.atom_count(); ++start) {
    if (entered[at(start)] >= 0) continue;
    std::vector<int> stack{start};
    entered[at(start)] = lowest[at(start)] = clock++;
    while (!stack.empty()) {
      const int atom = stack.back();
      if (next[at(atom)] < adjacent[at(atom)].size()) {
        const auto n = adjacent[at(atom)][next[at(atom)]++];
        if (n.bond == by_bond[at(atom)]) continue;
        if (entered[at(n.atom)] >= 0) {
          lowest[at(atom)] = std::min(lowest[at(atom)], entered[at(n.atom)]);
          continue;
        }
        entered[at(n.atom)] = lowest[at(n.atom)] = clock++;
        by_bond[at(n.atom)] = n.bond;
        stack.push_back(n.atom);
        continue;
      }
      stack.pop_back();
      if (stack.empty()) break;
      const int parent = stack.back();
      lowest[at(parent)] = std::min(lowest[at(parent)], lowest[at(atom)]);
      if (lowest[at(atom)] > entered[at(parent)]) out[at(by_bond[at(atom)])] = 0;
    }
  }
  return out;
}

std::vector<RingSystem> ring_systems(const chem::FlatGraph& molecule) {
  const auto& graph = molecule.graph;
  const auto in_ring = ring_bonds(graph);
  std::vector<int> system(graph.atoms.size(), -1);
  std::vector<std::vector<int>> ring_neighbours(graph.atoms.size());
  for (int i = 0; i < graph.bond_count(); ++i) {
    if (!in_ring[at(i)]) continue;
    ring_neighbours[at(graph.bonds[at(i)].begin)].push_back(graph.bonds[at(i)].end);
    ring_neighbours[at(graph.bonds[at(i)].end)].push_back(graph.bonds[at(i)].begin);
  }
  std::vector<RingSystem> out;
  for (int start = 0; start < graph.atom_count(); ++start) {
    if (ring_neighbours[at(start)].empty() || system[at(start)] >= 0) continue;
    RingSystem found;
    found.atoms.push_back(start);
    system[at(start)] = static_cast<int>(out.size());
    for (std::size_t head = 0; head < found.atoms.size(); ++head)
      for (const int next : ring_neighbours[at(found.atoms[head])])
        if (system[at(next)] < 0) {
          system[at(next)] = static_cast<int>(out.size());
          found.atoms.push_back(next);
        }
    std::sort(found.atoms.begin(), found.atoms.end());
    out.push_back(std::move(found));
  }
  std::vector<int> index(graph.atoms.size(), -1);
  for (RingSystem& s : out)
    for (const int atom : s.atoms) {
      index[at(atom)] = s.bare.graph.atom_count();
      s.bare.graph.atoms.push_back(graph.atoms[at(atom)]);
      s.bare.valences.push_back(molecule.valences[at(atom)]);
    }
  for (int i = 0; i < graph.bond_count(); ++i) {
    if (!in_ring[at(i)]) continue;
    const auto& b = graph.bonds[at(i)];
    out[at(system[at(b.begin)])].bare.graph.bonds.push_back({index[at(b.begin)], index[at(b.end)], b.order});
  }
  return out;
}

const RingSystemNames::Name& RingSystemNames::of(const chem::FlatGraph& bare) {
  std::string key;
  for (int i = 0; i < bare.graph.atom_count(); ++i) {
    const auto& a = bare.graph.atoms[at(i)];
    key += {static_cast<char>(a.element), static_cast<char>(a.formal_charge + 64),
            static_cast<char>(bare.valences[at(i)])};
  }
  for (const auto& b : bare.graph.bonds)
    key += {static_cast<char>(b.begin), static_cast<char>(b.end), static_cast<char>(b.order)};
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  if (known_.size() >= most_names) known_.clear();
  Name& name = known_[std::move(key)];
  try {
    auto canonical = chem::canonical_graph(bare);
    name.smiles = std::move(canonical.smiles);
    name.order = std::move(canonical.order);
  } catch (const MoleculeError&) {  // stays without a name: such a system is no motif
  }
  return name;
}

void UnitGraphBuilder::place_motif(const chem::FlatGraph& molecule, const std::vector<int>& types,
                                   const RingSystem& system, UnitGraph& out) {
  if (system.atoms.size() > max_motif_atoms) return;
  const auto& name = names_.of(system.bare);
  const auto* match = name.smiles.empty() ? nullptr : vocabulary_->find_motif(name.smiles);
  if (!match) return;
  std::vector<char> inside(molecule.graph.atoms.size(), 0);
  for (const int atom : system.atoms) inside[at(atom)] = 1;
  for (const auto& b : molecule.graph.bonds)
    if (inside[at(b.begin)] != inside[at(b.end)] && !vocabulary_->find_addition(match->unit, b.order)) return;
  for (std::size_t k = 0; k < name.order.size(); ++k)  // pyridinium or pyridine N-oxide?
    if (vocabulary_->motif(match->unit).atoms[match->numbering[k]].type !=
        types[at(system.atoms[at(name.order[k])])])
      return;
  for (std::size_t k = 0; k < name.order.size(); ++k) {
    const int atom = system.atoms[at(name.order[k])];
    out.places[at(atom)] = {static_cast<int>(out.units.size()), match->numbering[k]};
  }
  out.units.push_back(match->unit);
}

UnitGraph UnitGraphBuilder::build(const chem::FlatGraph& molecule, bool motifs) {
  check_size(molecule);
  const auto types = atom_types(*vocabulary_, molecule);
  UnitGraph out;
  out.atom_count = molecule.graph.atom_count();
  out.places.resize(types.size());
  if (motifs)
    for (const RingSystem& system : ring_systems(molecule)) place_motif(molecule, types, system, out);
  for (std::size_t i = 0; i < types.size(); ++i)
    if (out.places[i].unit < 0) {
      out.places[i].unit = static_cast<int>(out.units.size());
      out.units.push_back(types[i]);
    }
  for (const auto& b : molecule.graph.bonds) {
    const UnitPlace &a = out.places[at(b.begin)], &c = out.places[at(b.end)];
    if (a.unit == c.unit) continue;
    for (const int atom : {b.begin, b.end})
      if (!vocabulary_->find_addition(out.units[at(out.places[at(atom)].unit)], b.order))
        throw NotEncodable(fmt::format("{} has a bond of order {}, which the vocabulary does not know",
                                       atom_text(molecule, atom, false), b.order));
    out.bonds.push_back({a.unit, a.position, c.unit, c.position, b.order});
  }
  for (const auto& s : molecule.open_sites)
    out.open_sites.push_back(
        {out.places[at(s.atom)].unit, out.places[at(s.atom)].position, s.order, s.label});
  return out;
}

}  // namespace theriac::generative
