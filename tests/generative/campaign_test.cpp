#include "generative/campaign.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "datasets/gzip.hpp"
#include "datasets/run_folder.hpp"
#include "generative/campaign_results.hpp"
#include "generative/diversity.hpp"
#include "generative/graph_evolution.hpp"
#include "scoring/hypervolume.hpp"
#include "scoring/ligand_docking.hpp"
#include "tests/generative/campaign_fixtures.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using namespace theriac;
using namespace theriac::generative;

namespace {

/// Runs to the end, stopping after `patience` molecules or rounds and starting anew, as if killed; each time
/// it may go a little further, because what is told again on the way counts too.
CampaignResult run_in(const Folder& folder, const CampaignSettings& s, int patience = 1 << 20,
                      const std::function<Campaign()>& make = {}) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    datasets::RunFolder run(folder.path, identity());
    if (run.finished()) return {};
    std::atomic<bool> flag{false};
    int seen = 0;
    Campaign c = make ? make() : campaign(s);
    auto result = c.run(run.journal(), chem::StopToken(&flag), [&](const CampaignProgress& p) {
      flag = (seen += p.remark.empty()) >= patience + attempt;
    });
    if (result.stopped) continue;
    publish_campaign(run, c, result);
    run.finish({});
    return result;
  }
  FAIL("never finished");
  return {};
}

/// Graph evolution that knows how likely its children are and speaks of what it does.
class Commentator : public Proposer {
 public:
  explicit Commentator(const EvolutionOptions& options) : evolution_(start(), options) {
    said_.push_back("ready");
  }
  std::vector<Candidate> propose(int n, int round) override {
    auto out = evolution_.propose(n, round);
    for (std::size_t i = 1; i < out.size(); i += 2) out[i].log_likelihood = -0.5 * static_cast<double>(i);
    said_.push_back(fmt::format("gave {}", out.size()));
    return out;
  }
  void recall(const std::vector<std::string>& smiles) override { evolution_.recall(smiles); }
  void forget(const std::vector<std::string>& smiles) override { evolution_.forget(smiles); }
  void learn(const std::vector<Lesson>& lessons) override {
    evolution_.learn(lessons);
    said_.push_back(fmt::format("learnt from {}", lessons.size()));
  }
  std::vector<std::string> remarks() override { return std::exchange(said_, {}); }

 private:
  GraphEvolution evolution_;
  std::vector<std::string> said_;
};

/// Has no other ideas than the first.
class Repeater : public Proposer {
 public:
  std::vector<Candidate> propose(int, int) override {
    std::vector<Candidate> out;
    for (auto& molecule : start()) out.push_back({std::move(molecule), "start"});
    return out;
  }
  void recall(const std::vector<std::string>&) override {}
  void forget(const std::vector<std::string>&) override {}
  void learn(const std::vector<Lesson>&) override {}
};

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

const char* const files[] = {"results.csv", "rounds.csv", "failures.csv", "results.h5", "poses.sdf.gz"};

}  // namespace

TEST_CASE("a campaign is the same bytes on one thread, on two, and stopped and continued again and again") {
  const Folder one("one"), two("two"), broken("broken");
  {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    run_in(one, settings());
  }
  run_in(two, settings());
  run_in(broken, settings(), 5);
  for (const char* file : files) {
    INFO(file);
    REQUIRE_FALSE(two.text(file).empty());
    CHECK(one.text(file) == two.text(file));
    CHECK(one.text(file) == broken.text(file));
  }
}

