// theriac campaign status at every moment of a campaign: what it says, and that it disturbs nothing.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/results_table.hpp"
#include "datasets/shard_lease.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/small_campaign.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
using theriac::datasets::ShardLease;

namespace {

namespace fs = std::filesystem;

nlohmann::json status(const TemporaryFolder& folder, int exit_code = 75,
                      const std::string& environment = {}) {
  const auto run = run_theriac("campaign status run --json", folder, environment);
  INFO(run.err);
  REQUIRE(run.exit_code == exit_code);
  return nlohmann::json::parse(run.out);
}

std::string text(const TemporaryFolder& folder) {
  return run_theriac("campaign status run", folder).out;
}

}  // namespace

TEST_CASE("the status of a campaign says what is done, what is handed out and what comes next") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", "proposer = \"screened-evolution\"\n");
  const std::string campaign = "campaign small.toml --hand_out --tasks 2";
  REQUIRE(run_theriac(campaign, folder).exit_code == 75);
  auto now = status(folder);
  CHECK(now["state"] == "waiting");
  CHECK(now["docked"] == 0);
  CHECK(now["best"].is_null());
  CHECK(now["tasks"]["of"] == "round 0");
  CHECK(now["tasks"]["waiting"] == std::vector<int>{0, 1});
  CHECK(now["tasks"]["molecules"] == 2);
  CHECK(now["rounds"][0]["candidates"] == 5);
  CHECK(now["rounds"][0]["to_dock"] == 2);
  CHECK_THAT(text(folder),
             Contains("tasks      round 0: 0 of 2 finished, 2 waiting (0-1); 0 of 2 molecules\n") &&
                 Contains("next       'theriac campaign dock run/tasks/round-000' or sbatch"));

  {  // one of them runs
    const auto other = ShardLease::take(folder / "run/tasks/round-000/task-00001", {}, nullptr);
    REQUIRE(other);
    now = status(folder);
    CHECK(now["tasks"]["running"] == std::vector<int>{1});
    CHECK(now["tasks"]["holders"].size() == 1);
  }
  REQUIRE(run_theriac("campaign dock run/tasks/round-000 --task 0", folder).exit_code == 0);
  now = status(folder);
  CHECK(now["tasks"]["finished"] == std::vector<int>{0});
  CHECK(now["tasks"]["done"] == 1);
  CHECK(now["docked"] == 0);  // not in the journal yet

  // a job that left a task undone
  fs::create_directories(folder / "bin");
  std::ofstream(folder / "bin/squeue") << "#!/bin/sh\n";
  fs::permissions(folder / "bin/squeue", fs::perms::owner_all);
  std::ofstream(folder / "run/tasks/round-000/job.json") << R"({"name":"run-round-000-1","number":"41"})";
  now = status(folder, 75, "PATH='" + (folder / "bin") + "':\"$PATH\"");
  CHECK(now["tasks"]["job"] == "41");
  CHECK(now["tasks"]["job_in_queue"] == "gone");
  CHECK(now["tasks"]["left"] == std::vector<int>{1});
  CHECK_THAT(now["next"].get<std::string>(),
             Contains("hands in again the tasks 1 of round 0, which job 41 left") && Contains("slurm-1.log"));
  fs::remove(folder / "run/tasks/round-000/job.json");

  REQUIRE(run_theriac("campaign dock run/tasks/round-000", folder).exit_code == 0);
  now = status(folder);
  CHECK(now["state"] == "stopped");
  CHECK(now["next"] == "the same theriac campaign command takes the rows of round 0 and goes on");
  REQUIRE(run_theriac(campaign, folder).exit_code == 75);
  now = status(folder);
  CHECK(now["docked"] == 2);
  CHECK(now["tasks"]["of"] == "round 1");
  CHECK(now["best"]["total"].get<double>() == now["rounds"][0]["best_total"].get<double>());
  CHECK_THAT(text(folder), Contains("\nround      1 of 2, being docked; round 2 is proposed\n"));

  // a journal whose last block is being written
  const std::string journal = read_file(folder / "run/journal");
  std::ofstream(folder / "run/journal", std::ios::binary) << journal.substr(0, journal.size() - 7);
  CHECK_THAT(text(folder), Contains("its last block is not whole"));
  CHECK(read_file(folder / "run/journal").size() == journal.size() - 7);  // only read
  std::ofstream(folder / "run/journal", std::ios::binary) << journal;

  REQUIRE(run_theriac("campaign small.toml", folder).exit_code == 0);  // the rest here
  now = status(folder, 0);
  CHECK(now["state"] == "finished");
  CHECK(now["tasks"].is_null());
  CHECK(now["next"] == "nothing: the campaign is finished");
  // totals told from the journal are those of the finished tables
  const auto rounds = read_csv(read_file(folder / "run/rounds.csv"));
  REQUIRE(now["rounds"].size() == rounds.size() - 1);
  const auto results = read_csv(read_file(folder / "run/results.csv"));
  for (std::size_t row = 1; row < results.size(); ++row) {
    if (result_cell(results, row, "rank") != "1") continue;
    CHECK(now["best"]["name"] == result_cell(results, row, "name"));
    CHECK(now["best"]["total"].get<double>() == Approx(std::stod(result_cell(results, row, "total"))));
  }
}

