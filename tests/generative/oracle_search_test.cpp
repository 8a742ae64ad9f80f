#include "generative/oracle_search.hpp"

#include <tbb/global_control.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"
#include "generative/proposer_choice.hpp"

using theriac::chem::Molecule;
using namespace theriac::generative;

namespace {

std::vector<Molecule> alkanes() {
  return {Molecule::from_smiles("CCCCCCCC"), Molecule::from_smiles("CCCCCCCCC"),
          Molecule::from_smiles("CCO")};
}

/// Best is a molecule of ten heavy atoms.
double ten_atoms(const Molecule& molecule) {
  const double missing = molecule.heavy_atom_count() - 10.0;
  return 1 / (1 + missing * missing);
}

/// Proposes the same three molecules for ever, and remembers what it was told.
class Parrot : public Proposer {
 public:
  std::vector<Candidate> propose(int, int) override {
    std::vector<Candidate> out;
    for (const auto& molecule : alkanes()) out.push_back({molecule, "start"});
    return out;
  }
  void recall(const std::vector<std::string>&) override {}
  void forget(const std::vector<std::string>&) override {}
  void learn(const std::vector<Lesson>& lessons) override { told += lessons.size(); }
  std::vector<std::string> remarks() override { return {"I know three molecules"}; }
  std::size_t told = 0;
};

SearchResult evolve(const std::string& proposer, int calls, std::uint64_t seed) {
  const auto made = proposer_kind(proposer).make({alkanes(), seed});
  SearchOptions options;
  options.calls = calls;
  options.batch = 20;
  return search(*made, ten_atoms, options);
}

}  // namespace

TEST_CASE("a molecule is scored once, and its proposer is told again what it was worth") {
  Parrot parrot;
  std::atomic<int> asked{0};
  SearchOptions options;
  options.calls = 50;
  const auto result = search(
      parrot,
      [&](const Molecule& molecule) {
        ++asked;
        return ten_atoms(molecule);
      },
      options);
  CHECK(asked == 3);
  CHECK(result.evaluations.size() == 3);
  CHECK(result.end == SearchEnd::ran_dry);
  CHECK(parrot.told == 3 * 21);
  REQUIRE(result.remarks.size() == 21);
  CHECK(result.remarks.front() == "after 3 calls: I know three molecules");
}

TEST_CASE("the budget is kept to the molecule") {
  Parrot parrot;
  SearchOptions options;
  options.calls = 2;
  const auto result = search(parrot, ten_atoms, options);
  CHECK(result.evaluations.size() == 2);
  CHECK(result.end == SearchEnd::budget_spent);
  options.calls = 0;
  CHECK_THROWS_AS(search(parrot, ten_atoms, options), theriac::UsageError);
}

TEST_CASE(
    "every proposer without weights spends its budget on distinct molecules, and better ones than it started "
    "from") {
  for (const auto& kind : proposer_kinds()) {
    if (kind.learned || kind.of_peptides) continue;  // genetic_gfn_test.cpp, peptide_proposer_test.cpp
    INFO(kind.name);
    const auto result = evolve(kind.name, 200, 1);
    CHECK(result.evaluations.size() == 200);
    std::set<std::string> distinct;
    int perfect = 0;
    for (const auto& evaluation : result.evaluations) {
      distinct.insert(evaluation.smiles);
      perfect += evaluation.score == 1;
    }
    CHECK(distinct.size() == 200);
    CHECK(perfect > 20);
  }
}

TEST_CASE("a search is a function of its seed, not of the number of threads") {
  std::vector<SearchResult> results;
  for (const int threads : {1, 2}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    results.push_back(evolve("graph-evolution", 150, 7));
  }
  REQUIRE(results[0].evaluations.size() == results[1].evaluations.size());
  for (std::size_t i = 0; i < results[0].evaluations.size(); ++i)
    CHECK(results[0].evaluations[i].smiles == results[1].evaluations[i].smiles);
  CHECK(evolve("graph-evolution", 150, 8).evaluations.back().smiles != results[0].evaluations.back().smiles);
}

TEST_CASE("a search ends when nothing can improve, and when it is told to stop") {
  const auto made = proposer_kind("graph-evolution").make({alkanes(), 1});
  SearchOptions options;
  options.satisfied_count = 3;
  const auto one = search(
      *made, [](const Molecule&) { return 1.0; }, options);
  CHECK(one.end == SearchEnd::satisfied);
  CHECK(one.evaluations.size() == 3);
  const std::atomic<bool> stop{true};
  options.stop = theriac::chem::StopToken(&stop);
  CHECK(search(*made, ten_atoms, options).end == SearchEnd::stopped);
}

TEST_CASE("an unknown proposer is met with the nearest name") {
  CHECK_THROWS_WITH(proposer_kind("graph-evolutoin"),
                    Catch::Matchers::Contains("did you mean 'graph-evolution'?"));
}
