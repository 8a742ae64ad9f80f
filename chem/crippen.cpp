#include "chem/crippen.hpp"

#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/ROMol.h>

#include <memory>
#include <vector>

#include "chem/compiled_patterns.hpp"
#include "chem/pattern_search.hpp"

namespace theriac::chem {
namespace {

using RDKit::Descriptors::CrippenParams;

/// The atom types: an atom is of the first whose pattern begins at it.
struct AtomTypes {
  std::vector<const CrippenParams*> parameters;
  PatternSet patterns;
};

const AtomTypes& atom_types() {
  static const auto types = [] {
    std::vector<const CrippenParams*> parameters;
    std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
    for (const auto& p : *RDKit::Descriptors::CrippenParamCollection::getParams()) {
      parameters.push_back(&p);
      queries.emplace_back(p.dp_pattern.get(), [owner = p.dp_pattern](const RDKit::ROMol*) {});
    }
    return AtomTypes{std::move(parameters), PatternSet::of(std::move(queries))};
  }();
  return types;
}

}  // namespace

CrippenEstimate crippen_estimate(const RDKit::ROMol& graph) {
  const SearchGraph whole = search_graph_with_hydrogens(graph);
  CrippenEstimate sum;
  if (!whole.complete) {
    const RDKit::ROMol own(graph);  // RDKit stores the results on it
    RDKit::Descriptors::calcCrippenDescriptors(own, sum.log_p, sum.molar_refractivity);
    return sum;
  }
  const AtomTypes& types = atom_types();
  GraphSearch search(types.patterns.compiled(), whole);
  for (int atom = 0; atom < whole.atom_count(); ++atom)
    if (const auto type = search.first_match_at(atom)) {
      sum.log_p += types.parameters[*type]->logp;
      sum.molar_refractivity += types.parameters[*type]->mr;
    }
  return sum;
}

}  // namespace theriac::chem