TEST_CASE("a coordinator that waits for its tasks is said to run") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", "proposer = \"screened-evolution\"\n");
  const std::string start =
      "cd '" + folder.path() +
      "' && { '" THERIAC_PROGRAM
      "' campaign small.toml --hand_out --tasks 2 --wait --poll 0.2 > log 2>&1 & echo $! > pid; }";
  REQUIRE(std::system(start.c_str()) == 0);
  const auto wait_for = [](const std::function<bool()>& what) {
    for (int i = 0; i < 600 && !what(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    REQUIRE(what());
  };
  wait_for([&] { return fs::exists(folder / "run/tasks/round-000/array.sbatch"); });
  auto now = status(folder);
  CHECK(now["state"] == "running");
  CHECK_THAT(now["next"].get<std::string>(), Catch::Matchers::StartsWith("waits for the tasks of round 0"));
  REQUIRE(run_theriac("campaign dock run/tasks/round-000", folder).exit_code == 0);
  wait_for([&] { return status(folder)["docked"] == 2; });  // beside the journal's writer
  REQUIRE(std::system(("kill $(cat '" + folder.path() + "/pid')").c_str()) == 0);
  wait_for([&] { return status(folder)["state"] != "running"; });
  CHECK(status(folder)["state"] == "waiting");
  CHECK_THAT(read_file(folder / "log"), Contains("asked to stop"));
}

TEST_CASE("totals of a running campaign are those of its finished tables") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", "proposer = \"screened-evolution\"\n");
  REQUIRE(run_theriac("campaign small.toml --hand_out --tasks 1", folder).exit_code == 75);
  REQUIRE(run_theriac("campaign dock run/tasks/round-000", folder).exit_code == 0);
  REQUIRE(run_theriac("campaign small.toml --hand_out --tasks 1", folder).exit_code == 75);
  const auto before = status(folder);
  REQUIRE(run_theriac("campaign small.toml", folder).exit_code == 0);
  const auto rounds = read_csv(read_file(folder / "run/rounds.csv"));
  CHECK(before["rounds"][0]["best_total"].get<double>() ==
        Approx(std::stod(result_cell(rounds, 1, "best_total"))).margin(6e-5));
  CHECK(before["rounds"][0]["best_kcal_mol"].get<double>() ==
        Approx(std::stod(result_cell(rounds, 1, "best_kcal_mol"))).margin(6e-3));
  CHECK(before["rounds"][0]["docked"] == std::stoi(result_cell(rounds, 1, "docked")));
}

TEST_CASE("the status of what is no campaign says so") {
  const TemporaryFolder folder;
  CHECK(run_theriac("campaign status nowhere", folder).exit_code == 3);
  std::ofstream(folder / "small.toml") << "";
  const auto file = run_theriac("campaign status small.toml", folder);
  CHECK(file.exit_code == 3);
  CHECK_THAT(file.err, Contains("is a file") && Contains("run folder"));
  fs::create_directories(folder / "empty");
  CHECK(run_theriac("campaign status empty", folder).exit_code == 3);
}
