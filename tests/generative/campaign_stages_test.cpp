// Campaigns with stages: cheap objectives first, docking when that pays.
#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "datasets/gzip.hpp"
#include "generative/campaign.hpp"
#include "generative/campaign_results.hpp"
#include "generative/graph_evolution.hpp"
#include "tests/generative/campaign_fixtures.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using namespace theriac;
using namespace theriac::generative;

namespace {

/// Graph evolution that writes down what it is told of each molecule at first in each stage.
class Listener : public Proposer {
 public:
  Listener(const EvolutionOptions& options, std::vector<std::map<std::string, double>>& heard)
      : evolution_(start(), options), heard_(heard) {}
  std::vector<Candidate> propose(int n, int round) override { return evolution_.propose(n, round); }
  void recall(const std::vector<std::string>& smiles) override { evolution_.recall(smiles); }
  void forget(const std::vector<std::string>& smiles) override { evolution_.forget(smiles); }
  void learn(const std::vector<Lesson>& lessons) override {
    evolution_.learn(lessons);
    for (const Lesson& lesson : lessons) heard_.back().emplace(lesson.smiles, lesson.fitness);
  }
  void objectives_changed() override { heard_.emplace_back(); }

 private:
  GraphEvolution evolution_;
  std::vector<std::map<std::string, double>>& heard_;
};

}  // namespace

TEST_CASE("one stage that says nothing of its own is the campaign without stages") {
  auto s = settings();
  const Folder plain("plain"), staged("staged");
  run_in(plain, s);
  StageSettings all;
  all.name = "all";
  all.objectives = {"docking", "qed"};
  all.filter = s.filter;
  all.per_round = s.per_round;
  all.rounds = s.stop.rounds;
  all.rounds_without_gain = s.stop.rounds_without_gain;
  s.stages = {all};
  run_in(staged, s);
  for (const char* file : {"results.csv", "rounds.csv"}) {
    auto with = datasets::read_csv(staged.text(file));
    const auto without = datasets::read_csv(plain.text(file));
    REQUIRE(with.size() == without.size());
    for (const char* name : {"stage", "scored"}) {
      const auto at = std::find(with[0].begin(), with[0].end(), name) - with[0].begin();
      if (at == static_cast<std::ptrdiff_t>(with[0].size())) continue;
      CHECK(with[1][static_cast<std::size_t>(at)] == (name == std::string("stage") ? "all" : "0"));
      for (auto& row : with) row.erase(row.begin() + at);
    }
    INFO(file);
    CHECK(with == without);
  }
  CHECK(plain.text("poses.sdf.gz") == staged.text("poses.sdf.gz"));
}

TEST_CASE("stages follow one another: cheap objectives first, then docking of their best") {
  const auto s = staged_settings();
  const Folder folder("stages");
  const auto result = run_in(folder, s);
  REQUIRE(result.stages.size() == 3);
  CHECK(result.stages[0].name == "cheap");
  CHECK(result.stages[0].ending == "all 3 rounds done");
  CHECK(result.stages[0].first_round == 0);
  CHECK(result.stages[0].last_round == 3);
  CHECK(result.stages[0].docked == 0);
  CHECK(result.stages[0].scored > 20);
  CHECK(result.stages[1].first_round == 4);
  CHECK(result.stages[2].last_round == static_cast<int>(result.rounds.size()) - 1);
  std::map<std::string, const CampaignRow*> best_affinity;
  std::size_t carried = 0, again = 0;
  for (const CampaignRow& row : result.rows) {
    INFO(row.round << ' ' << row.name << ' ' << row.smiles << ' ' << row.message);
    CHECK(row.stage == (row.round < 4 ? 0 : row.round < result.stages[2].first_round ? 1 : 2));
    if (row.stage == 0) {
      CHECK((row.status == CandidateStatus::scored || row.status == CandidateStatus::filtered));
      if (row.status == CandidateStatus::scored)  // qed alone counts, and the docking value is not known
        CHECK(row.loop_total == Approx(row.assessment.desirability[1]));
      CHECK(std::isnan(row.assessment.desirability[0]));
    }
    if (row.round == 4 || row.round == result.stages[2].first_round) {
      ++carried;
      CHECK(row.origin == (row.round == 4 ? "carried from cheap" : "carried from docked"));
    } else {
      CHECK(row.origin.find("carried") == std::string::npos);
    }
    if (row.stage == 1 && row.status == CandidateStatus::docked) {
      // docking alone counts; the drug-likeness is known
      CHECK(row.loop_total == Approx(row.assessment.desirability[0]));
      CHECK(row.assessment.raw[1] > 0);
      best_affinity[row.smiles] = &row;
    }
    if (row.stage == 2 && row.docked_before) {
      ++again;
      REQUIRE(best_affinity.count(row.smiles) == 1);
      CHECK(row.affinities == best_affinity[row.smiles]->affinities);
    }
  }
  CHECK(carried == 6 + 5);
  CHECK(again == 5);
  for (const std::size_t i : result.ranking) CHECK(result.rows[i].stage == 2);
  for (std::size_t i = 0; i < result.rows.size(); ++i)
    if (result.rows[i].stage < 2) CHECK(result.fronts[i] == 0);
  // what seeds a stage is the best of the stage before
  std::vector<double> cheap;
  for (const CampaignRow& row : result.rows)
    if (row.stage == 0 && row.status == CandidateStatus::scored) cheap.push_back(row.loop_total);
  std::sort(cheap.begin(), cheap.end(), std::greater<>());
  std::vector<double> seeds;
  for (const CampaignRow& row : result.rows)
    if (row.round == 4) seeds.push_back(row.assessment.desirability[1]);
  for (std::size_t k = 0; k < seeds.size(); ++k) CHECK(seeds[k] == Approx(cheap[k]));
  const auto gain = campaign_gain(result);
  CHECK(gain[0].name == "carried into both");
  CHECK(gain[0].molecules == 5);
  const auto rounds = datasets::read_csv(folder.text("rounds.csv"));
  CHECK(rounds[0].back() == "scored");
  CHECK(rounds[1][rounds[1].size() - 2] == "cheap");
  const std::string poses = datasets::gunzip(folder.text("poses.sdf.gz"));
  std::size_t records = 0;  // carried molecules have their poses from the stage that docked them
  for (std::size_t at = poses.find("$$$$\n"); at != std::string::npos; at = poses.find("$$$$\n", at + 1))
    ++records;
  CHECK(records == std::min<std::size_t>(10, result.ranking.size()));
}

