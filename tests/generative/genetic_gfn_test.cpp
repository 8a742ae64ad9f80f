// The learned proposer: it learns, repeats itself from the same lessons, and notices when it has collapsed.
#include "generative/genetic_gfn.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "chem/error.hpp"
#include "generative/oracle_search.hpp"
#include "generative/proposer_choice.hpp"
#include "generative/replay_memory.hpp"
#include "tests/generative/policy_fixtures.hpp"

using namespace theriac;
using namespace theriac::generative;
using Catch::Matchers::Contains;

namespace {

std::shared_ptr<const GraphPolicy> prior() {
  static const auto policy = std::make_shared<const GraphPolicy>(small_policy());
  return policy;
}

GeneticGfnOptions options(std::uint64_t seed = 1) {
  GeneticGfnOptions o;
  o.rate = 3e-3;
  o.replay = 32;
  o.replays_each = 6.4;
  o.evolution.rules = ChildRules::valid;
  o.evolution.per_bucket = 0;
  o.evolution.plausibility.max_heavy_atoms = 30;
  o.evolution.seed = seed;
  return o;
}

std::vector<chem::Molecule> start() {
  return {chem::Molecule::from_smiles("CCCCO"), chem::Molecule::from_smiles("c1ccccc1CN")};
}

/// Best is a molecule of twelve heavy atoms without a ring.
double wish(const chem::Molecule& molecule) {
  const double missing = molecule.heavy_atom_count() - 12.0;
  const bool ring = molecule.smiles().find('1') != std::string::npos;
  return std::exp(-missing * missing / 20) * (ring ? 0.3 : 1.0);
}

std::vector<Lesson> lessons_of(const std::vector<Candidate>& candidates) {
  std::vector<Lesson> out;
  for (const auto& c : candidates) out.push_back({c.molecule.smiles(), wish(c.molecule), {}});
  return out;
}

std::vector<std::string> smiles_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> out;
  for (const auto& c : candidates) out.push_back(c.molecule.smiles());
  return out;
}

double learned_mean(const std::vector<Candidate>& candidates) {
  double sum = 0, n = 0;
  for (const auto& c : candidates)
    if (c.origin == "generator") sum += wish(c.molecule), ++n;
  return sum / n;
}

}  // namespace

TEST_CASE("the generator comes to draw what was worth something") {
  GeneticGfn proposer(start(), prior(), options());
  proposer.learn(lessons_of(proposer.propose(40, 0)));
  const double first = learned_mean(proposer.propose(100, 1));
  std::set<std::string> all;
  double last = 0;
  for (int round = 2; round <= 12; ++round) {
    const auto candidates = proposer.propose(60, round);
    for (const auto& smiles : smiles_of(candidates)) CHECK(all.insert(smiles).second);
    for (const auto& c : candidates) CHECK(std::isnan(c.log_likelihood) == (c.origin != "generator"));
    last = learned_mean(candidates);
    proposer.learn(lessons_of(candidates));
  }
  CHECK(last > first + 0.1);
}

TEST_CASE("the same lessons give the same candidates, also to one that was only told of them") {
  GeneticGfn one(start(), prior(), options());
  std::vector<std::vector<Lesson>> told;
  std::vector<std::string> proposed;
  for (int round = 0; round < 4; ++round) {
    const auto candidates = one.propose(30, round);
    for (const auto& smiles : smiles_of(candidates)) proposed.push_back(smiles);
    told.push_back(lessons_of(candidates));
    one.learn(told.back());
  }
  GeneticGfn other(start(), prior(), options());
  other.recall(proposed);
  for (const auto& lessons : told) other.learn(lessons);
  const auto next = one.propose(30, 4);
  CHECK(smiles_of(other.propose(30, 4)) == smiles_of(next));
  GeneticGfn third(start(), prior(), options(2));
  third.recall(proposed);
  for (const auto& lessons : told) third.learn(lessons);
  CHECK(smiles_of(third.propose(30, 4)) != smiles_of(next));
}

TEST_CASE("a molecule larger than may be proposed is remembered but not replayed") {
  auto o = options();
  o.evolution.plausibility.max_heavy_atoms = 8;
  const std::string large = "CCCCCCCCCCCCO", small = "CCCCO";
  GeneticGfn proposer({chem::Molecule::from_smiles(large), chem::Molecule::from_smiles(small)}, prior(), o);
  proposer.propose(2, 0);
  CHECK_NOTHROW(proposer.learn({{large, 0.9, {}}, {small, 0.5, {}}}));
  // a cage of as many atoms as are allowed: in some orders its last atoms are not legal
  o.evolution.plausibility.max_heavy_atoms = 30;
  const std::string cage = "O=S123C4=C1S215(n2cnc(OCc6nnc7n6-c6ccccc6C=NC7)n2)C=C1C3C45";
  GeneticGfn close({chem::Molecule::from_smiles(cage)}, prior(), o);
  close.propose(1, 0);
  for (int i = 0; i < 10; ++i) CHECK_NOTHROW(close.learn({{cage, 0.9, {}}}));
  for (const auto& candidate : proposer.propose(20, 1)) CHECK(candidate.molecule.heavy_atom_count() <= 8);
}

