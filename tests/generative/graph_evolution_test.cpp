#include "generative/graph_evolution.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecular_graph.hpp"

using Catch::Matchers::Equals;
using theriac::chem::Molecule;
using namespace theriac::generative;

namespace {

std::vector<Molecule> seeds() {
  std::vector<Molecule> out;
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F",
        "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "Nc1ncnc2[nH]cnc12", "COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC",
        "O=C(c1ccccc1)N1CCOCC1", "c1ccc(cc1)N1CCNCC1"})
    out.push_back(Molecule::from_smiles(smiles));
  return out;
}

std::vector<std::string> smiles_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> out;
  for (const Candidate& c : candidates) out.push_back(c.molecule.smiles());
  return out;
}

/// Evolves towards a target molecule by Morgan similarity; returns everything proposed, in order.
std::vector<std::string> evolve(int rounds, std::uint64_t seed, double* best = nullptr) {
  EvolutionOptions options;
  options.seed = seed;
  options.per_bucket = 0;
  GraphEvolution evolution(seeds(), options);
  const auto target =
      theriac::chem::morgan_counts(Molecule::from_smiles("CN1CCN(CC1)C(=O)c1ccc(Nc2ncccn2)cc1"));
  std::vector<std::string> all;
  for (int round = 0; round <= rounds; ++round) {
    const auto candidates = evolution.propose(64, round);
    std::vector<Lesson> lessons;
    for (const auto& c : candidates) {
      const double fitness = theriac::chem::tanimoto(theriac::chem::morgan_counts(c.molecule), target);
      lessons.push_back({c.molecule.smiles(), fitness, {}});
      all.push_back(c.molecule.smiles());
      if (best) *best = std::max(*best, fitness);
    }
    evolution.learn(lessons);
  }
  return all;
}

}  // namespace

TEST_CASE("round 0 gives the starting molecules") {
  GraphEvolution evolution(seeds(), {});
  const auto start = evolution.propose(3, 0);
  REQUIRE(start.size() == seeds().size());
  for (std::size_t i = 0; i < start.size(); ++i) {
    CHECK(start[i].molecule.smiles() == seeds()[i].smiles());
    CHECK(start[i].origin == "start");
  }
}

TEST_CASE("candidates are distinct, new and plausible") {
  EvolutionOptions options;
  options.plausibility.max_heavy_atoms = 30;
  GraphEvolution evolution(seeds(), options);
  std::set<std::string> seen;
  for (const auto& s : seeds()) seen.insert(s.smiles());
  for (int round = 1; round <= 3; ++round) {
    const auto candidates = evolution.propose(100, round);
    REQUIRE(candidates.size() == 100);
    for (const auto& c : candidates) {
      INFO(c.molecule.smiles() << " by " << c.origin);
      CHECK(seen.insert(c.molecule.smiles()).second);
      CHECK(implausible_feature(theriac::chem::molecular_graph(c.molecule), options.plausibility).empty());
    }
  }
}

TEST_CASE("the same seed gives the same molecules on any number of threads") {
  std::vector<std::string> one, two;
  {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    one = evolve(4, 5);
  }
  two = evolve(4, 5);
  CHECK(one == two);
  CHECK(evolve(4, 6) != two);
}

TEST_CASE("evolution told again what it learnt goes on as if never interrupted") {
  GraphEvolution first(seeds(), {});
  std::vector<std::vector<Lesson>> told;
  std::vector<std::vector<std::string>> given;
  for (int round = 0; round < 4; ++round) {
    const auto candidates = first.propose(30, round);
    given.push_back(smiles_of(candidates));
    std::vector<Lesson> lessons;
    for (const auto& c : candidates)
      lessons.push_back({c.molecule.smiles(), 1.0 / (1.0 + c.molecule.heavy_atom_count()), "a"});
    told.push_back(lessons);
    if (round > 0) first.learn(told[static_cast<std::size_t>(round) - 1]);  // one round late
  }
  GraphEvolution second(seeds(), {});
  for (const auto& smiles : given) second.recall(smiles);
  for (std::size_t round = 0; round + 1 < told.size(); ++round) second.learn(told[round]);
  CHECK(first.breeders() == second.breeders());
  CHECK(smiles_of(first.propose(30, 4)) == smiles_of(second.propose(30, 4)));
}

TEST_CASE("evolution approaches a target") {
  double start = 0, best = 0;
  evolve(0, 1, &start);
  evolve(15, 1, &best);
  CHECK(start < 0.45);
  CHECK(best > start + 0.25);
}

TEST_CASE("a scaffold keeps only its share of the breeders") {
  EvolutionOptions options;
  options.per_bucket = 2;
  GraphEvolution evolution(seeds(), options);
  evolution.learn(
      {{"CCCCO", 0.9, "a"}, {"CCCCN", 0.8, "a"}, {"CCCCF", 0.7, "a"}, {"CCCCC", 0.1, "b"}, {"CCC", 0, "b"}});
  CHECK(evolution.breeders() == std::vector<std::string>{"CCCCO", "CCCCN", "CCCCC"});
}

TEST_CASE("a start that cannot evolve is refused") {
  CHECK_THROWS_WITH(GraphEvolution({}, {}), Equals("evolution needs at least one molecule to start from"));
  CHECK_THROWS_WITH(GraphEvolution({Molecule::from_smiles("C[Se]C")}, {}),
                    Equals("none of the 1 starting molecules can be edited as a graph"));
}

TEST_CASE("a start with nothing to vary runs dry instead of looping for ever") {
  EvolutionOptions options;
  options.plausibility.min_heavy_atoms = 1;
  options.plausibility.max_heavy_atoms = 2;
  GraphEvolution evolution({Molecule::from_smiles("CC")}, options);
  CHECK(evolution.propose(1000, 1).size() < 50);
}
