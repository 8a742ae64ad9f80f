// theriac screen submit: arrays that are handed in once, whatever becomes of sbatch.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/cli/fake_slurm.hpp"
#include "tests/cli/small_screen.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_file;
namespace fs = std::filesystem;

TEST_CASE("a screen whose submission was killed finds its job and submits the array once") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  const std::string path = "PATH='" + (folder / "bin") + "':\"$PATH\"";
  const auto submit = [&](const std::string& more = "") {
    return run_theriac("screen submit p --now" + more, folder, path);
  };
  write_slurm(folder, "kill -9 $PPID");  // Slurm has the job, theriac never hears its number
  CHECK(submit().exit_code > 128);
  REQUIRE(lines(folder, "submitted") == 1);
  write_slurm(folder, "");
  std::ofstream(folder / "down") << "";
  auto run = submit();
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err, Contains("was handed in is not known") && Contains("p/job.json"));
  fs::remove(folder / "down");
  run = submit(" --json");
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("job 41 of this screen waits or runs: nothing is handed in"));
  CHECK_THAT(run.out, Contains("\"job\": \"41\""));
  CHECK(lines(folder, "submitted") == 1);

  require_done(run_theriac("screen run p --shard 0,2", folder));
  std::ofstream(folder / "queue") << "";  // the job is gone and left a shard
  run = submit();
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("job 41 is no longer in the queue") && Contains("Submitted batch job 42"));
  CHECK_THAT(read_file(folder / "queue"), Catch::Matchers::StartsWith("42 p-"));
  CHECK_THAT(read_file(folder / "p/array.sbatch"), Contains("#SBATCH --array=1\n"));
  require_done(run_theriac("screen run p", folder));
  CHECK_THAT(submit().err, Contains("all shards of 'p' are finished"));
  CHECK(lines(folder, "submitted") == 2);
}

TEST_CASE("an array that sbatch refuses is not noted and one that timed out is") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  const std::string path = "PATH='" + (folder / "bin") + "':\"$PATH\"";
  const auto submit = [&] { return run_theriac("screen submit p --now", folder, path); };
  write_slurm(folder, "sed -i '$d' queue submitted\necho 'sbatch: error: Invalid account' >&2\nexit 1");
  std::ofstream(folder / "down") << "";  // squeue would not know
  auto run = submit();
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("sbatch refused the script 'p/array.sbatch'") && Contains("Invalid account"));
  CHECK_FALSE(fs::exists(folder / "p/job.json"));
  CHECK(lines(folder, "queue") == 0);

  for (const char* ending :
       {"echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv "
        "operation' >&2\nexit 1",
        "kill -9 $$"}) {
    INFO(ending);
    std::ofstream(folder / "queue") << "";
    fs::remove(folder / "p/job.json");
    fs::remove(folder / "submitted");
    write_slurm(folder, ending);  // Slurm has the job all the same
    run = submit();
    CHECK(run.exit_code == 3);
    CHECK_THAT(run.err, Contains("may have come through all the same"));
    CHECK(submit().exit_code == 5);  // squeue does not answer
    fs::remove(folder / "down");
    CHECK_THAT(submit().err, Contains("job 41 of this screen waits or runs: nothing is handed in"));
    CHECK(lines(folder, "submitted") == 1);
    std::ofstream(folder / "down") << "";
  }

  std::ofstream(folder / "queue") << "";
  fs::remove(folder / "p/job.json");
  write_slurm(folder, "");
  CHECK_THAT(submit().err, Contains("Submitted batch job 42"));
}

TEST_CASE("an array that waits keeps its list of shards when another script is printed") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  const auto list_of = [&](const Transcript& run) {
    const auto at = run.out.find("elements-");
    REQUIRE(at != std::string::npos);
    return "p/" + run.out.substr(at, run.out.find('\'', at) - at);
  };
  const std::string first = list_of(run_theriac("screen submit p --array_size 2", folder));
  CHECK(read_file(folder / first) == "0,2\n1\n");
  require_done(run_theriac("screen run p --shard 1", folder));
  const std::string second = list_of(run_theriac("screen submit p --array_size 1", folder));
  CHECK(read_file(folder / second) == "0,2\n");
  CHECK(read_file(folder / first) == "0,2\n1\n");
}
