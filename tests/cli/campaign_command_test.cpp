// theriac campaign as a user runs it: transcripts, bad input, and what happens when it is killed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "chem/counter_random.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/small_campaign.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const char* const files[] = {
    "results.csv", "rounds.csv", "failures.csv", "results.h5", "poses.sdf.gz",
    "report.html", "run.toml",   "summary.json", "view.pml",   "receptor_prepared.pdb",
    "box.txt",     "box.pdb",    "progress.svg"};

/// Drug-likeness first, without docking; then both objectives.
const char* const stages =
    "[[stage]]\nname = \"drug-like\"\nobjectives = [\"qed\"]\nrounds = 3\ncarry = 4\n"
    "[[stage]]\nname = \"docking\"\nrounds = 1\n";

std::string bytes(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_file(folder / ("run/" + file));
}

/// Each time after a while that no one foresees, until the campaign is done; the files are those of a calm
/// one.
void kill_twenty_times(const std::string& more) {
  const char* const proposer = "proposer = \"screened-evolution\"\n";  // starts at once, without LibTorch
  const TemporaryFolder calm;
  write_campaign(calm, "small.toml", more, proposer);
  REQUIRE(run_theriac("campaign small.toml", calm).exit_code == 0);
  theriac::chem::CounterRandom random(11, "kill", "campaign");
  int kills = 0, finished = 0;
  while (kills < 20) {
    const TemporaryFolder shaken;
    write_campaign(shaken, "small.toml", more, proposer);
    for (int attempt = 0;; ++attempt) {
      REQUIRE(attempt < 200);
      // later attempts live longer, so that a slow machine gets there too
      const double seconds = random.uniform(0.1, 1.0) + 0.1 * attempt;
      const auto run =
          run_theriac("campaign small.toml", shaken, "timeout -s KILL " + std::to_string(seconds));
      if (run.exit_code == 0) break;
      INFO(run.err);
      REQUIRE(run.exit_code == 137);
      ++kills;
    }
    ++finished;
    for (const char* file : files) {
      INFO(file);
      REQUIRE(bytes(calm, file) == bytes(shaken, file));
    }
  }
  CHECK(finished >= 1);
}

}  // namespace

TEST_CASE("a campaign runs from its file to a run folder, the same on one thread and on two") {
  const TemporaryFolder one, two;
  write_campaign(one);
  write_campaign(two);
  const auto first = run_theriac("campaign small.toml --cpu 1", one);
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK_THAT(first.err, Contains("start     5 molecules, 1 records left out"));
  CHECK_THAT(first.err, Contains("broken (") && Contains("line 6"));
  CHECK_THAT(first.err, Contains("campaign  all 2 rounds done in "));
  CHECK_THAT(first.out, StartsWith("group") && Contains("start") && Contains("last round") &&
                            Contains("designed") && Contains("SMILES"));
  REQUIRE(run_theriac("campaign small.toml --cpu 2", two).exit_code == 0);
  for (const char* file : files) {
    INFO(file);
    CHECK(bytes(one, file) == bytes(two, file));
  }
  const auto again = run_theriac("campaign small.toml", one);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Contains("run is finished already: same file, inputs, seed and version"));
  const auto other = run_theriac("campaign small.toml --seed 2", one);
  CHECK(other.exit_code == 2);
  const auto repeated = run_theriac("campaign run/run.toml -o repeated", one);
  INFO(repeated.err);
  REQUIRE(repeated.exit_code == 0);
  CHECK(theriac::datasets::read_file(one / "repeated/results.csv") == bytes(one, "results.csv"));
  const auto report = run_theriac("report run --top 3 --title Mine -o mine.html", one);
  CHECK(report.exit_code == 0);
  CHECK_THAT(theriac::datasets::read_file(one / "mine.html"),
             Contains("<h1>Mine</h1>") && Contains("The best 3 of "));
  CHECK_THAT(bytes(one, "progress.svg"),
             StartsWith("<svg") && Contains("best so far") && Contains("docking score"));
  CHECK_THAT(run_theriac("show run --top 2", one).out, Contains("score_kcal_mol"));
  CHECK_THAT(first.err,
             Contains("front     ") && Contains("that no other beats in every objective; hypervolume 0."));
  CHECK_THAT(bytes(one, "progress.svg"), Contains("hypervolume"));
  CHECK_THAT(bytes(one, "report.html"), Contains("<h2 id=\"front\">"));
  const auto front = theriac::datasets::read_csv(run_theriac("show run --front --csv --top 0", one).out);
  const auto all = theriac::datasets::read_csv(bytes(one, "results.csv"));
  const auto at =
      static_cast<std::size_t>(std::find(all[0].begin(), all[0].end(), "pareto_front") - all[0].begin());
  REQUIRE(at < all[0].size());
  CHECK(static_cast<std::ptrdiff_t>(front.size()) - 1 ==
        std::count_if(all.begin() + 1, all.end(), [&](const auto& row) { return row[at] == "1"; }));
  CHECK(front.size() > 1);
  CHECK_THAT(run_theriac("show start.smi --front", one).err, Contains("error: "));
}

