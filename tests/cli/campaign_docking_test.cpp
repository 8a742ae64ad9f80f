// A campaign whose docking is handed out, as a user runs it: what is said, and what is refused.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/cli/fake_slurm.hpp"
#include "tests/cli/small_campaign.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

const char* const proposer = "proposer = \"screened-evolution\"\n";  // starts at once, without LibTorch

std::string text(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_file(folder / file);
}

/// The word behind `before`.
std::string word_after(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  REQUIRE(at != std::string::npos);
  const auto begin = at + before.size();
  return text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

}  // namespace

TEST_CASE("docking that is handed out and run by hand ends in the bytes of the local run") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", proposer);
  REQUIRE(run_theriac("campaign small.toml -o local", folder).exit_code == 0);
  int rounds = 0;
  for (;; ++rounds) {
    REQUIRE(rounds < 10);
    const auto run = run_theriac("campaign small.toml --hand_out --tasks 2", folder);
    INFO(run.err);
    if (run.exit_code == 0) break;
    REQUIRE(run.exit_code == 75);
    CHECK_THAT(run.err, Contains("the same command takes their rows and goes on"));
    const std::string script = word_after(run.err, "slurm     sbatch ");
    const std::string batch = fs::path(script).parent_path().string();
    CHECK_THAT(text(folder, script), Contains("#SBATCH --array=0-1") && Contains("campaign dock '") &&
                                         Contains("--signal=B:TERM@60"));
    if (rounds == 1) {  // half of it, then the coordinator again
      REQUIRE(run_theriac("campaign dock " + batch + " --task 1", folder).exit_code == 0);
      CHECK_THAT(run_theriac("campaign small.toml --hand_out", folder).err,
                 Contains("1 of 2 tasks are not finished"));
      CHECK_THAT(text(folder, script), Contains("#SBATCH --array=0\n"));
      CHECK_THAT(run_theriac("campaign dock " + batch + " --task 1", folder).err,
                 Contains("task 1 is complete"));
    }
    const auto tasks = run_theriac("campaign dock " + batch, folder);
    INFO(tasks.err);
    REQUIRE(tasks.exit_code == 0);
    CHECK_THAT(tasks.err, Contains("molecules docked (0 failed)"));
  }
  CHECK(rounds == 3);
  for (const char* file : {"results.csv", "rounds.csv", "failures.csv", "results.h5", "poses.sdf.gz",
                           "report.html", "run.toml", "summary.json", "progress.svg"}) {
    INFO(file);
    CHECK(text(folder, std::string("local/") + file) == text(folder, std::string("run/") + file));
  }
  CHECK_FALSE(fs::exists(folder / "run/tasks"));
}

TEST_CASE("tasks refuse other receptors and settings, campaigns refuse damaged rows") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", proposer);
  fs::copy(examples + "/2xnb_receptor.pdb", folder / "rec.pdb");
  std::string toml = text(folder, "small.toml");
  toml.replace(toml.find(examples + "/2xnb_receptor.pdb"), examples.size() + 18, "rec.pdb");
  std::ofstream(folder / "small.toml") << toml;
  REQUIRE(run_theriac("campaign small.toml --hand_out --tasks 2", folder).exit_code == 75);

  const std::string receptor = text(folder, "rec.pdb");
  std::ofstream(folder / "rec.pdb") << receptor.substr(receptor.find("ATOM", receptor.find("ATOM") + 4));
  auto run = run_theriac("campaign dock run/tasks/round-000 --task 0", folder);
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("prepared receptor 'CDK2' was ") && Contains("restore the files"));
  std::ofstream(folder / "rec.pdb") << receptor;

  const std::string settings = text(folder, "run/tasks/campaign.toml");
  std::string others = settings;
  others.replace(others.find("exhaustiveness = 0.3"), 20, "exhaustiveness = 0.4");
  std::ofstream(folder / "run/tasks/campaign.toml") << others;
  run = run_theriac("campaign dock run/tasks/round-000 --task 0", folder);
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("docking.exhaustiveness was 0.3, now 0.4"));
  std::ofstream(folder / "run/tasks/campaign.toml") << settings;

  REQUIRE(run_theriac("campaign dock run/tasks/round-000", folder).exit_code == 0);
  const std::string rows = text(folder, "run/tasks/round-000/task-00001.rows");
  std::ofstream(folder / "run/tasks/round-000/task-00001.rows") << rows.substr(0, rows.size() / 2);
  run = run_theriac("campaign small.toml --hand_out", folder);
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err, Contains("the result of task 1 of round 0 cannot be used"));
  const std::string remedy = "campaign dock run/tasks/round-000 --task 1 --overwrite";
  CHECK_THAT(run.err, Contains("theriac " + remedy));
  REQUIRE(run_theriac(remedy, folder).exit_code == 0);
  CHECK(text(folder, "run/tasks/round-000/task-00001.rows") == rows);

  run = run_theriac("campaign small.toml --hand_out --now", folder, "PATH=/nowhere");
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err,
             Contains("there is no sbatch on this machine") && Contains("run/tasks/round-001/array.sbatch"));
  CHECK_FALSE(fs::exists(folder / "run/tasks/round-001/job.json"));
  CHECK(run_theriac("campaign small.toml --wait", folder).exit_code == 2);
  CHECK(run_theriac("campaign dock run/tasks/round-001 --task 99", folder).exit_code == 2);
  CHECK(run_theriac("campaign dock run/tasks/round-007", folder).exit_code == 3);

  const auto anew = run_theriac("campaign small.toml --seed 5 --overwrite --hand_out", folder);
  CHECK(anew.exit_code == 75);
  CHECK(fs::exists(folder / "run/tasks/round-000"));
  CHECK_FALSE(fs::exists(folder / "run/tasks/round-001"));
}

