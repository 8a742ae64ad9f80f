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
