#include "generative/decoded_molecule.hpp"

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

chem::FlatGraph flat_graph(const ActionVocabulary& vocabulary, const GraphState& state) {
  chem::FlatGraph out;
  for (int i = 0; i < state.atom_count; ++i) {
    const AtomType& type = vocabulary.atom_type(state.atoms[at(i)].type);
    out.graph.atoms.push_back({type.element, type.charge});
    out.valences.push_back(type.valence);
  }
  for (int i = 0; i < state.bond_count; ++i) {
    const StateBond& b = state.bonds[at(i)];
    out.graph.bonds.push_back({b.begin, b.end, b.order});
  }
  return out;
}

std::string smiles(const ActionVocabulary& vocabulary, const GraphState& state) {
  return chem::canonical_smiles(flat_graph(vocabulary, state));
}

std::string settled_smiles(const ActionVocabulary& vocabulary, const GraphState& state) {
  const std::string text = smiles(vocabulary, state);
  for (int i = 0; i < state.unit_count; ++i)
    if (state.units[at(i)].component != none && state.atoms[state.units[at(i)].first_atom].in_ring)
      return chem::Molecule::from_smiles(text).smiles();
  return text;
}

UnitGraph unit_graph(const ActionVocabulary&, const GraphState& state) {
  UnitGraph out;
  out.atom_count = state.atom_count;
  for (int i = 0; i < state.unit_count; ++i) out.units.push_back(state.units[at(i)].type);
  for (int i = 0; i < state.bond_count; ++i) {
    const StateBond& b = state.bonds[at(i)];
    const StateAtom &one = state.atoms[b.begin], &two = state.atoms[b.end];
    if (one.unit != two.unit) out.bonds.push_back({one.unit, one.position, two.unit, two.position, b.order});
  }
  return out;
}

}  // namespace theriac::generative
