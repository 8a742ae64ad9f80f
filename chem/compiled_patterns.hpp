// What is behind PatternSet: patterns as plans for a backtracking search, with numbered tests and features.
// Inside `chem`.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "chem/atom_test.hpp"
#include "chem/pattern_set.hpp"
#include "chem/search_graph.hpp"

namespace theriac::chem {

/// The order in which the atoms of a pattern are looked for.
struct SearchPlan {
  struct Closure {
    int step;  ///< an earlier one, bonded to this
    BondForms forms;
  };
  struct Step {
    int atom;  ///< of the pattern
    int test;
    int from;         ///< the earlier step whose neighbour this is; -1: any atom
    BondForms forms;  ///< of the bond to it
    std::vector<Closure> closures;
  };
  std::vector<Step> steps;
};

struct CompiledPattern {
  std::shared_ptr<const RDKit::ROMol> query;
  bool understood = false;  ///< when not, RDKit searches and all below is empty
  SearchPlan plan;          ///< from the rarest atom
  SearchPlan plan_from_first;
  std::vector<int> features;  ///< bonds that the molecule must have, rarest first
  struct Count {
    int test, at_least;
  };
  std::vector<Count> counts;  ///< of atoms that must pass
};

/// A bond of patterns: its forms and the tests of its ends.
struct BondFeature {
  int test_a, test_b;
  BondForms forms;
};

/// Rows of bits.
struct BitRows {
  std::size_t words = 0;
  std::vector<std::uint64_t> bits;

  const std::uint64_t* row(std::size_t i) const { return bits.data() + i * words; }
  std::uint64_t* row(std::size_t i) { return bits.data() + i * words; }
  std::size_t add() {
    bits.resize(bits.size() + words, 0);
    return bits.size() / words - 1;
  }
};

inline bool bit(const std::uint64_t* row, int i) {
  return row[i >> 6] >> (i & 63) & 1;
}

/// Answers of the kinds of atoms and bonds met so far, and room for one search. One thread at a time.
struct SearchMemory {
  std::unordered_map<TraitWord, int> atom_rows;
  std::unordered_map<std::uint64_t, int> bond_rows;  ///< by rows of the ends and form
  BitRows possible, certain;                         ///< per kind of atom: tests not failed, tests passed
  BitRows features;                                  ///< per kind of bond

  std::vector<int> row_of_atom;         ///< of the molecule
  std::vector<std::uint64_t> found;     ///< features of the molecule
  std::vector<int> passing;             ///< per test: atoms of the molecule that may pass; -1: not counted
  std::vector<std::uint8_t> recursion;  ///< per pattern inside $(...) and atom: 0 not asked, 1 no, 2 yes
  std::vector<int> assigned;            ///< stack of searches inside searches
};

struct PatternSet::Compiled {
  std::vector<CompiledPattern> patterns;
  std::vector<CompiledPattern> recursions;  ///< the distinct ones inside $(...)
  std::vector<AtomTest> tests;
  std::vector<BondFeature> features;

  std::unique_ptr<SearchMemory> memory() const;         ///< an idle one, or a new one
  void give_back(std::unique_ptr<SearchMemory>) const;  ///< keeps what has been learnt
  Verdict verdict(int test, const AtomTraits& traits) const;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<SearchMemory>> idle_;
};

/// Reads the queries; the compiled set owns them.
std::unique_ptr<PatternSet::Compiled> compiled_patterns(
    std::vector<std::shared_ptr<const RDKit::ROMol>> queries);

}  // namespace theriac::chem