TEST_CASE("what a proposer knows and remarks is kept, whether or not the campaign was stopped") {
  const auto s = settings();
  const auto make = [&] { return Campaign(s, targets(), std::make_unique<Commentator>(s.evolution)); };
  const Folder whole("remarks"), broken("remarks-broken");
  std::vector<std::string> heard[2];
  for (const auto& [folder, patience] : {std::pair<const Folder&, int>{whole, 1 << 20}, {broken, 4}}) {
    const auto result = run_in(folder, s, patience, make);
    for (const auto& remark : result.remarks)
      heard[&folder == &broken].push_back(fmt::format("{}: {}", remark.round, remark.text));
  }
  const auto said = [&](const std::string& text) {
    return std::count(heard[0].begin(), heard[0].end(), text);
  };
  REQUIRE(heard[0].size() == 1 + 2 * 4);
  CHECK(heard[0][0] == "0: ready");
  CHECK(heard[0][1] == "0: gave 7");
  CHECK(heard[0][2].rfind("0: learnt from ", 0) == 0);
  for (int round = 1; round <= 3; ++round) CHECK(said(fmt::format("{}: gave 16", round)) == 1);
  CHECK(heard[0] == heard[1]);
  for (const char* file : files) CHECK(whole.text(file) == broken.text(file));
  const auto csv = datasets::read_csv(whole.text("results.csv"));
  const auto at =
      static_cast<std::size_t>(std::find(csv[0].begin(), csv[0].end(), "log_likelihood") - csv[0].begin());
  REQUIRE(at < csv[0].size());
  CHECK(csv[1][at].empty());
  CHECK(csv[2][at] == "-0.500");
  CHECK(csv[4][at] == "-1.500");
  const auto h5 = datasets::Hdf5File::open((whole.path / "results.h5").string());
  CHECK(std::isnan(h5.read_reals("/molecules/log_likelihood")[0]));
  CHECK(h5.read_reals("/molecules/log_likelihood")[1] == -0.5);
}

TEST_CASE("a molecule that is proposed again is not docked again") {
  auto s = settings();
  s.docking.final_exhaustiveness = 0;
  s.docking.top_fraction = 1;
  s.stop.rounds = 2;
  s.stop.max_docked = 7;
  const Folder folder("repeats");
  std::int64_t docked = 0;
  datasets::RunFolder run(folder.path, identity());
  Campaign c(s, targets(), std::make_unique<Repeater>());
  const auto result = c.run(run.journal(), {}, [&](const CampaignProgress& p) { docked = p.total_docked; });
  publish_campaign(run, c, result);
  CHECK(docked == 5);
  REQUIRE(result.ranking.size() == 3 * 5);
  REQUIRE(result.rows.size() == 3 * 7);
  for (std::size_t i = 7; i < result.rows.size(); ++i) {
    CHECK(result.rows[i].affinities == result.rows[i % 7].affinities);
    CHECK(result.rows[i].docked_before.has_value() == (result.rows[i].status == CandidateStatus::docked));
  }
  const std::string poses = datasets::gunzip(folder.text("poses.sdf.gz"));
  std::size_t records = 0;
  for (std::size_t at = poses.find("$$$$\n"); at != std::string::npos; at = poses.find("$$$$\n", at + 1))
    ++records;
  CHECK(records == 10);
}

TEST_CASE("candidates pass the tiers in order and learn from scores") {
  const Folder folder("tiers");
  const auto result = run_in(folder, settings());
  CHECK(result.ending == "all 3 rounds done");
  REQUIRE(result.rounds.size() == 4);
  REQUIRE(result.rows.size() == 7 + 3 * 16);
  int docked = 0;
  for (const auto& row : result.rows) {
    INFO(row.name << ' ' << row.smiles << ' ' << row.message);
    docked += row.status == CandidateStatus::docked;
    CHECK(row.status != CandidateStatus::selected);
    if (row.status == CandidateStatus::docked) {
      REQUIRE(row.affinities.size() == 1);
      CHECK(row.affinities[0] < 0);
      CHECK(row.loop_total >= 0);
      CHECK(row.loop_total <= 1);
      CHECK(row.assessment.raw.size() == 2);
      CHECK(row.message.empty());
    } else {
      CHECK(row.affinities.empty());
      CHECK((row.status == CandidateStatus::not_docked || !row.message.empty()));
    }
  }
  CHECK(result.rows[0].name == "paracetamol");
  CHECK(result.rows[6].status == CandidateStatus::filtered);
  CHECK(result.rows[6].message == "clogp 7.268 > 5.5");
  CHECK(result.ranking.size() == static_cast<std::size_t>(docked));
  for (std::size_t k = 1; k < result.ranking.size(); ++k)
    CHECK(result.rows[result.ranking[k - 1]].assessment.total >=
          result.rows[result.ranking[k]].assessment.total);
  int redocked = 0;
  for (const auto& row : result.rows) redocked += !row.final_affinities.empty();
  CHECK(redocked == 3);
  const auto variety = top_list_variety(result, 10);
  CHECK(variety.molecules == 10);
  CHECK(variety.scaffolds > 1);
  CHECK(variety.internal_diversity > 0.3);
  CHECK(variety.similarity_to_start < 1);
  const auto gain = campaign_gain(result);
  REQUIRE(gain.size() == 3);
  CHECK(gain[0].molecules == 3);
  CHECK(gain[2].best_total > gain[0].best_total);
}

