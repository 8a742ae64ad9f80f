// The proposer that thinks before it asks: it finds more with the same number of calls, and repeats itself.
#include "generative/surrogate_screen.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>

#include "chem/fingerprint.hpp"
#include "generative/graph_evolution.hpp"
#include "generative/oracle_search.hpp"
#include "generative/proposer_choice.hpp"

using theriac::chem::Molecule;
using namespace theriac;
using namespace theriac::generative;

namespace {

std::vector<Molecule> start() {
  std::vector<Molecule> out;
  std::ifstream file(THERIAC_STARTER_MOLECULES);
  for (std::string line; std::getline(file, line) && out.size() < 40;)
    if (!line.empty() && line[0] != '#')
      out.push_back(Molecule::from_smiles(line.substr(0, line.find_first_of(" \t"))));
  return out;
}

/// Likeness to imatinib.
double likeness(const Molecule& molecule) {
  static const auto goal = chem::morgan_fingerprint(
      Molecule::from_smiles("Cc1ccc(cc1Nc1nccc(n1)-c1cccnc1)NC(=O)c1ccc(cc1)CN1CCN(C)CC1"));
  return chem::tanimoto(goal, chem::morgan_fingerprint(molecule));
}

std::unique_ptr<GraphEvolution> evolution(std::uint64_t seed = 1) {
  EvolutionOptions options;
  options.seed = seed;
  options.per_bucket = 0;
  return std::make_unique<GraphEvolution>(start(), options);
}

std::vector<std::string> smiles_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> out;
  for (const auto& c : candidates) out.push_back(c.molecule.smiles());
  return out;
}

std::vector<Lesson> lessons_of(const std::vector<Candidate>& candidates) {
  std::vector<Lesson> out;
  for (const auto& c : candidates) out.push_back({c.molecule.smiles(), likeness(c.molecule), {}});
  return out;
}

/// Evolution that writes down what is asked of it.
class Witness : public Proposer {
 public:
  std::vector<Candidate> propose(int n, int round) override {
    asked.push_back(n);
    given = evolution_->propose(n, round);
    return given;
  }
  void recall(const std::vector<std::string>& smiles) override { evolution_->recall(smiles); }
  void forget(const std::vector<std::string>& smiles) override {
    forgotten = smiles;
    evolution_->forget(smiles);
  }
  void learn(const std::vector<Lesson>& lessons) override { evolution_->learn(lessons); }
  void objectives_changed() override { ++changes; }
  std::vector<std::string> remarks() override { return {"so it is"}; }

  std::vector<int> asked;
  std::vector<Candidate> given;
  std::vector<std::string> forgotten;
  int changes = 0;

 private:
  std::unique_ptr<GraphEvolution> evolution_ = evolution();
};

double best_ten(Proposer& proposer) {
  SearchOptions options;
  options.calls = 400;
  options.batch = 40;
  auto scores = search(proposer, likeness, options).scores();
  std::sort(scores.begin(), scores.end(), std::greater<>());
  double sum = 0;
  for (std::size_t i = 0; i < 10; ++i) sum += scores[i] / 10;
  return sum;
}

}  // namespace

TEST_CASE("with the same number of calls it comes nearer than the proposer whose ideas it judges") {
  double plain = 0, screened = 0;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    plain += best_ten(*evolution(seed)) / 2;
    SurrogateScreen screen(evolution(seed));
    screened += best_ten(screen) / 2;
  }
  CHECK(screened > plain + 0.03);
}

TEST_CASE("it asks for several ideas each, gives the likelier ones, and hands the others back") {
  auto owned = std::make_unique<Witness>();
  Witness& witness = *owned;
  SurrogateScreenOptions options;
  options.ideas_each = 5;
  options.unscreened = 0.2;
  SurrogateScreen screen(std::move(owned), options);
  screen.learn(lessons_of(screen.propose(10, 0)));
  CHECK(screen.remarks() == std::vector<std::string>{"so it is"});
  double taken_worth = 0, passed_worth = 0;
  for (int round = 1; round <= 8; ++round) {
    const auto taken = screen.propose(20, round);
    CHECK(witness.asked.back() == 100);
    REQUIRE(taken.size() == 20);
    REQUIRE(witness.given.size() == 100);
    CHECK(witness.forgotten.size() == 80);
    // a fifth of the places is for the first ideas, whatever they promise
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(taken[i].molecule.smiles() == witness.given[i].molecule.smiles());
    std::set<std::string> parts(witness.forgotten.begin(), witness.forgotten.end());
    for (const auto& smiles : smiles_of(taken)) CHECK(parts.insert(smiles).second);
    CHECK(parts.size() == 100);
    for (std::size_t i = 4; i < 20; ++i) taken_worth += likeness(taken[i].molecule) / 16;
    for (const auto& smiles : witness.forgotten) passed_worth += likeness(Molecule::from_smiles(smiles)) / 80;
    screen.learn(lessons_of(taken));
  }
  CHECK(taken_worth > 1.1 * passed_worth);
  screen.objectives_changed();
  CHECK(witness.changes == 1);
  screen.propose(20, 9);  // what was learnt is void: nothing is predicted
  CHECK(witness.asked.back() == 20);
}

TEST_CASE("what it proposes is a function of what it was told, also for one that only recalls") {
  SurrogateScreen whole(evolution());
  std::vector<std::vector<Candidate>> rounds;
  std::set<std::string> all;
  for (int round = 0; round <= 6; ++round) {
    rounds.push_back(whole.propose(30, round));
    for (const auto& smiles : smiles_of(rounds.back())) CHECK(all.insert(smiles).second);
    whole.learn(lessons_of(rounds.back()));
  }
  SurrogateScreen continued(evolution());
  for (int round = 0; round <= 4; ++round)
    continued.recall(smiles_of(rounds[static_cast<std::size_t>(round)]));
  for (int round = 0; round <= 4; ++round)
    continued.learn(lessons_of(rounds[static_cast<std::size_t>(round)]));
  for (int round = 5; round <= 6; ++round) {
    const auto& earlier = rounds[static_cast<std::size_t>(round)];
    CHECK(smiles_of(continued.propose(30, round)) == smiles_of(earlier));
    continued.learn(lessons_of(earlier));
  }
}
