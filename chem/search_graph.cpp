#include "chem/search_graph.hpp"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>

#include <array>
#include <optional>

namespace theriac::chem {
namespace {

/// One trait in the word: `bits` wide, values from `lowest` on.
struct Field {
  int AtomTraits::*trait;
  int bits, lowest;
};
constexpr std::array<Field, 10> fields = {{{&AtomTraits::element, 8, 0},
                                           {&AtomTraits::isotope, 10, 0},
                                           {&AtomTraits::charge, 6, -32},
                                           {&AtomTraits::hydrogens, 5, 0},
                                           {&AtomTraits::degree, 5, 0},
                                           {&AtomTraits::total_degree, 5, 0},
                                           {&AtomTraits::valence, 5, 0},
                                           {&AtomTraits::rings, 5, 0},
                                           {&AtomTraits::smallest_ring, 10, 0},
                                           {&AtomTraits::ring_bonds, 4, 0}}};  // and one bit: aromatic

bool fits(const AtomTraits& traits) {
  for (const Field& field : fields) {
    const int value = traits.*field.trait - field.lowest;
    if (value < 0 || value >= 1 << field.bits) return false;
  }
  return true;
}

AtomTraits traits_of(const RDKit::Atom& atom) {
  const auto& rings = *atom.getOwningMol().getRingInfo();
  AtomTraits t;
  t.element = atom.getAtomicNum();
  t.isotope = static_cast<int>(atom.getIsotope());
  t.charge = atom.getFormalCharge();
  t.hydrogens = static_cast<int>(atom.getTotalNumHs(true));
  t.degree = static_cast<int>(atom.getDegree());
  t.total_degree = static_cast<int>(atom.getTotalDegree());
  t.valence = static_cast<int>(atom.getTotalValence());
  t.rings = static_cast<int>(rings.numAtomRings(atom.getIdx()));
  t.aromatic = atom.getIsAromatic();
  if (t.rings > 0) {
    t.smallest_ring = static_cast<int>(rings.minAtomRingSize(atom.getIdx()));
    t.ring_bonds = RDKit::queryAtomRingBondCount(&atom);
  }
  return t;
}

std::optional<BondForm> form_of(const RDKit::Bond& bond, bool ring) {
  int order = 0;
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      break;
    case RDKit::Bond::DOUBLE:
      order = 1;
      break;
    case RDKit::Bond::TRIPLE:
      order = 2;
      break;
    case RDKit::Bond::AROMATIC:
      order = 3;
      break;
    default:
      return std::nullopt;
  }
  return static_cast<BondForm>(2 * order + ring);
}

void index_neighbours(SearchGraph& out) {
  out.first.assign(out.atoms.size() + 1, 0);
  const auto degree = [&](int atom) -> int& { return out.first[static_cast<std::size_t>(atom) + 1]; };
  for (const auto& bond : out.bonds) {
    ++degree(bond.begin);
    ++degree(bond.end);
  }
  for (std::size_t i = 1; i < out.first.size(); ++i) out.first[i] += out.first[i - 1];
  out.neighbours.resize(2 * out.bonds.size());
  std::vector<int> next(out.first.begin(), out.first.end() - 1);
  for (const auto& bond : out.bonds) {
    const auto place = [&](int atom) {
      return static_cast<std::size_t>(next[static_cast<std::size_t>(atom)]++);
    };
    out.neighbours[place(bond.begin)] = {bond.end, bond.form};
    out.neighbours[place(bond.end)] = {bond.begin, bond.form};
  }
}

SearchGraph flattened(const RDKit::ROMol& graph, bool hydrogens_as_atoms) {
  SearchGraph out;
  out.atoms.reserve(graph.getNumAtoms() * (hydrogens_as_atoms ? 3 : 1));
  const auto& rings = *graph.getRingInfo();
  for (const auto bond : graph.bonds()) {
    const auto form = form_of(*bond, rings.numBondRings(bond->getIdx()) > 0);
    if (!form) return {};
    out.bonds.push_back(
        {static_cast<int>(bond->getBeginAtomIdx()), static_cast<int>(bond->getEndAtomIdx()), *form});
  }
  std::vector<int> hydrogens;
  for (const auto atom : graph.atoms()) {
    AtomTraits traits = traits_of(*atom);
    hydrogens.push_back(hydrogens_as_atoms ? static_cast<int>(atom->getTotalNumHs()) : 0);
    traits.degree += hydrogens.back();
    if (!fits(traits)) return {};
    out.atoms.push_back(packed(traits));
  }
  AtomTraits hydrogen;
  hydrogen.element = hydrogen.degree = hydrogen.total_degree = hydrogen.valence = 1;
  for (std::size_t i = 0; i < hydrogens.size(); ++i)
    for (int h = 0; h < hydrogens[i]; ++h) {
      out.bonds.push_back({static_cast<int>(i), out.atom_count(), 0});
      out.atoms.push_back(packed(hydrogen));
      // a hydrogen bonded to hydrogen counts it
      if (unpacked(out.atoms[i]).element == 1) return {};
    }
  index_neighbours(out);
  out.complete = true;
  return out;
}

}  // namespace

TraitWord packed(const AtomTraits& traits) {
  TraitWord word = traits.aromatic;
  int shift = 1;
  for (const Field& field : fields) {
    word |= static_cast<TraitWord>(traits.*field.trait - field.lowest) << shift;
    shift += field.bits;
  }
  return word;
}

AtomTraits unpacked(TraitWord word) {
  AtomTraits traits;
  traits.aromatic = word & 1;
  int shift = 1;
  for (const Field& field : fields) {
    traits.*field.trait = static_cast<int>(word >> shift & ((TraitWord{1} << field.bits) - 1)) + field.lowest;
    shift += field.bits;
  }
  return traits;
}

SearchGraph search_graph(const RDKit::ROMol& graph) {
  return flattened(graph, false);
}

SearchGraph search_graph_with_hydrogens(const RDKit::ROMol& graph) {
  return flattened(graph, true);
}

}  // namespace theriac::chem