TEST_CASE("the files of a campaign hold every candidate and the poses of the best") {
  const Folder folder("files");
  const auto result = run_in(folder, settings());
  const auto csv = datasets::read_csv(folder.text("results.csv"));
  REQUIRE(csv.size() == result.rows.size() + 1);
  CHECK(csv[0][0] == "rank");
  for (const char* name : {"inchikey", "docking_value", "docking_desirability", "hbonds", "contacts"})
    CHECK(std::count(csv[0].begin(), csv[0].end(), name) == 1);
  CHECK(csv[1][1] == "paracetamol");
  const std::string poses = datasets::gunzip(folder.text("poses.sdf.gz"));
  std::size_t records = 0;
  for (std::size_t at = poses.find("$$$$\n"); at != std::string::npos; at = poses.find("$$$$\n", at + 1))
    ++records;
  CHECK(records == 10);
  CHECK(poses.substr(poses.size() - 5) == "$$$$\n");
  const auto& best = result.rows[result.ranking.front()];
  CHECK(poses.substr(0, poses.find('\n')) == best.name);
  CHECK_THAT(poses, Contains("<docking_score>\n" + fmt::format("{:.2f}", best.final_affinities.front())));
  auto h5 = datasets::Hdf5File::open((folder.path / "results.h5").string());
  CHECK(h5.read_text("/molecules/smiles").size() == result.rows.size());
  CHECK(h5.unit("/molecules/score_kcal_mol") == "kcal/mol");
  CHECK(h5.read_integers("/rounds/round").size() == 4);
}

TEST_CASE("a candidate is docked as the same ligand as a record of dock") {
  const Folder folder("same");
  const auto result = run_in(folder, settings());
  const auto target = targets().front();
  scoring::LigandDockingOptions options;
  options.ligand.seed = settings().seed;
  const scoring::LigandDocking docking(*target.final_engine, options);
  for (std::size_t k = 0; k < 3; ++k) {
    const CampaignRow& row = result.rows[result.ranking[k]];
    auto reader = chem::RecordReader::from_text(row.smiles, chem::MoleculeFormat::smiles);
    const auto docked = docking.row(*reader.next_raw());
    CHECK(docked.score() == row.final_affinities.front());
    CHECK(docked.inchikey == row.inchikey);
    CHECK(docked.contact_residues() == row.contacts);
    CHECK(docked.contact_count("hbond") == row.hydrogen_bonds);
    CHECK(docked.poses.front().failed_checks == row.failed_checks);
    CHECK(row.inchikey.size() == 27);
  }
}

namespace {

/// Thinks most of the pose with the worst energy.
struct AgainstEnergy final : scoring::PoseScorer {
  std::string name() const override { return "against the energy"; }
  std::vector<scoring::PoseJudgement> judge(const scoring::PreparedLigand&,
                                            const std::vector<scoring::Pose>& poses) const override {
    std::vector<scoring::PoseJudgement> out(poses.size());
    for (std::size_t i = 0; i < poses.size(); ++i)
      out[i].probability = 1 / (1 + std::exp(-poses[i].affinity));
    return out;
  }
};

}  // namespace

TEST_CASE("a scorer of poses says which pose of the final docking counts") {
  const Folder folder("judged");
  scoring::DockingOptions options;
  options.exhaustiveness = 0.5;
  options.num_modes = 5;
  auto target = targets().front();
  target.final_engine =
      std::make_shared<scoring::DockingEngine>(cup(), chem::Box{{0, 0, 0}, {16, 16, 16}, "the cup"}, options);
  target.pose_scorer = std::make_shared<AgainstEnergy>();
  const auto s = settings();
  const auto result = run_in(folder, s, 1 << 20, [&] {
    return Campaign(s, {target}, std::make_unique<GraphEvolution>(start(), s.evolution));
  });
  int judged = 0;
  for (const auto& row : result.rows) {
    CHECK(std::isfinite(row.pose_probability) == !row.final_affinities.empty());
    if (row.final_affinities.empty()) continue;
    ++judged;
    CHECK(row.pose_probability == 1 / (1 + std::exp(-row.final_affinities.front())));
    scoring::LigandDockingOptions ligand;
    ligand.ligand.seed = s.seed;
    auto reader = chem::RecordReader::from_text(row.smiles, chem::MoleculeFormat::smiles);
    const auto docked = scoring::LigandDocking(*target.final_engine, ligand).row(*reader.next_raw());
    CHECK(row.final_affinities.front() == docked.poses.back().score);
  }
  CHECK(judged >= 3);
  CHECK_THAT(folder.text("results.csv"), Contains(",probability,"));
}

