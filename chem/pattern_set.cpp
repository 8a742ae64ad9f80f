#include "chem/pattern_set.hpp"

#include <GraphMol/ROMol.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <optional>
#include <set>

#include "chem/compiled_patterns.hpp"
#include "chem/pattern_search.hpp"
#include "chem/prepared_substructure.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t most_sets = 1000;
// A set of atoms may be found in many orders: seven equal pieces in 5,040.
constexpr std::size_t most_matches = 10000;

std::vector<std::shared_ptr<const RDKit::ROMol>> queries_of(const std::vector<std::string>& smarts) {
  std::vector<std::shared_ptr<const RDKit::ROMol>> out;
  for (const auto& s : smarts) out.push_back(smarts_query(s));
  return out;
}

std::vector<std::vector<int>> in_order(std::set<std::vector<int>>&& sets) {
  return {sets.begin(), sets.end()};
}

}  // namespace

PatternSet::PatternSet(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
PatternSet::PatternSet(const std::vector<std::string>& smarts) : PatternSet(of(queries_of(smarts))) {}
PatternSet PatternSet::of(std::vector<std::shared_ptr<const RDKit::ROMol>> queries) {
  return PatternSet(compiled_patterns(std::move(queries)));
}
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

std::size_t PatternSet::size() const {
  return compiled_->patterns.size();
}

struct PatternSearch::State {
  const PatternSet::Compiled& set;
  SubstructureTarget target;
  std::optional<GraphSearch> search;  ///< none when RDKit must search

  const CompiledPattern& pattern(std::size_t i) const { return set.patterns[i]; }
  bool is_ours(std::size_t i) const { return search && pattern(i).understood; }

  std::vector<RDKit::MatchVectType> rdkit_matches(std::size_t i) const {
    std::vector<RDKit::MatchVectType> found;
    RDKit::SubstructMatch(*target.prepared().graph, *pattern(i).query, found);
    return found;
  }
};

PatternSearch::PatternSearch(const PatternSet& patterns, const SubstructureTarget& target)
    : state_(new State{patterns.compiled(), target, {}}) {
  const SearchGraph& flat = state_->target.prepared().flat;
  if (flat.complete) state_->search.emplace(state_->set, flat);
}
PatternSearch::~PatternSearch() = default;

bool PatternSearch::may_match(std::size_t i) const {
  return !state_->is_ours(i) || state_->search->may_match(state_->pattern(i));
}

bool PatternSearch::matches(std::size_t i) {
  if (state_->is_ours(i)) return state_->search->matches(state_->pattern(i));
  RDKit::MatchVectType match;
  return RDKit::SubstructMatch(*state_->target.prepared().graph, *state_->pattern(i).query, match);
}

int PatternSearch::matching() {
  int n = 0;
  for (std::size_t i = 0; i < state_->set.patterns.size(); ++i) n += matches(i);
  return n;
}

std::vector<std::vector<int>> PatternSearch::atom_sets(std::size_t i) {
  std::set<std::vector<int>> sets;
  std::size_t matches = 0;
  const auto keep = [&](std::vector<int> atoms) {
    std::sort(atoms.begin(), atoms.end());
    sets.insert(std::move(atoms));
    return sets.size() >= most_sets || ++matches >= most_matches;
  };
  if (state_->is_ours(i)) {
    state_->search->for_each_match(state_->pattern(i), keep);
    return in_order(std::move(sets));
  }
  for (const auto& match : state_->rdkit_matches(i)) {
    std::vector<int> atoms;
    for (const auto& [query_atom, atom] : match) atoms.push_back(atom);
    keep(std::move(atoms));
  }
  return in_order(std::move(sets));
}

int PatternSearch::count(std::size_t i) {
  if (!may_match(i)) return 0;
  return static_cast<int>(atom_sets(i).size());
}

std::vector<int> PatternSearch::first_atoms(std::size_t i) {
  if (state_->is_ours(i)) return state_->search->first_atoms(state_->pattern(i));
  std::vector<int> atoms;
  for (const auto& match : state_->rdkit_matches(i)) atoms.push_back(match.front().second);
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  return atoms;
}

}  // namespace theriac::chem
