#include "datasets/run_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::InputError;
using theriac::StorageError;
using theriac::UsageError;
using namespace theriac::datasets;

namespace {

RunIdentity identity(const std::string& seed = "1", const std::string& exhaustiveness = "8") {
  RunIdentity run;
  run.command = "dock";
  run.version = "0.1.0";
  run.seed = seed;
  run.settings = {{"exhaustiveness", exhaustiveness}};
  run.inputs = {{"receptor", "1iep.pdb", sha256("ATOM"), 4}};
  return run;
}

}  // namespace

TEST_CASE("SHA-256 gives the published answers") {
  // FIPS 180-4 examples
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("the same command again continues, and a complete run is left alone") {
  TemporaryFolder folder;
  const std::string path = folder / "run1";
  {
    RunFolder run(path, identity());
    CHECK_FALSE(run.resumed());
    run.journal().append("row", 1);
  }
  {
    RunFolder run(path, identity());
    CHECK(run.resumed());
    CHECK_FALSE(run.finished());
    run.publish("results.csv", "name\nimatinib\n");
    run.finish({});
  }
  RunFolder run(path, identity());
  CHECK(run.finished());
  CHECK_FALSE(std::filesystem::exists(path + "/journal"));
  CHECK_NOTHROW(verify_published(path, "results.csv"));
}

TEST_CASE("another run in the folder is refused with what differs") {
  TemporaryFolder folder;
  const std::string path = folder / "run1";
  { RunFolder run(path, identity()); }
  CHECK_THROWS_WITH(RunFolder(path, identity("2")), Contains("holds another run: seed was 1, now 2"));
  CHECK_THROWS_WITH(RunFolder(path, identity("1", "32")), Contains("exhaustiveness was 8, now 32"));
  {
    RunFolder run(path, identity());
    run.publish("results.csv", "x\n");
    run.finish({});
  }
  CHECK_THROWS_WITH(RunFolder(path, identity("2")), Contains("seed was 1, now 2"));
  RunFolder again(path, identity("2"), true);
  CHECK_FALSE(again.finished());
  CHECK_FALSE(std::filesystem::exists(path + "/results.csv"));
}

TEST_CASE("a folder of the user's is never taken over") {
  TemporaryFolder folder;
  std::ofstream(folder / "thesis.txt") << "do not touch";
  CHECK_THROWS_WITH(RunFolder(folder.path(), identity()), Contains("is not empty and holds no Theriac run"));
  CHECK_THROWS_AS(RunFolder(folder.path(), identity(), true), UsageError);
  CHECK_THROWS_WITH(RunFolder(folder / "thesis.txt", identity()), Contains("is not a folder"));
  CHECK(read_file(folder / "thesis.txt") == "do not touch");
}

TEST_CASE("two runs in one folder: the second is told so") {
  TemporaryFolder folder;
  const std::string path = folder / "run1";
  RunFolder run(path, identity());
  const pid_t child = fork();
  if (child == 0) {
    int status = 1;
    try {
      RunFolder second(path, identity());
    } catch (const StorageError& error) {
      status = std::string(error.what()).find("another theriac process is running in") == 0 ? 0 : 2;
    }
    _exit(status);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("who looks whether a run folder is in use disturbs nobody") {
  TemporaryFolder folder;
  const std::string path = folder / "run1";
  CHECK_FALSE(RunFolder::in_use(path));
  {
    RunFolder run(path, identity());
    CHECK(RunFolder::in_use(path));
  }
  CHECK_FALSE(RunFolder::in_use(path));
  // a run that begins while others look again and again
  std::atomic<bool> end{false};
  std::thread watcher([&] {
    for (; !end; std::this_thread::sleep_for(std::chrono::milliseconds(1))) RunFolder::in_use(path);
  });
  for (int i = 0; i < 50; ++i) CHECK_NOTHROW(RunFolder(path, identity()));
  end = true;
  watcher.join();
}

TEST_CASE("an output that cannot be written is a storage error") {
  CHECK_THROWS_AS(RunFolder("/proc/theriac/run1", identity()), StorageError);
  if (geteuid() == 0) {
    WARN("skipped for root: a folder without write permission");
    return;
  }
  TemporaryFolder folder;
  std::filesystem::permissions(folder.path(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  CHECK_THROWS_AS(RunFolder(folder / "run1", identity()), StorageError);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

TEST_CASE("a damaged or foreign result is noticed") {
  TemporaryFolder folder;
  const std::string path = folder / "run1";
  {
    RunFolder run(path, identity());
    run.publish("results.h5", "pretend");
    run.finish({});
  }
  std::ofstream(path + "/results.h5") << "changed";
  CHECK_THROWS_WITH(verify_published(path, "results.h5"), Contains("is damaged or was changed"));
  std::filesystem::remove(path + "/results.h5");
  CHECK_THROWS_WITH(verify_published(path, "results.h5"), Contains("is missing"));
  std::ofstream(path + "/provenance.json") << "{}";
  CHECK_THROWS_WITH(verify_published(path, "results.h5"), Contains("not written by Theriac"));
  CHECK_THROWS_AS(verify_published(folder / "nowhere", "results.h5"), InputError);
}

TEST_CASE("a single output file is delivered and its working folder goes") {
  TemporaryFolder folder;
  {
    RunFolder run(folder / "docked.sdf.part", identity());
    run.publish("docked.sdf", "$$$$\n");
    run.deliver("docked.sdf", folder / "docked.sdf");
  }
  CHECK(read_file(folder / "docked.sdf") == "$$$$\n");
  CHECK_FALSE(std::filesystem::exists(folder / "docked.sdf.part"));
}

TEST_CASE("a file that was not published does not appear") {
  TemporaryFolder folder;
  {
    DurableFile file(folder / "table.csv");
    file.write("half");
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(DurableFile(folder / "absent/table.csv"), StorageError);
}