TEST_CASE("a staged campaign is the same bytes on one thread, and stopped again and again") {
  for (const auto combine : {scoring::Combination::geometric_mean, scoring::Combination::pareto}) {
    auto s = staged_settings();
    s.combine = combine;
    const Folder whole("staged-whole"), single("staged-single"), broken("staged-broken");
    run_in(whole, s);
    {
      const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
      run_in(single, s);
    }
    run_in(broken, s, 4);
    for (const char* file : files) {
      INFO(file);
      CHECK(whole.text(file) == single.text(file));
      CHECK(whole.text(file) == broken.text(file));
    }
  }
}

TEST_CASE("a proposer is told when objectives change, and what its earlier lessons are worth then") {
  std::vector<std::map<std::string, double>> heard(1);  // one per stage: what it was told first, or all
  const auto s = staged_settings();
  const Folder folder("stage-lessons");
  const auto result = run_in(folder, s, 1 << 20, [&] {
    return Campaign(s, targets(), std::make_unique<Listener>(s.evolution, heard));
  });
  REQUIRE(heard.size() == 3);
  for (std::size_t stage = 1; stage < 3; ++stage) {
    std::set<std::string> carried;
    for (const CampaignRow& row : result.rows)
      if (row.round == result.stages[stage].first_round && row.status == CandidateStatus::docked) {
        carried.insert(row.smiles);
        CHECK(heard[stage].at(row.smiles) == row.loop_total);
      }
    CHECK(carried.size() == (stage == 1 ? 6 : 5));
    std::size_t before = 0;  // all that was worth something in the stage before is told again
    for (const auto& [smiles, worth] : heard[stage - 1]) {
      if (!(worth > 0)) continue;
      ++before;
      REQUIRE(heard[stage].count(smiles) == 1);
      if (carried.count(smiles) == 0) CHECK(heard[stage].at(smiles) == 0);
    }
    CHECK(before > 6);
  }
}

TEST_CASE("stages end by their own rules") {
  auto s = staged_settings();
  s.stages[0].until = 0.01;
  s.stages[0].min_rounds = 2;
  s.stages[1].max_docked = 4;
  s.stages[2].rounds_without_gain = 1;
  s.stages[2].rounds = 9;
  s.objectives[0].want = scoring::Desirability::below(-0.1, 0);  // reached at once
  s.objectives[1].want = scoring::Desirability::above(0.01, 0);
  const Folder folder("stage-rules");
  const auto result = run_in(folder, s);
  REQUIRE(result.stages.size() == 3);
  CHECK(result.stages[0].ending == "the 10 best reached a mean total of 0.01");
  CHECK(result.stages[0].last_round == 2);
  CHECK(result.stages[1].ending == "4 molecules docked in the stage");
  CHECK(result.stages[1].docked == 4);
  CHECK(result.stages[2].ending == "no gain in 1 rounds");
  CHECK(result.ending == "no gain in 1 rounds");

  s.stop.max_docked = 3;
  const Folder spent("stage-spent");
  const auto early = run_in(spent, s);
  REQUIRE(early.stages.size() == 2);
  CHECK(early.ending == "3 molecules docked");
  CHECK(early.ranking.size() == 3);
}

TEST_CASE("stages that make no sense are refused before anything is computed") {
  auto s = staged_settings();
  s.stages[0].objectives = {"qde"};
  CHECK_THROWS_WITH(campaign(s), Equals("unknown objective 'qde' in stage 'cheap'; known: docking, qed"));
  s = staged_settings();
  s.stages[0].objectives = {"qed", "docking"};
  CHECK_THROWS_WITH(campaign(s),
                    Equals("stage 'cheap' docks nothing, but objective 'docking' reads a docking score"));
  s = staged_settings();
  s.stages[1].objectives = {"qed"};
  CHECK_THROWS_WITH(campaign(s),
                    Equals("stage 'docked' docks, but none of its objectives reads a docking score"));
  s = staged_settings();
  s.stages[1].name = "cheap";
  CHECK_THROWS_WITH(campaign(s), Equals("two stages are named 'cheap'"));
  s = staged_settings();
  s.stages.pop_back();
  s.stages.pop_back();
  CHECK_THROWS_WITH(campaign(s), Equals("the last stage, 'cheap', docks nothing"));
  s = staged_settings();
  s.stages[1].filter.rules = "mw < 10";
  const Folder folder("stage-nothing");
  datasets::RunFolder run(folder.path, identity());
  Campaign hopeless = campaign(s);
  CHECK_THROWS_WITH(
      hopeless.run(run.journal()),
      Contains("none of the 6 molecules carried into stage 'docked' passes its filter; the first "
               "fails with: mw "));
}
