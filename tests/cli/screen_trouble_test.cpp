// theriac screen: damage, full disks, two at once, dead hosts and kills leave the bytes as they were.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "datasets/shard_lease.hpp"
#include "tests/cli/small_screen.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_file;
using theriac::datasets::ShardLease;
namespace fs = std::filesystem;

TEST_CASE("a damaged shard is named and made anew, and the others are kept") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  const std::string path = folder / "p/shards/shard-00001.rows", good = read_file(path);
  std::string bytes = good;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto merge = run_theriac("screen merge p", folder);
  CHECK(merge.exit_code == 5);
  CHECK_THAT(merge.err, Contains("shard 1 is damaged") && Contains("--shard 1 --overwrite"));
  CHECK_FALSE(fs::exists(folder / "p/merged/results.csv"));
  require_done(run_theriac("screen run p --shard 1 --overwrite", folder));
  CHECK(read_file(path) == good);
  require_done(run_theriac("screen merge p", folder));
}

TEST_CASE("a full disk stops a shard with what is done, and the same command continues") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac("screen plan library.smi --shards 1 --sample 0 -o p" + site, folder));
  // a file may have 8 kB: room for a few rows
  const auto full = run_theriac("screen run p --checkpoint 0", folder, "ulimit -f 16;");
  CHECK(full.exit_code == 5);
  CHECK_THAT(full.err, Contains("disk full") && Contains("records are safe"));
  const auto rest = run_theriac("screen run p", folder);
  require_done(rest);
  CHECK_THAT(rest.err, Contains("of 9 records are done: continuing"));
  require_done(run_theriac("screen merge p", folder));
  require_done(run_theriac("dock -l library.smi -o whole" + site, folder));
  CHECK(bytes_of(folder, "p/merged") == bytes_of(folder, "whole"));
}

TEST_CASE("two tasks on one shard and two merges at once are refused") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  {
    const auto other = ShardLease::take(folder / "p/shards/shard-00002", {}, nullptr);
    REQUIRE(other);
    const auto refused = run_theriac("screen run p --shard 2", folder);
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Contains("shard 2 is being run by"));
    CHECK_THAT(run_theriac("screen status p", folder).out, Contains("running"));
    const auto rest = run_theriac("screen run p", folder);  // all: leaves that one out
    CHECK_THAT(rest.err, Contains("left to it"));
  }
  require_done(run_theriac("screen run p", folder));
  {
    const auto other = ShardLease::take(folder / "p/shards/merge", {}, nullptr);
    REQUIRE(other);
    const auto refused = run_theriac("screen merge p", folder);
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Contains("is being merged by"));
  }
  require_done(run_theriac("screen merge p", folder));
}

TEST_CASE("a shard whose holder on another host is silent is taken over whatever the clocks say") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  const std::string rows = folder / "p/shards/shard-00001.rows", calm = read_file(rows);
  require_done(run_theriac(plan + " --overwrite", folder));
  const std::string lease = folder / "p/shards/shard-00001.lease-4";
  std::ofstream(lease)
      << R"({"host":"node9","boot":"another","process":7,"began":1,"beat":3,"released":false})";
  fs::last_write_time(lease,
                      fs::file_time_type::clock::now() + std::chrono::hours(48));  // its clock is ahead
  fs::last_write_time(folder / "library.smi", fs::file_time_type::clock::now() - std::chrono::hours(48));
  CHECK_THAT(run_theriac("screen status p", folder).out, Contains("held") && Contains("node9, process 7"));
  const auto run = run_theriac("screen run p --shard 1 --silence 1", folder);
  require_done(run);
  CHECK_THAT(run.err, Contains("shard 1 is held by node9, process 7: watching for 1 s whether it is alive"));
  CHECK(read_file(rows) == calm);
  CHECK_FALSE(fs::exists(lease));
}

TEST_CASE("a disk that is full stops plan run and merge and with space each goes on") {
  TemporaryFolder folder;
  const std::string disk = folder / "disk",
                    mount = "mount -t tmpfs -o size=28k tmpfs '" + disk + "' 2> /dev/null";
  fs::create_directories(disk);
  if (std::system(mount.c_str()) != 0) {
    WARN("skipped: a small disk cannot be mounted here");
    return;
  }
  struct Mounted {
    std::string path;
    ~Mounted() { CHECK(std::system(("umount -l '" + path + "'").c_str()) == 0); }
  } const mounted{disk};
  const auto size = [&](const std::string& bytes) {
    REQUIRE(std::system(("mount -o remount,size=" + bytes + " '" + disk + "'").c_str()) == 0);
  };
  write_library(folder);
  const std::string small = "screen plan library.smi --shards 2 --sample 0 -o disk/p" + site;
  size("4k");
  const auto no_plan = run_theriac(small, folder);
  CHECK(no_plan.exit_code == 5);
  CHECK_THAT(no_plan.err, Contains("disk full") && Contains("(0 B free of 4.1 kB)"));
  size("24k");
  require_done(run_theriac(small, folder));
  const auto no_room = run_theriac("screen run disk/p --checkpoint 0", folder);
  CHECK(no_room.exit_code == 5);
  CHECK_THAT(no_room.err, Contains("disk full") && Contains("free some space and run the same command"));
  size("144k");
  require_done(run_theriac("screen run disk/p", folder));
  const auto no_merge = run_theriac("screen merge disk/p", folder);
  CHECK(no_merge.exit_code == 5);
  CHECK_THAT(no_merge.err, Contains("disk full while writing 'disk/p/merged/"));
  size("20M");
  require_done(run_theriac("screen merge disk/p", folder));
  require_done(run_theriac("dock -l library.smi -o whole" + site, folder));
  CHECK(bytes_of(folder, "disk/p/merged") == bytes_of(folder, "whole"));
}

TEST_CASE("files of a screen that may not be read say so") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  fs::resize_file(folder / "p/records.bin", 20);
  const auto run = run_theriac("screen run p", folder);
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err,
             Contains("is shorter than it was when it was planned") && Contains("plan the library again"));
  std::ofstream(folder / "p/plan.json") << "{";
  const auto plan_file = run_theriac("screen run p --shard 0", folder);
  CHECK(plan_file.exit_code == 5);
  CHECK_THAT(plan_file.err,
             Contains("'p/plan.json' is damaged") && Contains("plan again into another folder"));
}

TEST_CASE("a shard that is killed at any moment and taken up again has the same bytes") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  std::vector<std::string> undisturbed;
  for (int k = 0; k < 3; ++k)
    undisturbed.push_back(read_file(folder / ("p/shards/shard-0000" + std::to_string(k) + ".rows")));
  require_done(run_theriac(plan + " --overwrite", folder));
  int kills = 0;
  for (int attempt = 0; attempt < 60; ++attempt) {
    const pid_t child = fork();
    if (child == 0) {
      const std::string line = "cd '" + folder.path() +
                               "' && exec '" THERIAC_PROGRAM "' screen run p --checkpoint 0 > .out 2> .err";
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + attempt * 7919 % 400 + 20 * attempt));
    kill(child, attempt % 3 == 2 ? SIGTERM : SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
    ++kills;
  }
  INFO(kills << " kills");
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(read_file(folder / ("p/shards/shard-0000" + std::to_string(k) + ".rows")) == undisturbed[k]);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "p/shards")) {
    INFO(entry.path());
    files += entry.path().extension() != ".rows";
  }
  CHECK(files == 0);  // no journal, no lease
}
