// The search itself: compiled patterns in one SearchGraph. Inside `chem`.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "chem/compiled_patterns.hpp"

namespace theriac::chem {

class GraphSearch {
 public:
  /// Both outlive the search; the graph is complete.
  GraphSearch(const PatternSet::Compiled& set, const SearchGraph& graph);
  ~GraphSearch();
  GraphSearch(const GraphSearch&) = delete;
  GraphSearch& operator=(const GraphSearch&) = delete;

  /// False only when the pattern cannot match: the molecule lacks one of its bonds, or atoms.
  bool may_match(const CompiledPattern& pattern);
  bool matches(const CompiledPattern& pattern);
  /// Whether the pattern matches with its first atom here.
  bool matches_at(const CompiledPattern& pattern, int atom);
  std::vector<int> first_atoms(const CompiledPattern& pattern);
  /// The matches with the pattern's first atom here, symmetric ones included: atoms in the order of the
  /// pattern. Not more than `most`.
  std::vector<std::vector<int>> matches_from(const CompiledPattern& pattern, int atom, std::size_t most);
  /// The first pattern of the set that matches with its first atom here.
  std::optional<std::size_t> first_match_at(int atom);

  /// Calls `stop(atoms)` for every match, atoms in the order of the plan, symmetric matches included, until
  /// it returns true.
  template <typename Stop>
  void for_each_match(const CompiledPattern& pattern, const Stop& stop) {
    if (!may_match(pattern)) return;
    const auto& steps = pattern.plan.steps;
    const std::size_t base = begin(steps.size());
    extend(steps, base, 0, [&] {
      const auto first = memory_->assigned.begin() + static_cast<std::ptrdiff_t>(base);
      return stop(std::vector<int>(first, first + static_cast<std::ptrdiff_t>(steps.size())));
    });
    memory_->assigned.resize(base);
  }

 private:
  using Steps = std::vector<SearchPlan::Step>;

  int atom_row(TraitWord word);
  int bond_row(int row_a, int row_b, BondForm form);
  void read_molecule();
  int passing(int test);
  bool fits(int test, int atom);
  bool recursion_holds(int recursion, int atom);
  bool closes(const Steps& steps, std::size_t base, std::size_t step, int atom) const;

  /// Room for one more search on the stack; gives its place.
  std::size_t begin(std::size_t steps) {
    const std::size_t base = memory_->assigned.size();
    memory_->assigned.resize(base + steps);
    return base;
  }

  /// Assigns the steps from `step` on, `done` at each full assignment until it returns true.
  template <typename Done>
  bool extend(const Steps& steps, std::size_t base, std::size_t step, const Done& done) {
    if (step == steps.size()) return done();
    const auto& s = steps[step];
    const auto attempt = [&](int atom) {
      for (std::size_t i = 0; i < step; ++i)
        if (memory_->assigned[base + i] == atom) return false;
      if (!closes(steps, base, step, atom) || !fits(s.test, atom)) return false;
      memory_->assigned[base + step] = atom;
      return extend(steps, base, step + 1, done);
    };
    if (s.from < 0) {
      for (int atom = 0; atom < graph_.atom_count(); ++atom)
        if (attempt(atom)) return true;
      return false;
    }
    const auto from = static_cast<std::size_t>(memory_->assigned[base + static_cast<std::size_t>(s.from)]);
    for (int i = graph_.first[from]; i < graph_.first[from + 1]; ++i) {
      const auto& neighbour = graph_.neighbours[static_cast<std::size_t>(i)];
      if (s.forms >> neighbour.form & 1 && attempt(neighbour.atom)) return true;
    }
    return false;
  }

  const PatternSet::Compiled& set_;
  const SearchGraph& graph_;
  std::unique_ptr<SearchMemory> memory_;
};

}  // namespace theriac::chem
