#include "datasets/journal.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::StorageError;
using theriac::datasets::Journal;
using theriac::datasets::JournalFile;
using theriac::datasets::read_file;

namespace {

std::vector<std::string> payloads(const Journal& journal) {
  std::vector<std::string> all;
  journal.for_each([&](std::string_view payload, std::uint32_t) { all.emplace_back(payload); });
  return all;
}

/// Pages of files that this process holds: programs, libraries and what it has mapped.
long mapped_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "RssFile:") {
      long kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  FAIL("no RssFile in /proc/self/status");
  return 0;
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

const std::vector<std::string> three = {"imatinib -12.6", std::string("with a \0 byte", 13), ""};

/// Sizes of the journal after the header and after each block.
std::vector<std::size_t> write_three(const std::string& path) {
  std::vector<std::size_t> sizes;
  Journal journal(path, "run 1");
  sizes.push_back(std::filesystem::file_size(path));
  for (const auto& payload : three) {
    journal.append(payload, 2);
    sizes.push_back(std::filesystem::file_size(path));
  }
  return sizes;
}

}  // namespace

TEST_CASE("a journal gives back its blocks in order") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  write_three(path);
  Journal again(path, "run 1");
  CHECK(payloads(again) == three);
  CHECK(again.block_count() == 3);
  CHECK(again.record_count() == 6);
  CHECK(again.torn_bytes() == 0);
  again.append("a fourth", 1);
  CHECK(payloads(again).back() == "a fourth");
  CHECK(Journal::identity_of(path) == std::string("run 1"));
}

TEST_CASE("a journal cut at any byte keeps every block that was complete, and goes on") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  const auto sizes = write_three(path);
  const std::string whole = read_file(path);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    write_file(path, whole.substr(0, cut));
    Journal journal(path, "run 1");
    std::size_t complete = 0;
    while (complete < 3 && sizes[complete + 1] <= cut) ++complete;
    INFO("cut at byte " << cut);
    REQUIRE(journal.block_count() == complete);
    REQUIRE(journal.torn_bytes() == (cut < sizes[0] ? cut : cut - sizes[complete]));
    for (std::size_t i = complete; i < 3; ++i) journal.append(three[i], 2);
    REQUIRE(read_file(path) == whole);
  }
}

TEST_CASE("a flipped bit is never taken for a result") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  const auto sizes = write_three(path);
  const std::string whole = read_file(path);
  int refused = 0, cut_off = 0;
  for (std::size_t byte = 0; byte < whole.size(); ++byte) {
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << (byte % 8)));
    write_file(path, damaged);
    INFO("flip in byte " << byte);
    try {
      Journal journal(path, "run 1");
      // only the last block may go silently: it cannot be told from a torn write, and is computed again
      REQUIRE(byte >= sizes[2]);
      REQUIRE(payloads(journal) == std::vector<std::string>{three[0], three[1]});
      ++cut_off;
    } catch (const StorageError&) {
      REQUIRE(byte < sizes[2]);
      REQUIRE(read_file(path) == damaged);  // nothing was changed
      ++refused;
    }
  }
  CHECK(refused + cut_off == static_cast<int>(whole.size()));
}

TEST_CASE("damage in the middle names the block and what is safe") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  const auto sizes = write_three(path);
  std::string bytes = read_file(path);
  bytes[sizes[1] + 33] ^= 1;  // the payload of block 1
  write_file(path, bytes);
  CHECK_THROWS_WITH(Journal(path, "run 1"),
                    Contains("block 1 fails its checksum") && Contains("2 records before it are good"));
}

TEST_CASE("a block left as zeros by a power cut is torn, not a result") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  write_three(path);
  const std::string whole = read_file(path);
  write_file(path, whole + std::string(4096, '\0'));
  Journal journal(path, "run 1");
  CHECK(journal.block_count() == 3);
  CHECK(journal.torn_bytes() == 4096);
}

TEST_CASE("reading a long journal holds one block in memory") {
  constexpr int blocks = 64, megabyte = 1 << 20;
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  Journal journal(path, "run 1");
  for (int k = 0; k < blocks; ++k) journal.append(std::string(megabyte, static_cast<char>('a' + k % 26)), 1);
  const long before = mapped_kilobytes();
  long most = before;
  int seen = 0;
  const auto note = [&](std::string_view payload) {
    CHECK(payload == std::string(megabyte, static_cast<char>('a' + seen % 26)));
    ++seen;
    most = std::max(most, mapped_kilobytes());
  };
  SECTION("of a run") {
    journal.for_each([&](std::string_view payload, std::uint32_t) { note(payload); });
  }
  SECTION("opened again") {
    Journal again(path, "run 1");
    most = mapped_kilobytes();
    seen = static_cast<int>(again.block_count());
  }
  SECTION("of a finished shard, whose first block can still be read at the end") {
    JournalFile file(path);
    const auto first = file.next();
    REQUIRE(first);
    note(first->payload);
    while (const auto block = file.next()) note(block->payload);
    CHECK(first->payload == std::string(megabyte, 'a'));
  }
  CHECK(seen == blocks);
  CHECK(most - before < 8 * 1024);
}

TEST_CASE("a foreign file and another run's journal are refused") {
  TemporaryFolder folder;
  write_file(folder / "foreign", "HDF, or anything else that is long enough");
  CHECK_THROWS_WITH(Journal(folder / "foreign", "run 1"), Contains("is not a Theriac journal"));
  CHECK(read_file(folder / "foreign").substr(0, 3) == "HDF");
  write_three(folder / "journal");
  CHECK_THROWS_WITH(Journal(folder / "journal", "run 2"), Contains("belongs to another run"));
  CHECK_THROWS_AS(Journal(folder / "absent/journal", "run 1"), StorageError);
}

TEST_CASE("a full disk says how many records are safe, and they are") {
  TemporaryFolder folder;
  const std::string path = folder / "journal";
  // a limit on file size fails a write half-way, as a full disk does; in a child, since it cannot be lifted
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      Journal journal(path, "run 1");
      for (int i = 0; i < 100; ++i) journal.append(std::string(300, 'x'), 5);
    } catch (const StorageError& error) {
      const std::string text = error.what();
      const bool said = text.find("disk full") != std::string::npos &&
                        text.find("10 records are safe") != std::string::npos;
      status = said && !error.hint().empty() ? 0 : 2;
    }
    _exit(status);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  Journal journal(path, "run 1");
  CHECK(journal.record_count() == 10);
  CHECK(journal.torn_bytes() == 0);
}