TEST_CASE("every campaign records its Pareto front, and Pareto campaigns rank by it") {
  for (const auto combine : {scoring::Combination::pareto, scoring::Combination::weighted_sum,
                             scoring::Combination::geometric_mean}) {
    auto s = settings();
    s.combine = combine;
    s.stop.rounds = 2;
    s.diversity.method = DiversityMethod::similarity;
    s.docking.final_exhaustiveness = 0;
    const Folder folder("pareto");
    const auto result = run_in(folder, s);
    INFO(scoring::name(combine));
    REQUIRE(result.ranking.size() > 10);
    REQUIRE(result.fronts.size() == result.rows.size());
    std::vector<std::vector<double>> points;
    std::size_t ranked = 0;  // neither rejected nor lost
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
      const auto& d = result.rows[i].assessment.desirability;
      const bool counts = result.rows[i].status == CandidateStatus::docked && d[0] > 0 && d[1] > 0;
      CHECK((result.fronts[i] > 0) == counts);
      if (!counts) continue;
      ++ranked;
      points.push_back(d);
      int beaten_by = 0;
      for (std::size_t j = 0; j < result.rows.size(); ++j) {
        if (result.fronts[j] == 0) continue;
        const auto& other = result.rows[j].assessment.desirability;
        beaten_by += other[0] >= d[0] && other[1] >= d[1] && other != d;
      }
      CHECK((result.fronts[i] == 1) == (beaten_by == 0));
    }
    const auto& last = result.rounds.back();
    CHECK(last.front == std::count(result.fronts.begin(), result.fronts.end(), 1));
    CHECK(last.hypervolume == Approx(scoring::hypervolume(points, {0, 0})).epsilon(1e-12));
    for (std::size_t r = 1; r < result.rounds.size(); ++r)
      CHECK(result.rounds[r].hypervolume >= result.rounds[r - 1].hypervolume);
    const auto csv = datasets::read_csv(folder.text("rounds.csv"));
    CHECK(csv.back().back() == fmt::format("{:.4f}", last.hypervolume));
    if (combine != scoring::Combination::pareto) continue;
    for (std::size_t k = 1; k < ranked; ++k)
      CHECK(result.fronts[result.ranking[k - 1]] <= result.fronts[result.ranking[k]]);
  }
}

TEST_CASE("a Pareto campaign is the same bytes when it is stopped again and again") {
  auto s = settings();
  s.combine = scoring::Combination::pareto;
  const Folder whole("pareto-whole"), broken("pareto-broken");
  run_in(whole, s);
  run_in(broken, s, 5);
  for (const char* file : files) {
    INFO(file);
    CHECK(whole.text(file) == broken.text(file));
  }
}

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

TEST_CASE("a campaign ends when its rules say so") {
  auto s = settings();
  s.stop.rounds = 50;
  s.stop.max_docked = 12;
  s.docking.final_exhaustiveness = 0;
  const Folder folder("ending");
  const auto result = run_in(folder, s);
  CHECK(result.ending == "12 molecules docked");
  CHECK(result.ranking.size() == 12);

  s.stop.max_docked = 1000;
  s.stop.rounds_without_gain = 1;
  s.objectives = {{"docking", "dock", 1, scoring::Desirability::below(-0.1, 0)}};  // reached at once
  const Folder idle("idle");
  CHECK(run_in(idle, s).ending == "no gain in 1 rounds");
}

TEST_CASE("diversity and novelty are Tanimoto means") {
  std::vector<chem::Molecule> same, mixed;
  for (const char* smiles : {"CCO", "CCO"}) same.push_back(chem::Molecule::from_smiles(smiles));
  for (const char* smiles : {"CCO", "c1ccccc1"}) mixed.push_back(chem::Molecule::from_smiles(smiles));
  CHECK(internal_diversity(same) == 0);
  CHECK(internal_diversity(mixed) == 1);
  CHECK(internal_diversity({mixed[0]}) == 0);
  CHECK(nearest_similarities(mixed, same) == std::vector<double>{1, 0});
  CHECK(nearest_similarities(mixed, {}) == std::vector<double>{0, 0});
}

