// From a state back to a molecule: one pass of RDKit at the end, none before.
#pragma once
#include <string>

#include "generative/graph_state.hpp"

namespace theriac::generative {

/// The molecule as it stands, open valence filled with hydrogens.
chem::FlatGraph flat_graph(const ActionVocabulary& vocabulary, const GraphState& state);
/// Canonical SMILES of the same. Throws MoleculeError if RDKit refuses it, which it does for no finished
/// state.
std::string smiles(const ActionVocabulary& vocabulary, const GraphState& state);
/// The same, as Theriac knows molecules: what `chem::Molecule` makes of it. RDKit perceives the aromaticity
/// of a few polycycles that were built atom by atom otherwise when it reads its own SMILES; these are read
/// again.
std::string settled_smiles(const ActionVocabulary& vocabulary, const GraphState& state);
/// The units of the same, to draw a new order of actions from, without RDKit.
UnitGraph unit_graph(const ActionVocabulary& vocabulary, const GraphState& state);

}  // namespace theriac::generative
