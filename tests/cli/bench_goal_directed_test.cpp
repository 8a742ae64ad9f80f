// theriac bench guacamol and pmo: molecules in, scores out; runs that continue, and their tables.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "cli/published_scores.hpp"
#include "cli/start_molecules.hpp"
#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "scoring/guacamol.hpp"
#include "scoring/pmo.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::gunzip;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
using namespace theriac::cli;
namespace scoring = theriac::scoring;

namespace {

std::size_t column(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  const auto at = std::find(rows.front().begin(), rows.front().end(), name);
  REQUIRE(at != rows.front().end());
  return static_cast<std::size_t>(at - rows.front().begin());
}

std::vector<std::string> cells(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < rows.size(); ++i) out.push_back(rows[i][column(rows, name)]);
  return out;
}

std::string pmo(const std::string& tasks, int calls, const std::string& out) {
  return "bench pmo --start-count 20 --tasks " + tasks + " --calls " + std::to_string(calls) + " -o " + out;
}

}  // namespace

TEST_CASE("scored molecules: a row each in their order, -1 for what is none, the list judged as a whole") {
  TemporaryFolder folder;
  std::ofstream(folder / "in.csv") << "smiles,name\nCCCCCCCCCCC,undecane\nC1CC,broken\n,empty\n"
                                      "CC(C)(C)NC[C@H](O)c1ccc(O)c(CO)c1,R-albuterol\n"
                                      "CC(C)(C)NC[C@@H](O)c1ccc(O)c(CO)c1,S-albuterol\n";
  const auto run = run_theriac("bench guacamol --score in.csv -o scores.csv --max-failed 1", folder);
  CHECK(run.exit_code == 0);
  const auto rows = read_csv(read_file(folder / "scores.csv"));
  REQUIRE(rows.size() == 6);
  for (const auto& task : scoring::guacamol_suite().tasks) CHECK(cells(rows, task.column)[1] == "-1");
  CHECK(cells(rows, "name")[3] == "R-albuterol");
  CHECK(cells(rows, "t07_c11h24")[0] == "1");
  CHECK(cells(rows, "t19_deco_hop")[2] == "0.5");  // the empty SMILES is a molecule without atoms
  CHECK(cells(rows, "t05_albuterol_similarity")[3] == "1");
  CHECK(cells(rows, "status") == std::vector<std::string>{"ok", "failed", "ok", "ok", "ok"});
  CHECK_THAT(cells(rows, "message")[1], Contains("in.csv, line 3"));
  CHECK_THAT(run.out, Contains("c11h24") && Contains("0.006"));  // one of 159 undecanes
  CHECK_THAT(run.err, Contains("3 distinct"));

  const auto two_tasks = run_theriac("bench pmo --score in.csv --tasks 7,median1 --max-failed 1", folder);
  CHECK_THAT(two_tasks.out, Contains("name,smiles,albuterol_similarity,median1,status,message\n") &&
                                Contains("broken,C1CC,0,0,failed,"));
  CHECK_THAT(run_theriac("bench pmo --score in.csv --tasks qde", folder).err,
             Contains("did you mean 'qed'?"));
}

