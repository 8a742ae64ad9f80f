// Substructure search with SMARTS patterns, compiled once and used by many threads.
//
// For many patterns at once see `pattern_set.hpp`, which also does the work here. The answers are RDKit's.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// How a molecule shows its hydrogens to a pattern.
enum class Hydrogens {
  implicit,   ///< as counts of the heavy atoms: what SMARTS expects
  all_atoms,  ///< every hydrogen an atom: for patterns that name [H], as the PAINS originals do
};

/// A molecule prepared for many searches.
class SubstructureTarget {
 public:
  explicit SubstructureTarget(const Molecule& molecule, Hydrogens hydrogens = Hydrogens::implicit);

  struct Prepared;  ///< for code inside `chem`
  const Prepared& prepared() const { return *prepared_; }

 private:
  std::shared_ptr<const Prepared> prepared_;
};

class SubstructurePattern {
 public:
  /// Throws UsageError with RDKit's reason when `smarts` is not valid.
  explicit SubstructurePattern(const std::string& smarts);

  const std::string& smarts() const { return smarts_; }
  bool matches(const SubstructureTarget& target) const;
  bool matches(const Molecule& molecule) const { return matches(SubstructureTarget(molecule)); }
  /// Matches on different sets of atoms, at most 1000.
  int count(const SubstructureTarget& target) const;
  int count(const Molecule& molecule) const { return count(SubstructureTarget(molecule)); }
  /// Atoms that the pattern's first atom matches, rising; of at most 1000 matches.
  std::vector<int> first_atoms(const SubstructureTarget& target) const;
  /// Atoms of each match in the order of the pattern's atoms, symmetric matches included; at most 1000.
  std::vector<std::vector<int>> occurrences(const SubstructureTarget& target) const;

  struct Compiled;  ///< for code inside `chem`
  const Compiled& compiled() const { return *compiled_; }

 private:
  std::string smarts_;
  std::shared_ptr<const Compiled> compiled_;
};

/// Rings (smallest set of smallest rings) left when these atoms are deleted.
int rings_without(const SubstructureTarget& target, const std::vector<int>& atoms);

/// Groups that a project forbids or insists on.
class SubstructureFilter {
 public:
  /// Lists of SMARTS. Throws UsageError for an invalid one.
  SubstructureFilter(const std::vector<std::string>& forbid, const std::vector<std::string>& require);

  /// "contains the forbidden 'C(=O)Cl'" or "lacks the required 'c1ccccc1'"; empty when the molecule passes.
  std::string first_violation(const Molecule& molecule) const;

 private:
  std::vector<SubstructurePattern> forbidden_, required_;
};

}  // namespace theriac::chem
