#include "chem/standardise.hpp"

#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/MolStandardize/Fragment.h>
#include <GraphMol/MolStandardize/Metal.h>
#include <GraphMol/MolStandardize/Normalize.h>
#include <GraphMol/MolStandardize/Tautomer.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chem/error.hpp"
#include "chem/graph_edit.hpp"
#include "chem/neutral_form.hpp"
#include "chem/pattern_search.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

using Graph = std::unique_ptr<RDKit::RWMol>;
namespace rd = RDKit::MolStandardize;

Graph edited(RDKit::ROMol* result) {
  const std::unique_ptr<RDKit::ROMol> owner(result);
  return std::make_unique<RDKit::RWMol>(*owner);
}

/// RDKit's tools. Reading their catalogues takes milliseconds, so each thread keeps its own.
struct Tools {
  rd::MetalDisconnector metals;
  rd::LargestFragmentChooser fragments{true};
  rd::Normalizer normalizer;
  rd::TautomerEnumerator tautomers;
};

Tools& tools() {
  thread_local Tools own;
  return own;
}

/// What the transformations of the normalizer look for.
const PatternSet& unusual_drawings() {
  static const PatternSet patterns = [] {
    const rd::TransformCatalogParams transforms(rd::defaultCleanupParameters.normalizations);
    std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
    for (const auto& reaction : transforms.getTransformations())
      for (const auto& reactant : reaction->getReactants())
        queries.push_back(std::make_shared<const RDKit::ROMol>(*reactant));
    return PatternSet::of(std::move(queries));
  }();
  return patterns;
}

bool is_metal(int element) {
  for (const int other : {1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53})
    if (element == other) return false;
  return true;
}

bool in_one_piece(const RDKit::ROMol& graph) {
  const unsigned atoms = graph.getNumAtoms();
  if (graph.getNumBonds() + 1 < atoms) return false;
  std::vector<unsigned> reached = {0};
  std::vector<bool> known(atoms, false);
  if (atoms > 0) known[0] = true;
  for (std::size_t at = 0; at < reached.size() && atoms > 0; ++at)
    for (const auto neighbour : graph.atomNeighbors(graph.getAtomWithIdx(reached[at])))
      if (!known[neighbour->getIdx()]) {
        known[neighbour->getIdx()] = true;
        reached.push_back(neighbour->getIdx());
      }
  return reached.size() >= atoms;
}

/// What there is to do on a molecule; most of a library needs none of it.
struct Needs {
  bool isotopes = false, fragments = false, normalising = false, protons = false;

  Needs(const RDKit::ROMol& graph, const StandardiseOptions& options) {
    bool charged = false, metal = false;
    for (const RDKit::Atom* atom : graph.atoms()) {
      isotopes |= atom->getIsotope() != 0;
      charged |= atom->getFormalCharge() != 0;
      metal |= is_metal(atom->getAtomicNum());
    }
    isotopes &= options.strip_isotopes;
    fragments = options.largest_fragment && (metal || !in_one_piece(graph));
    protons = options.neutralise && charged;
    // a transformation may fit only after the steps before it
    normalising = isotopes || fragments || may_be_drawn_otherwise(graph);
  }

  bool none() const { return !isotopes && !fragments && !normalising && !protons; }

 private:
  static bool may_be_drawn_otherwise(const RDKit::ROMol& graph) {
    const SearchGraph flat = search_graph(graph);
    if (!flat.complete) return true;
    const auto& set = unusual_drawings().compiled();
    GraphSearch search(set, flat);
    return std::any_of(set.patterns.begin(), set.patterns.end(),
                       [&](const CompiledPattern& p) { return !p.understood || search.may_match(p); });
  }
};

void strip_isotopes(RDKit::RWMol& graph) {
  for (RDKit::Atom* atom : graph.atoms()) atom->setIsotope(0);
  RDKit::MolOps::removeHs(graph);
  RDKit::MolOps::assignStereochemistry(graph, true, true);  // C(H)(D) is no centre any more
}

}  // namespace

Molecule standardised(const Molecule& molecule, const StandardiseOptions& options) {
  const RdkitLog log;
  const bool only_heavy = molecule.atom_count() == molecule.heavy_atom_count();
  if (only_heavy && !options.tautomer && Needs(molecule.graph(), options).none()) return molecule;
  Graph graph = editable_heavy_graph(molecule);
  try {
    const Needs needs(*graph, options);
    if (needs.isotopes) strip_isotopes(*graph);
    if (needs.fragments) {
      tools().metals.disconnect(*graph);
      graph = edited(tools().fragments.choose(*graph));
    }
    if (needs.normalising) graph = edited(tools().normalizer.normalize(*graph));
    if (options.neutralise) neutralise(*graph);  // metals leave charges behind
    if (options.tautomer) graph = edited(tools().tautomers.canonicalize(*graph));
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("cannot standardise '{}': {}", molecule.smiles(), e.what()));
  }
  return finished_edit(std::move(graph), molecule);
}

bool is_metal_complex(const Molecule& molecule) {
  for (const RDKit::Atom* atom : molecule.graph().atoms()) {
    const int element = atom->getAtomicNum();
    if (atom->getDegree() == 0 || !is_metal(element)) continue;
    constexpr std::array counter_ions = {3, 4, 11, 12, 19, 20, 37, 38, 55, 56, 87, 88};
    constexpr std::array half_metals = {32, 33, 51, 52, 85};
    if (std::find(counter_ions.begin(), counter_ions.end(), element) == counter_ions.end() &&
        std::find(half_metals.begin(), half_metals.end(), element) == half_metals.end() && element > 0)
      return true;
  }
  return false;
}

}  // namespace theriac::chem