TEST_CASE("buckets are scaffolds or clusters") {
  DiversitySettings s;
  s.bucket = 2;
  const auto toluene = chem::Molecule::from_smiles("Cc1ccccc1"),
             phenol = chem::Molecule::from_smiles("Oc1ccccc1");
  DiversityFilter scaffolds(s);
  CHECK(scaffolds.bucket(toluene) == "c1ccccc1");
  CHECK(scaffolds.bucket(chem::Molecule::from_smiles("CCO")) == "no rings");
  scaffolds.count(toluene, 0.9);
  scaffolds.count(phenol, 0.1);  // not good enough to count
  CHECK_FALSE(scaffolds.full("c1ccccc1"));
  scaffolds.count(phenol, 0.4);
  CHECK(scaffolds.full("c1ccccc1"));
  s.method = DiversityMethod::similarity;
  DiversityFilter clusters(s);
  CHECK(clusters.bucket(toluene) == "new cluster");
  CHECK(clusters.count(toluene, 0.9) == "cluster 1");
  CHECK(clusters.bucket(toluene) == "cluster 1");
  CHECK(clusters.count(chem::Molecule::from_smiles("CCCCN"), 0.9) == "cluster 2");
  s.method = DiversityMethod::off;
  CHECK(DiversityFilter(s).bucket(toluene).empty());
  CHECK_FALSE(DiversityFilter(s).full(""));
}

TEST_CASE("full buckets are closed") {
  auto s = settings();
  s.diversity.bucket = 1;
  s.diversity.min_score = 0.01;
  s.stop.rounds = 4;
  const Folder folder("buckets");
  const auto result = run_in(folder, s);
  int closed = 0;
  for (const auto& row : result.rows)
    closed += row.message.find("1 good molecules of this kind already: ") == 0;
  CHECK(closed > 0);
}

TEST_CASE("what a campaign cannot do is said before it starts") {
  auto s = settings();
  s.objectives[1].source = "qedd";
  CHECK_THROWS_WITH(
      campaign(s), Contains("unknown source 'qedd' of objective 'qed'; available: ") && Contains("dock:cup"));
  s.objectives[1].source = "predict:herg_pic50";
  CHECK_THROWS_WITH(campaign(s), Contains("unknown source 'predict:herg_pic50'"));
  s = settings();
  s.filter.alerts = {"pain"};
  CHECK_THROWS_WITH(campaign(s), Equals("unknown alert set 'pain'; known: pains, brenk, nih"));
  s = settings();
  s.filter.rules = "mw < 10";
  const Folder folder("nothing");
  datasets::RunFolder run(folder.path, identity());
  Campaign hopeless = campaign(s);
  CHECK_THROWS_WITH(
      hopeless.run(run.journal()),
      Equals("none of the 7 starting molecules passes the filter; the first fails with: mw 151.2 >= 10"));
}

TEST_CASE("a reference ligand that is not found again stops the campaign") {
  auto crystal = chem::Molecule::from_mol_block(R"(
     test

  6  6  0  0  0  0  0  0  0  0999 V2000
   31.4000   40.0000   50.0000 C   0  0
   30.7000   41.2124   50.0000 C   0  0
   29.3000   41.2124   50.0000 C   0  0
   28.6000   40.0000   50.0000 C   0  0
   29.3000   38.7876   50.0000 C   0  0
   30.7000   38.7876   50.0000 C   0  0
  1  2  2  0
  2  3  1  0
  3  4  2  0
  4  5  1  0
  5  6  2  0
  6  1  1  0
M  END
)");
  const auto s = settings();
  Campaign c(s, targets(), std::make_unique<GraphEvolution>(start(), s.evolution),
             CampaignReference{"BNZ A:1", crystal});
  const Folder folder("reference");
  datasets::RunFolder run(folder.path, identity());
  CHECK_THROWS_WITH(c.run(run.journal()),
                    Contains("the reference ligand BNZ A:1 is not found again: its best pose lies ") &&
                        Contains("(limit 2.5 A;"));
}
