// Shards of a library: the records come back, and who may work on one.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/shard_lease.hpp"
#include "datasets/shard_records.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::StorageError;
using namespace theriac::datasets;
namespace chem = theriac::chem;

namespace {

chem::RawRecord record(std::int64_t index) {
  chem::RawRecord made;
  made.index = index;
  made.file = "library.smi";
  made.line = index + 1;
  made.name = "m" + std::to_string(index);
  made.text = std::string(static_cast<std::size_t>(index % 7 + 1), 'C');
  if (index % 5 == 0) made.properties = {{"id", std::to_string(index)}, {"note", "a,\"b\"\n"}};
  if (index % 11 == 0) made.message = "cannot be read";
  return made;
}

std::uint64_t key(std::int64_t index) {
  return static_cast<std::uint64_t>(index * 7919 + 3);
}

void write_lease(const std::string& path, const std::string& boot, int beat) {
  std::ofstream(path + ".new") << R"({"host":"node9","boot":")" << boot
                               << R"(","process":12,"began":34,"beat":)" << beat << R"(,"released":false})"
                               << '\n';
  std::filesystem::rename(path + ".new", path);
}

}  // namespace

TEST_CASE("records of a library come back from their shards in order, each once") {
  TemporaryFolder folder;
  {
    ShardRecordsWriter writer(folder.path(), "plan", 4);
    for (int i = 0; i < 500; ++i) writer.add(record(i), key(i));
    writer.flush();
    for (int i = 500; i < 600; ++i) writer.add(record(i), key(i));  // in memory when the process dies
  }
  ShardRecordsWriter writer(folder.path(), "plan", 4);
  REQUIRE(writer.records_kept() == 500);
  for (int i = 500; i < 1000; ++i) writer.add(record(i), key(i));
  writer.finish();
  CHECK(ShardRecordsWriter::finished(folder.path(), "plan"));
  CHECK_FALSE(ShardRecordsWriter::finished(folder.path(), "another"));

  const ShardRecords records(folder.path());
  REQUIRE(records.shards() == 4);
  CHECK(records.count() == 1000);
  std::vector<int> seen(1000, 0);
  for (int shard = 0; shard < 4; ++shard) {
    auto next = records.open(shard);
    std::int64_t last = -1, count = 0;
    while (const auto found = next()) {
      const auto expected = record(found->index);
      CHECK(found->text == expected.text);
      CHECK(found->properties == expected.properties);
      CHECK(found->message == expected.message);
      CHECK(found->line == expected.line);
      CHECK(shard_of(key(found->index), 4) == shard);
      CHECK(found->index > last);
      last = found->index;
      ++count;
      ++seen[static_cast<std::size_t>(found->index)];
    }
    CHECK(count == records.count(shard));
  }
  CHECK(seen == std::vector<int>(1000, 1));
}

TEST_CASE("a damaged piece of a library is an error that names its shard") {
  TemporaryFolder folder;
  ShardRecordsWriter writer(folder.path(), "plan", 1);
  for (int i = 0; i < 50; ++i) writer.add(record(i), key(i));
  writer.finish();
  const std::string path = folder / "records.bin";
  std::string bytes = read_file(path);
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 0x55);
  std::ofstream(path, std::ios::binary) << bytes;
  CHECK_THROWS_WITH(ShardRecords(folder.path()).open(0)(), Contains("the records of shard 0 cannot be read"));
  std::filesystem::resize_file(folder / "index.bin", 30);
  CHECK_THROWS_AS(ShardRecords(folder.path()), StorageError);
}