TEST_CASE("an off-target is docked into beside the target: its twin gives the same scores") {
  const TemporaryFolder folder;
  write_campaign(
      folder, "small.toml",
      "[[objective]]\nname = \"spared\"\nsource = \"dock:TWIN\"\nwant = { above = -4, reject_below = "
      "-20 }\nweight = 0.5\n");
  std::string toml = theriac::datasets::read_file(folder / "small.toml");
  toml.insert(toml.find("[generate]"), "off_targets = [{ name = \"TWIN\", receptor = \"" + examples +
                                           "/2xnb_receptor.pdb\", box = { ligand = \"" + examples +
                                           "/2xnb_ligand.sdf\" } }]\n");
  std::ofstream(folder / "small.toml") << toml;
  const auto run = run_theriac("campaign small.toml", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto csv = theriac::datasets::read_csv(bytes(folder, "results.csv"));
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(csv[0].begin(), csv[0].end(), name) - csv[0].begin());
  };
  REQUIRE(column("TWIN_kcal_mol") < csv[0].size());
  REQUIRE(column("spared_value") < csv[0].size());
  int docked = 0;
  for (std::size_t i = 1; i < csv.size(); ++i) {
    if (csv[i][column("status")] != "docked") continue;
    ++docked;
    CHECK(csv[i][column("TWIN_kcal_mol")] == csv[i][column("score_kcal_mol")]);
    CHECK(std::stod(csv[i][column("spared_value")]) ==
          Approx(std::stod(csv[i][column("score_kcal_mol")])).margin(0.006));
  }
  CHECK(docked > 5);
}

TEST_CASE("a staged campaign says where its stages begin") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", stages);
  const auto plan = run_theriac("campaign --dry-run small.toml", folder);
  INFO(plan.err);
  CHECK_THAT(
      plan.out,
      Contains("[[stage]]\nname = \"drug-like\"\nobjectives = [\"qed\"]\ndocking = false") &&
          Contains("# stage      drug-like: 3 rounds of 12 candidates, none docked; start: 5 molecules") &&
          Contains("start: the best 4 of the stage before"));
  const auto run = run_theriac("campaign small.toml", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("stage     drug-like: rounds 0 to 3, ") && Contains(" scored, best ") &&
                          Contains("all 3 rounds done") && Contains("stage     docking: rounds 4 to 5, "));
  CHECK_THAT(run.out, StartsWith("group") && Contains("carried into docking"));
  const std::string report = bytes(folder, "report.html");
  CHECK_THAT(report, Contains("<h2 id=\"stages\">Stages</h2>") &&
                         Contains("<td>drug-like</td><td>0 to 3</td><td>qed</td>") &&
                         Contains("Each stage begins anew with its own objectives"));
  CHECK_THAT(bytes(folder, "progress.svg"), Contains(">drug-like<") && Contains(">docking<"));
  CHECK_THAT(bytes(folder, "summary.json"), Contains("\"stages\""));
  const auto again = run_theriac("campaign run/run.toml -o again", folder);
  INFO(again.err);
  REQUIRE(again.exit_code == 0);
  CHECK(theriac::datasets::read_file(folder / "again/results.csv") == bytes(folder, "results.csv"));
}

TEST_CASE("twenty kills at random moments change no byte") {
  kill_twenty_times("");
}

TEST_CASE("twenty kills of a staged campaign change no byte") {
  kill_twenty_times(stages);
}

TEST_CASE("a campaign that runs out of time stops cleanly and the same command continues") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "");
  const auto stopped = run_theriac("campaign small.toml --max-time 1s", folder);
  if (stopped.exit_code == 0) {
    WARN("this machine finished within a second");
    return;
  }
  INFO(stopped.err);
  CHECK(stopped.exit_code == 75);
  CHECK_THAT(stopped.err, Contains("--max-time is over: run the same command to continue"));
  CHECK(run_theriac("campaign small.toml", folder).exit_code == 0);
}