TEST_CASE("objectives that change are no collapse") {
  auto o = options();
  o.least_diversity = 1.1;  // whatever brings no gain for three rounds counts as collapsed
  o.patience = 3;
  for (const bool said : {true, false}) {
    GeneticGfn proposer(start(), prior(), o);
    auto told = lessons_of(proposer.propose(2, 0));
    proposer.learn(told);
    std::vector<std::string> remarks;
    for (int round = 1; round <= 4; ++round) {  // from the second on everything is worth a tenth
      if (round == 2 && said) proposer.objectives_changed();
      auto lessons = lessons_of(proposer.propose(24, round));
      for (Lesson& lesson : lessons) lesson.fitness *= round >= 2 ? 0.1 : 1;
      if (round == 2)
        for (const Lesson& lesson : told) lessons.push_back({lesson.smiles, 0, {}});
      proposer.learn(lessons);
      if (round == 1) told.insert(told.end(), lessons.begin(), lessons.end());
      for (const std::string& remark : proposer.remarks()) remarks.push_back(remark);
    }
    CHECK(remarks.empty() == said);
  }
}

TEST_CASE("a collapse is noticed, told and answered") {
  auto o = options();
  o.patience = 3;
  o.kept_per_bucket = 2;
  GeneticGfn proposer(start(), prior(), o);
  std::vector<Lesson> alike;
  for (const std::string tail : {"C", "CC", "CCC", "CCCC", "CCCCC", "CCCCCC", "CCCCCCC", "CCCCCCCC",
                                 "CCCCCCCCC", "CCCCCCCCCC", "CCCCCCCCCCC", "CCCCCCCCCCCC"})
    alike.push_back({"CCCCCCCC" + tail, 0.5, "no rings"});
  std::vector<std::string> remarks;
  for (int round = 0; round < 5; ++round) {
    proposer.learn(alike);
    for (auto& remark : proposer.remarks()) remarks.push_back(remark);
  }
  REQUIRE(remarks.size() == 1);
  CHECK_THAT(remarks.front(), Contains("had collapsed") && Contains("keeps the 2 best of each series"));
  CHECK(proposer.remarks().empty());
  // Right after starting over the policy is the prior again.
  GeneticGfn fresh(start(), prior(), o);
  for (int round = 0; round < 4; ++round) fresh.learn(alike);
  REQUIRE(fresh.remarks().size() == 1);
  const GenerationPlan plan(starter_vocabulary(), 30);
  const auto a = fresh.policy().sample(plan, 0, 20), b = prior()->sample(plan, 0, 20);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].actions == b[i].actions);
}

TEST_CASE("without molecules to start from the prior gives them, and without a generator there is an error") {
  GeneticGfn proposer({}, prior(), options());
  CHECK(proposer.propose(10, 0).size() == 64);
  CHECK_THROWS_AS(proposer_kind("genetic-gfn").make({start(), 1}), UsageError);
  const auto made = proposer_kind("genetic-gfn").make({start(), 1, {}, prior});
  SearchOptions search_options;
  search_options.calls = 60;
  search_options.batch = 30;
  CHECK(search(*made, wish, search_options).evaluations.size() == 60);
}

TEST_CASE("the memory keeps the best, few of a bucket, and draws the better more often") {
  ReplayMemory memory(starter_vocabulary(), 3, 2);
  memory.learn(
      {{"CCO", 0.1, "a"}, {"CCCO", 0.4, "a"}, {"CCCCO", 0.3, "a"}, {"CCN", 0.2, "b"}, {"CCC", 0, "c"}});
  const auto names = [&] {
    std::vector<std::string> out;
    for (const auto& entry : memory.entries()) out.push_back(entry.smiles);
    return out;
  };
  CHECK(names() == std::vector<std::string>{"CCCO", "CCCCO", "CCN"});
  memory.learn({{"CCCO", 0.05, "a"}, {"[Xe]", 0.9, "d"}});  // worth less now; no place in the vocabulary
  CHECK(names() == std::vector<std::string>{"CCCCO", "CCN", "CCCO"});
  chem::CounterRandom random(1, "", "draws");
  std::map<std::string, int> drawn;
  for (const auto* entry : memory.draw(3000, 0.01, random)) ++drawn[entry->smiles];
  CHECK(drawn["CCCCO"] > drawn["CCN"]);
  CHECK(drawn["CCN"] > drawn["CCCO"]);
  CHECK(drawn["CCCO"] > 100);
  memory.thin(1);
  CHECK(names() == std::vector<std::string>{"CCCCO", "CCN"});
}
