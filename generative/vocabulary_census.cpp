#include "generative/vocabulary_census.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "chem/error.hpp"

namespace theriac::generative {
namespace {

constexpr double share_with_hydrogens = 0.05;  ///< below this a charged or hypervalent type keeps none

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Neutral atoms of their lowest valence take hydrogens wherever a bond is missing.
bool ordinary(int element, int charge, int valence) {
  const auto& known = chem::allowed_valences(element, charge);
  return charge == 0 && !known.empty() && known.front() == valence;
}

using RingEntry = std::pair<std::string, std::int64_t>;

/// Most frequent first, equal ones by name: the same whatever the order of counting was.
void sort_by_count(std::vector<RingEntry>& rings) {
  std::sort(rings.begin(), rings.end(), [](const RingEntry& a, const RingEntry& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
}

/// A ring system that the vocabulary can hold: its SMILES reads back as itself, and its charges balance.
bool can_be_motif(VocabularyContents contents, const VocabularyContents::Motif& motif) {
  contents.motifs = {motif};
  try {
    const ActionVocabulary alone(std::move(contents));
    return alone.find_motif(motif.smiles) != nullptr;
  } catch (const ModelError&) {
    return false;
  }
}

}  // namespace

void VocabularyCensus::add(const chem::FlatGraph& molecule) {
  if (molecule.graph.atom_count() > max_graph_atoms)
    throw MoleculeError(
        fmt::format("{} heavy atoms; at most {} are handled", molecule.graph.atom_count(), max_graph_atoms));
  if (!molecule.open_sites.empty()) throw MoleculeError("a molecule with attachment points");
  const auto together = chem::reachable(molecule.graph, 0);
  if (std::count(together.begin(), together.end(), 0) > 0)
    throw MoleculeError("more than one component; a mixture or salt");
  add_types(molecule);
  add_ring_systems(molecule);
  ++molecules_;
  largest_molecule_ = std::max(largest_molecule_, molecule.graph.atom_count());
}

void VocabularyCensus::add_types(const chem::FlatGraph& molecule) {
  const auto& graph = molecule.graph;
  std::vector<TypeCount*> type;
  std::vector<int> hydrogens = molecule.valences;
  const auto paired = paired_charges(graph);
  for (int i = 0; i < graph.atom_count(); ++i) {
    const auto& a = graph.atoms[at(i)];
    type.push_back(&types_[{a.element, a.formal_charge, molecule.valences[at(i)], paired[at(i)] != 0}]);
  }
  for (const auto& b : graph.bonds) {
    for (const int atom : {b.begin, b.end}) {
      hydrogens[at(atom)] -= b.order;
      ++type[at(atom)]->bonds[b.order];
    }
  }
  for (std::size_t i = 0; i < type.size(); ++i) {
    ++type[i]->atoms;
    type[i]->with_hydrogens += hydrogens[i] > 0;
  }
}

void VocabularyCensus::add_ring_systems(const chem::FlatGraph& molecule) {
  for (const RingSystem& system : ring_systems(molecule)) {
    ++ring_systems_;
    if (system.atoms.size() > max_motif_atoms) continue;
    const auto& name = names_.of(system.bare);
    if (name.smiles.empty()) continue;
    RingCount& count = rings_[name.smiles];
    ++count.count;
    std::vector<char> inside(molecule.graph.atoms.size(), 0);
    for (const int atom : system.atoms) inside[at(atom)] = 1;
    for (const auto& b : molecule.graph.bonds)
      if (b.order == 2 && inside[at(b.begin)] != inside[at(b.end)]) {
        ++count.double_bonded;
        break;
      }
  }
}

void VocabularyCensus::merge(const VocabularyCensus& other) {
  for (const auto& [key, more] : other.types_) {
    TypeCount& mine = types_[key];
    mine.atoms += more.atoms;
    mine.with_hydrogens += more.with_hydrogens;
    for (int order = 1; order <= 3; ++order) mine.bonds[order] += more.bonds[order];
  }
  for (const auto& [smiles, more] : other.rings_) {
    rings_[smiles].count += more.count;
    rings_[smiles].double_bonded += more.double_bonded;
  }
  molecules_ += other.molecules_;
  ring_systems_ += other.ring_systems_;
  largest_molecule_ = std::max(largest_molecule_, other.largest_molecule_);
}

ActionVocabulary VocabularyCensus::vocabulary(const VocabularyOptions& options) const {
  if (molecules_ == 0)
    throw InputError("no molecule to make a vocabulary of; the corpus is empty or unreadable");
  VocabularyContents contents;
  contents.largest_ring = options.largest_ring;
  contents.largest_molecule = largest_molecule_;
  contents.molecules = molecules_;
  contents.ring_systems = ring_systems_;
  contents.corpus = options.corpus;
  const auto charged_partner =
      [&](int charge) {  // an atom type that can balance this charge by a single bond
        return std::any_of(types_.begin(), types_.end(), [&](const auto& t) {
          return std::get<3>(t.first) && std::get<1>(t.first) * charge < 0 &&
                 t.second.atoms >= options.least_type_count && t.second.bonds[1] >= options.least_type_count;
        });
      };
  std::vector<std::pair<TypeKey, TypeCount>> types(types_.begin(), types_.end());
  std::stable_sort(types.begin(), types.end(),
                   [](const auto& a, const auto& b) { return a.second.atoms > b.second.atoms; });
  for (const auto& [key, count] : types) {
    const auto [element, charge, valence, paired] = key;
    if (count.atoms < options.least_type_count || valence < 1 || valence > 7 ||
        contents.atom_types.size() == 255)
      continue;
    AtomType type{element, charge, valence, true, paired, count.atoms};
    const auto atoms = static_cast<double>(count.atoms);
    if (!ordinary(element, charge, valence))
      type.keeps_hydrogens = static_cast<double>(count.with_hydrogens) >= share_with_hydrogens * atoms;
    if (paired && !charged_partner(charge)) continue;
    for (int order = 1; order <= std::min(3, valence); ++order)
      if (count.bonds[order] >= options.least_type_count)
        contents.atom_bonds.push_back({static_cast<int>(contents.atom_types.size()), order});
    contents.atom_types.push_back(type);
  }
  std::vector<RingEntry> rings;
  for (const auto& [smiles, count] : rings_)
    if (count.count >= options.least_motif_count) rings.emplace_back(smiles, count.count);
  sort_by_count(rings);
  for (const auto& [smiles, count] : rings) {
    if (static_cast<int>(contents.motifs.size()) >= options.motifs) break;
    const bool double_bonded = rings_.at(smiles).double_bonded >= options.least_motif_count;
    const VocabularyContents::Motif motif{smiles, count, double_bonded};
    if (!can_be_motif(contents, motif)) continue;
    contents.motifs.push_back(motif);
    contents.covered_ring_systems += count;
  }
  try {
    return ActionVocabulary(std::move(contents));
  } catch (const ModelError& e) {
    throw InputError(fmt::format("the corpus of {} molecules makes no vocabulary: {}", molecules_, e.what()));
  }
}

}  // namespace theriac::generative