TEST_CASE("a lease is held by one task and free as soon as it is released") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  LeaseHolder holder;
  {
    const auto lease = ShardLease::take(stem, {}, nullptr);
    REQUIRE(lease);
    CHECK(lease->predecessor() == ShardLease::Predecessor::none);
    CHECK_FALSE(ShardLease::take(stem, {}, &holder));
    CHECK(holder.process == getpid());
  }
  auto next = ShardLease::take(stem, {}, nullptr);
  REQUIRE(next);
  CHECK(next->predecessor() == ShardLease::Predecessor::ended);
  CHECK(next->number() == 2);
  next->remove();
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("of many tasks that want a lease at the same moment one gets it") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  write_lease(stem + ".lease-1", "gone", 0);
  std::ofstream(stem + ".lease-1")
      << R"({"host":"n","boot":"x","process":1,"began":1,"beat":0,"released":true})";
  std::atomic<int> taken{0};
  std::vector<std::thread> tasks;
  std::vector<std::optional<ShardLease>> leases(8);
  for (std::size_t i = 0; i < leases.size(); ++i)
    tasks.emplace_back([&, i] {
      auto lease = ShardLease::take(stem, {}, nullptr);
      if (!lease) return;
      leases[i].emplace(std::move(*lease));
      ++taken;
    });
  for (auto& task : tasks) task.join();
  CHECK(taken == 1);
}

TEST_CASE("many tasks that take and leave a lease in turn never hold it two at a time") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  std::atomic<int> inside{0}, most{0}, turns{0};
  std::vector<std::thread> tasks;
  for (int i = 0; i < 6; ++i)
    tasks.emplace_back([&] {
      for (int turn = 0; turn < 150; ++turn) {
        const auto lease = ShardLease::take(stem, {}, nullptr);
        if (!lease) continue;
        const int now = ++inside;
        if (now > most) most = now;
        ++turns;
        std::this_thread::yield();
        --inside;
      }
    });
  for (auto& task : tasks) task.join();
  CHECK(most == 1);
  CHECK(turns > 6);
}

TEST_CASE("a lease that is there and cannot be read is not taken for a free shard") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  // a link to nowhere is listed and cannot be read, as a file that another host has just replaced
  std::filesystem::create_symlink(folder / "nowhere", stem + ".lease-3");
  SECTION("for ever: an error") {
    CHECK_THROWS_WITH(ShardLease::take(stem, {}, nullptr), Contains("lease-3' is there and cannot be read"));
  }
  SECTION("for an instant: the holder is seen") {
    std::thread elsewhere([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      std::filesystem::remove(stem + ".lease-3");
      write_lease(stem + ".lease-4", "another boot", 0);
    });
    LeaseOptions options;
    options.silence = 0.6;
    const auto lease = ShardLease::take(stem, options, nullptr);
    elsewhere.join();
    REQUIRE(lease);
    CHECK(lease->number() == 5);
    CHECK(lease->predecessor() == ShardLease::Predecessor::silent);
  }
}

TEST_CASE("a holder on another host is judged by its beat, not by any clock") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  LeaseOptions options;
  options.silence = 1.5;
  SECTION("silent: taken over") {
    write_lease(stem + ".lease-4", "another boot", 7);
    // a time stamp in the future or in the past says nothing
    std::filesystem::last_write_time(stem + ".lease-4",
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(5));
    bool watched = false;
    options.on_wait = [&](const LeaseHolder& who) { watched = who.host == "node9"; };
    const auto lease = ShardLease::take(stem, options, nullptr);
    REQUIRE(lease);
    CHECK(watched);
    CHECK(lease->predecessor() == ShardLease::Predecessor::silent);
    CHECK(lease->number() == 5);
  }
  SECTION("beating: refused") {
    write_lease(stem + ".lease-4", "another boot", 0);
    std::atomic<bool> end{false};
    std::thread elsewhere([&] {
      for (int beat = 1; !end; ++beat) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        write_lease(stem + ".lease-4", "another boot", beat);
      }
    });
    LeaseHolder holder;
    CHECK_FALSE(ShardLease::take(stem, options, &holder));
    end = true;
    elsewhere.join();
    CHECK(holder.host == "node9");
  }
}

TEST_CASE("a holder that was taken for dead notices that it was replaced") {
  TemporaryFolder folder;
  const std::string stem = folder / "shard-00000";
  LeaseOptions options;
  options.silence = 0.6;
  const auto lease = ShardLease::take(stem, options, nullptr);
  REQUIRE(lease);
  CHECK_FALSE(lease->lost());
  write_lease(stem + ".lease-2", "another boot", 0);
  for (int i = 0; i < 100 && !lease->lost(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(lease->lost());
}