TEST_CASE("a goal-directed run has a row per task and seed, continues, and does not depend on threads") {
  TemporaryFolder folder;
  const auto first = run_theriac(pmo("qed,median1", 60, "out") + " --cpu 1", folder);
  CHECK(first.exit_code == 0);
  CHECK_THAT(first.out, Contains("qed") && Contains("Genetic GFN") && Contains("sum of 2"));
  const std::string one = read_file(folder / "out/pmo.csv");
  const auto more = run_theriac(pmo("qed,median1", 60, "out") + " --cpu 1 --seeds 2", folder);
  CHECK(more.exit_code == 0);
  const std::string text = read_file(folder / "out/pmo.csv");
  CHECK(text.substr(0, one.size()) == one);
  const auto rows = read_csv(text);
  REQUIRE(rows.size() == 5);
  CHECK(cells(rows, "task") == std::vector<std::string>{"qed", "median1", "qed", "median1"});
  CHECK(cells(rows, "seed") == std::vector<std::string>{"1", "1", "2", "2"});
  for (const auto& calls : cells(rows, "calls")) CHECK(calls == "60");
  CHECK_THAT(read_file(folder / "out/pmo.md"),
             Contains("# PMO: 2 of 20 tasks") && Contains("20 molecules of the 224") &&
                 Contains("Do not compare: the published figures are for 10000 calls, these for 60."));

  const auto evaluated = read_csv(gunzip(read_file(folder / "out/calls/qed-2.csv.gz")));
  REQUIRE(evaluated.size() == 61);
  std::vector<double> scores;
  for (const auto& score : cells(evaluated, "score")) scores.push_back(std::stod(score));
  CHECK(std::stod(cells(rows, "auc_top_10")[2]) == Approx(scoring::top_auc(scores, 10, 60)).epsilon(1e-5));

  CHECK(run_theriac(pmo("qed", 60, "two") + " --cpu 2", folder).exit_code == 0);
  CHECK(gunzip(read_file(folder / "two/calls/qed-1.csv.gz")) ==
        gunzip(read_file(folder / "out/calls/qed-1.csv.gz")));
  const auto other = run_theriac(pmo("qed", 70, "out") + " --cpu 1", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("were made with calls = '60', now it is '70'"));
}

TEST_CASE("a GuacaMol run hands out the molecule that a task gives, and judges the best list") {
  TemporaryFolder folder;
  const auto run =
      run_theriac("bench guacamol --tasks ranolazine_mpo,7 --calls 40 --start-count 10 -o out", folder);
  CHECK(run.exit_code == 0);
  const auto rows = read_csv(read_file(folder / "out/guacamol.csv"));
  REQUIRE(rows.size() == 3);
  CHECK(cells(rows, "task") == std::vector<std::string>{"c11h24", "ranolazine_mpo"});
  CHECK_THAT(gunzip(read_file(folder / "out/calls/ranolazine_mpo-1.csv.gz")),
             Contains("COc1ccccc1OCC(O)CN1CCN(CC(=O)Nc2c(C)cccc2C)CC1,"));
  CHECK_THAT(run_theriac("bench guacamol --proposer evolution", folder).err,
             Contains("known: graph-evolution"));
}

TEST_CASE("start molecules do not resemble a goal and are drawn by seed") {
  TemporaryFolder folder;
  std::ofstream(folder / "start.smi")
      << "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1 albuterol\nCC(C)(C)NCC(O)c1ccc(O)c(C)c1 near\n"
         "c1ccsc1 a\nCCO b\nOCC b-again\nC1CC broken\nCCN c\n";
  const StartPool pool(folder / "start.smi");
  const auto all = pool.draw(0, 1);
  CHECK(all.molecules.size() == 3);
  CHECK(all.like_a_goal == 2);
  CHECK(all.unreadable == 1);
  CHECK(pool.draw(2, 1).molecules.size() == 2);
  std::set<std::string> firsts;
  for (std::uint64_t seed = 1; seed < 60; ++seed)
    firsts.insert(pool.draw(1, seed).molecules.front().smiles());
  CHECK(firsts.size() == 3);
}

TEST_CASE("published figures are there for every task, and add up to the published sums") {
  const auto sums = [](const scoring::GoalDirectedSuite& suite) {
    const auto& published = published_scores(suite.name);
    std::vector<double> out(published.methods.size());
    CHECK(published.lines.size() == suite.tasks.size());
    for (const auto& task : suite.tasks) {
      const auto line = published.of(task.name);
      REQUIRE(line);
      REQUIRE(line->size() == out.size());
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += (*line)[i];
    }
    return out;
  };
  const std::vector<double> guacamol = {12.144, 17.341, 14.398, 17.983, 9.011};
  const std::vector<double> pmo = {16.111, 15.475, 14.063, 13.912, 13.594, 12.227, 11.591, 11.437};
  const auto guacamol_sums = sums(scoring::guacamol_suite()), pmo_sums = sums(scoring::pmo_suite());
  for (std::size_t i = 0; i < guacamol.size(); ++i)
    CHECK(guacamol_sums[i] == Approx(guacamol[i]).margin(0.0105));
  for (std::size_t i = 0; i < pmo.size(); ++i) CHECK(pmo_sums[i] == Approx(pmo[i]).margin(0.0105));
}
