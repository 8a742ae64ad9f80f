#include "chem/crippen.hpp"

#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "chem/compiled_patterns.hpp"
#include "chem/pattern_search.hpp"

namespace theriac::chem {
namespace {

using RDKit::Descriptors::CrippenParams;

int label_place(const std::string& label) {
  const auto& labels = crippen_labels();
  return static_cast<int>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

/// The atom types: an atom is of the first whose pattern begins at it.
struct AtomTypes {
  std::vector<const CrippenParams*> parameters;
  std::vector<int> labels;  ///< positions in crippen_labels()
  PatternSet patterns;
};

const AtomTypes& atom_types() {
  static const auto types = [] {
    std::vector<const CrippenParams*> parameters;
    std::vector<int> labels;
    std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
    for (const auto& p : *RDKit::Descriptors::CrippenParamCollection::getParams()) {
      parameters.push_back(&p);
      labels.push_back(label_place(p.label));
      queries.emplace_back(p.dp_pattern.get(), [owner = p.dp_pattern](const RDKit::ROMol*) {});
    }
    return AtomTypes{std::move(parameters), std::move(labels), PatternSet::of(std::move(queries))};
  }();
  return types;
}

/// Type of every atom of a graph with hydrogens as atoms; -1 where none fits.
std::vector<int> types_of(const SearchGraph& whole) {
  GraphSearch search(atom_types().patterns.compiled(), whole);
  std::vector<int> out;
  for (int atom = 0; atom < whole.atom_count(); ++atom) {
    const auto type = search.first_match_at(atom);
    out.push_back(type ? static_cast<int>(*type) : -1);
  }
  return out;
}

/// The same by RDKit, for graphs that the search cannot hold; hydrogens behind the atoms of `graph`, as addHs
/// appends them.
std::vector<int> types_by_rdkit(const RDKit::ROMol& whole) {
  std::vector<double> log_p(whole.getNumAtoms()), refractivity(whole.getNumAtoms());
  std::vector<unsigned> types(whole.getNumAtoms());
  RDKit::Descriptors::getCrippenAtomContribs(whole, log_p, refractivity, true, &types);
  return {types.begin(), types.end()};
}

}  // namespace

const std::vector<std::string>& crippen_labels() {
  static const auto labels = [] {
    std::vector<std::string> out;
    for (const auto& p : *RDKit::Descriptors::CrippenParamCollection::getParams())
      if (std::find(out.begin(), out.end(), p.label) == out.end()) out.push_back(p.label);
    return out;
  }();
  return labels;
}

std::vector<CrippenAtom> crippen_atoms(const RDKit::ROMol& graph) {
  std::vector<CrippenAtom> out(graph.getNumAtoms());
  const AtomTypes& known = atom_types();
  const auto add = [&](std::size_t owner, bool hydrogen, int type) {
    if (type < 0) return;
    const auto& p = *known.parameters[static_cast<std::size_t>(type)];
    (hydrogen ? out[owner].hydrogen_label : out[owner].label) = known.labels[static_cast<std::size_t>(type)];
    out[owner].log_p += p.logp;
    out[owner].molar_refractivity += p.mr;
  };
  const SearchGraph whole = search_graph_with_hydrogens(graph);
  if (whole.complete) {
    const auto types = types_of(whole);
    for (std::size_t i = 0; i < types.size(); ++i) {
      const bool hydrogen = i >= out.size();
      const auto first = static_cast<std::size_t>(whole.first[i]);
      add(hydrogen ? static_cast<std::size_t>(whole.neighbours[first].atom) : i, hydrogen, types[i]);
    }
    return out;
  }
  const std::unique_ptr<const RDKit::ROMol> saturated(RDKit::MolOps::addHs(graph));
  const auto types = types_by_rdkit(*saturated);
  for (std::size_t i = 0; i < types.size(); ++i) {
    const bool hydrogen = i >= out.size();
    const auto atom = saturated->getAtomWithIdx(static_cast<unsigned>(i));
    add(hydrogen ? *saturated->getAtomNeighbors(atom).first : i, hydrogen, types[i]);
  }
  return out;
}

CrippenEstimate crippen_estimate(const RDKit::ROMol& graph) {
  CrippenEstimate sum;
  for (const CrippenAtom& atom : crippen_atoms(graph)) {
    sum.log_p += atom.log_p;
    sum.molar_refractivity += atom.molar_refractivity;
  }
  return sum;
}

}  // namespace theriac::chem