TEST_CASE("a coordinator that is killed while it submits finds its job and does not submit it twice") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", proposer);
  const std::string path = "PATH='" + (folder / "bin") + "':\"$PATH\"";
  const auto campaign = [&](const std::string& more = "") {
    return run_theriac("campaign small.toml --hand_out --now --tasks 2" + more, folder, path);
  };
  write_slurm(folder, "kill -9 $PPID");  // Slurm has the job, the coordinator never hears its number
  CHECK(campaign().exit_code > 128);
  REQUIRE(lines(folder, "submitted") == 1);
  const std::string name = text(folder, "queue").substr(3);
  CHECK_THAT(name, Catch::Matchers::StartsWith("run-round-000-"));
  CHECK(name.size() == std::string("run-round-000-").size() + 8 + 1);

  write_slurm(folder, "");
  std::ofstream(folder / "down") << "";  // is it there or not?
  auto run = campaign();
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err,
             Contains("whether job '" + name.substr(0, name.size() - 1) + "' was handed in is not known") &&
                 Contains("run/tasks/round-000/job.json"));
  fs::remove(folder / "down");
  run = campaign();
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, Contains("slurm     job 41 waits or runs"));
  run = campaign();  // now by its number
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, Contains("slurm     job 41 waits or runs"));
  CHECK(lines(folder, "submitted") == 1);

  REQUIRE(run_theriac("campaign dock run/tasks/round-000 --task 0", folder).exit_code == 0);
  std::ofstream(folder / "queue") << "";  // the job is gone and left the other task
  run = campaign(" --job_name 'my, job'");
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, Contains("job 41 is no longer in the queue") && Contains("Submitted batch job 42"));
  CHECK(lines(folder, "submitted") == 2);
  CHECK_THAT(text(folder, "queue"), Catch::Matchers::StartsWith("42 my__job-"));
  CHECK_THAT(text(folder, "run/tasks/round-000/array.sbatch"), Contains("#SBATCH --array=1\n"));
}

TEST_CASE("a coordinator that is killed before it submits submits when it goes on") {
  const TemporaryFolder folder;
  write_campaign(folder, "small.toml", "", proposer);
  write_slurm(folder, "");
  const std::string sbatch = text(folder, "bin/sbatch");
  std::ofstream(folder / "bin/sbatch") << "#!/bin/sh\nkill -9 $PPID\n";
  const std::string path = "PATH='" + (folder / "bin") + "':\"$PATH\"";
  CHECK(run_theriac("campaign small.toml --hand_out --now", folder, path).exit_code > 128);
  REQUIRE(fs::exists(folder / "run/tasks/round-000/job.json"));
  std::ofstream(folder / "bin/sbatch") << sbatch;
  const auto run = run_theriac("campaign small.toml --hand_out --now", folder, path);
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, Contains("Submitted batch job 41"));
  CHECK(lines(folder, "submitted") == 1);
}
