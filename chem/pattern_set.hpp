// Many SMARTS patterns searched in one molecule at once.
//
// Patterns share what they ask: every distinct atom test of the set has a number, and so has every distinct
// bond with its two ends. What a kind of atom answers to all tests, and a kind of bond to all bonds, is
// looked up; it is computed once for each kind met, not for each molecule. A pattern is searched only in
// molecules that have all of its bonds, and a pattern inside $(...) is asked at most once for each atom,
// however many patterns use it. The answers are those of RDKit's SubstructMatch, which also does the search
// where a pattern asks for something that this reading does not know (chirality never counts).
//
//     PatternSearch search(patterns, SubstructureTarget(molecule));
//     for (std::size_t i = 0; i < patterns.size(); ++i)
//       if (search.matches(i)) ...
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "chem/substructure.hpp"

namespace theriac::chem {

/// Patterns, compiled; used by many threads.
class PatternSet {
 public:
  /// Throws UsageError with RDKit's reason when one is not a valid SMARTS.
  explicit PatternSet(const std::vector<std::string>& smarts);
  /// Patterns compiled by RDKit. Inside `chem`.
  static PatternSet of(std::vector<std::shared_ptr<const RDKit::ROMol>> queries);
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  std::size_t size() const;

  struct Compiled;  ///< for code inside `chem`
  const Compiled& compiled() const { return *compiled_; }

 private:
  explicit PatternSet(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

/// The search in one molecule, by one thread. The set outlives it.
class PatternSearch {
 public:
  PatternSearch(const PatternSet& patterns, const SubstructureTarget& target);
  ~PatternSearch();
  PatternSearch(const PatternSearch&) = delete;
  PatternSearch& operator=(const PatternSearch&) = delete;

  /// False only when the pattern cannot match, told without searching.
  bool may_match(std::size_t pattern) const;
  bool matches(std::size_t pattern);
  /// Patterns that match.
  int matching();
  /// Sets of atoms that the pattern matches, each rising, in rising order; at most 1000, and those of the
  /// first 10,000 matches.
  std::vector<std::vector<int>> atom_sets(std::size_t pattern);
  /// How many of them.
  int count(std::size_t pattern);
  /// Atoms that the pattern's first atom can match, rising.
  std::vector<int> first_atoms(std::size_t pattern);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace theriac::chem