TEST_CASE("campaign --init writes the commented example and never over a file") {
  const TemporaryFolder folder;
  CHECK_THAT(run_theriac("campaign --init", folder).out, Contains("[[objective]]") && Contains("[target]"));
  CHECK(run_theriac("campaign --init new.toml", folder).exit_code == 0);
  const auto again = run_theriac("campaign --init new.toml", folder);
  CHECK(again.exit_code == 2);
  CHECK_THAT(again.err, Contains("theriac: error: 'new.toml' exists already"));
  const auto missing = run_theriac("campaign new.toml", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("theriac: error: file not found: '1iep.pdb' (receptor of [target])"));
}

TEST_CASE("campaign --dry-run checks everything, prints the plan and writes nothing") {
  const TemporaryFolder folder;
  write_campaign(folder);
  const auto plan = run_theriac("campaign --dry-run small.toml", folder);
  INFO(plan.err);
  CHECK(plan.exit_code == 0);
  CHECK_THAT(
      plan.out,
      Contains("# rounds     2 of 12 candidates, the best 6 of each docked; start: 3 of 5 molecules") &&
          Contains("# docking    at most 15 molecules") && Contains("GB free"));
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("what is wrong with a campaign is said before it starts") {
  const TemporaryFolder folder;
  const auto nothing = run_theriac("campaign", folder);
  CHECK(nothing.exit_code == 2);
  CHECK_THAT(nothing.err, Contains("theriac: error: which campaign?"));
  const auto missing = run_theriac("campaign nowhere.toml", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("theriac: error: campaign file not found: 'nowhere.toml'"));
  write_campaign(folder, "typo.toml", "exhaustivness = 3\n");
  const auto typo = run_theriac("campaign typo.toml", folder);
  CHECK(typo.exit_code == 2);
  CHECK_THAT(typo.err,
             Contains("theriac: error: unknown key 'exhaustivness' in [docking] (typo.toml, line ") &&
                 Contains("hint: did you mean 'exhaustiveness'?"));
  std::ofstream(folder / "off.toml")
      << "[target]\nreceptor = \"" << examples
      << "/2xnb_receptor.pdb\"\nbox = { center = [500, 500, 500], size = [20, 20, 20] }\n"
      << "[[objective]]\nsource = \"dock\"\nwant = { below = -9, reject_above = -5 }\n";
  const auto off = run_theriac("campaign off.toml", folder);
  CHECK(off.exit_code == 3);
  CHECK_THAT(off.err, Contains("the search box does not touch the receptor"));
  std::ofstream(folder / "empty.smi") << "C1CC broken\n";
  write_campaign(folder, "empty.toml");
  std::ofstream(folder / "start.smi") << "C1CC broken\n";
  const auto empty = run_theriac("campaign empty.toml", folder);
  CHECK(empty.exit_code == 3);
  CHECK_THAT(empty.err, Contains("theriac: error: no usable molecule in 'start.smi'"));
}

TEST_CASE("the learned pose scorer says which pose of the final docking counts") {
  TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", "proposer = \"screened-evolution\"\n");
  std::string text = theriac::datasets::read_file(folder / "small.toml");
  const std::string none = "final = \"none\"";
  const auto with = [&](const std::string& final_docking) {
    std::string out = text;
    out.replace(out.find(none), none.size(), final_docking);
    std::ofstream(folder / "small.toml") << out;
  };
  with("final = \"balanced\"\nfinal_top = 3\nfinal_rank_by = \"probability\"");
  const auto run = run_theriac("campaign small.toml", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto rows = theriac::datasets::read_csv(bytes(folder, "results.csv"));
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
  };
  REQUIRE(column("probability") < rows[0].size());
  int judged = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string& probability = rows[i][column("probability")];
    if (probability.empty()) continue;
    ++judged;
    CHECK(std::stod(probability) > 0);
    CHECK(std::stod(probability) < 1);
  }
  CHECK(judged >= 3);
  CHECK_THAT(bytes(folder, "run.toml"), Contains("final_rank_by = \"probability\""));
  CHECK_THAT(bytes(folder, "report.html"), Contains("right pose"));

  with("final = \"balanced\"\ncnn = \"fast\"");
  const auto refused = run_theriac("campaign small.toml --dry-run", folder);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("final_rank_by"));
}
