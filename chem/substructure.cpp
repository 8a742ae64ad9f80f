#include "chem/substructure.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/Substruct/SubstructMatch.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "chem/error.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/prepared_substructure.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

std::vector<SubstructurePattern> compiled_all(const std::vector<std::string>& smarts) {
  std::vector<SubstructurePattern> patterns;
  for (const auto& s : smarts) patterns.emplace_back(s);
  return patterns;
}

/// Size of the smallest set of rings of the kept atoms: the bonds beyond a spanning forest.
int independent_cycles(const RDKit::ROMol& graph, const std::vector<bool>& kept) {
  std::vector<unsigned> parent(graph.getNumAtoms());
  std::iota(parent.begin(), parent.end(), 0u);
  const auto root = [&](unsigned i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  int cycles = 0;
  for (const auto bond : graph.bonds()) {
    if (!kept[bond->getBeginAtomIdx()] || !kept[bond->getEndAtomIdx()]) continue;
    const unsigned a = root(bond->getBeginAtomIdx()), b = root(bond->getEndAtomIdx());
    if (a == b) ++cycles;  // this bond closes a ring
    parent[a] = b;
  }
  return cycles;
}

}  // namespace

std::shared_ptr<const RDKit::ROMol> smarts_query(const std::string& smarts) {
  const RdkitLog log;
  std::string reason;
  try {
    std::shared_ptr<const RDKit::ROMol> query(RDKit::SmartsToMol(smarts));
    if (query && query->getNumAtoms() > 0) return query;
    reason = log.text();
  } catch (const std::exception& e) {
    reason = e.what();
  }
  if (reason.empty()) reason = "no atoms";
  throw UsageError(fmt::format("not a valid SMARTS '{}': {}", smarts, reason));
}

SubstructureTarget::SubstructureTarget(const Molecule& molecule, Hydrogens hydrogens) {
  auto prepared = std::make_shared<Prepared>();
  prepared->graph = hydrogens == Hydrogens::implicit
                        ? heavy_graph(molecule)
                        : std::shared_ptr<const RDKit::ROMol>(RDKit::MolOps::addHs(molecule.graph()));
  prepared->flat = search_graph(*prepared->graph);
  prepared_ = std::move(prepared);
}

SubstructurePattern::SubstructurePattern(const std::string& smarts) : smarts_(smarts) {
  auto query = smarts_query(smarts);
  auto alone = PatternSet::of({query});
  compiled_ = std::make_shared<const Compiled>(Compiled{std::move(query), std::move(alone)});
}

bool SubstructurePattern::matches(const SubstructureTarget& target) const {
  return PatternSearch(compiled_->alone, target).matches(0);
}

int SubstructurePattern::count(const SubstructureTarget& target) const {
  return PatternSearch(compiled_->alone, target).count(0);
}

std::vector<int> SubstructurePattern::first_atoms(const SubstructureTarget& target) const {
  return PatternSearch(compiled_->alone, target).first_atoms(0);
}

std::vector<std::vector<int>> SubstructurePattern::occurrences(const SubstructureTarget& target) const {
  std::vector<std::vector<int>> found;
  if (!PatternSearch(compiled_->alone, target).may_match(0)) return found;
  std::vector<RDKit::MatchVectType> matches;
  RDKit::SubstructMatch(*target.prepared().graph, *compiled_->query, matches, false);
  for (const auto& match : matches) {
    found.emplace_back(match.size());
    for (const auto& [query_atom, atom] : match) found.back()[static_cast<std::size_t>(query_atom)] = atom;
  }
  return found;
}

int rings_without(const SubstructureTarget& target, const std::vector<int>& atoms) {
  const auto& graph = *target.prepared().graph;
  std::vector<bool> kept(graph.getNumAtoms(), true);
  for (const int atom : atoms) kept[static_cast<std::size_t>(atom)] = false;
  return independent_cycles(graph, kept);
}

SubstructureFilter::SubstructureFilter(const std::vector<std::string>& forbid,
                                       const std::vector<std::string>& require)
    : forbidden_(compiled_all(forbid)), required_(compiled_all(require)) {}

std::string SubstructureFilter::first_violation(const Molecule& molecule) const {
  const SubstructureTarget target(molecule);
  for (const auto& pattern : forbidden_)
    if (pattern.matches(target)) return fmt::format("contains the forbidden '{}'", pattern.smarts());
  for (const auto& pattern : required_)
    if (!pattern.matches(target)) return fmt::format("lacks the required '{}'", pattern.smarts());
  return {};
}

}  // namespace theriac::chem
