// theriac store as people use it: build, look, add, check, and what it says when things are wrong.
#include "datasets/store.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_file;

namespace {

const std::string tables = std::string(THERIAC_TEST_DATA) + "/store";

/// A folder with small.h5 in it.
void build_small(const TemporaryFolder& folder) {
  const auto run = run_theriac("store build --from " + tables + " -o small.h5", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a store is built from a folder, described, exported and imported again") {
  const TemporaryFolder folder;
  const auto build = run_theriac("store build --from " + tables + " -o small.h5", folder);
  INFO(build.err);
  REQUIRE(build.exit_code == 0);
  CHECK_THAT(build.out, Contains("hetionet_CtD.tsv") && Contains("CC BY-NC-SA 4.0") &&
                            Contains("rejected rows, with line and reason: small.rejects.csv"));
  CHECK_THAT(read_file(folder / "small.rejects.csv"),
             Contains("hetionet_nodes.tsv,18,unknown kind of node 'Planet'"));

  const auto info = run_theriac("store info small.h5", folder);
  CHECK(info.exit_code == 0);
  CHECK_THAT(info.out, Contains("schema 1") && Contains("treats") && Contains("drug - disease") &&
                           Contains("SIDER 4.1") && Contains("non_commercial"));
  const auto json = nlohmann::json::parse(run_theriac("store info small.h5 --json", folder).out);
  CHECK(json["schema"] == "theriac.store/1");
  CHECK(json["schema_version"] == 1);
  CHECK(json["entities"]["anatomy"]["count"] == 1);
  CHECK(json["links"]["interacts"] == 2);
  CHECK(json["sources"][0]["sha256"].get<std::string>().size() == 64);

  const auto check = run_theriac("store check small.h5", folder);
  CHECK(check.exit_code == 0);
  CHECK(check.out == "small.h5: sound\n");

  CHECK(run_theriac("store export small.h5 --links is_a -o is_a.tsv", folder).exit_code == 0);
  CHECK_THAT(read_file(folder / "is_a.tsv"), Contains("disease:DOID:676\tis_a\tdisease:DOID:7148\tjuvenile "
                                                      "rheumatoid arthritis\trheumatoid arthritis\t1"));
  const auto add =
      run_theriac("store import small.h5 --format triples is_a.tsv -o more.h5 --source again", folder);
  INFO(add.err);
  CHECK(add.exit_code == 0);
  CHECK_THAT(run_theriac("store export more.h5 --links is_a", folder).out, Contains("\tagain\t"));
}

TEST_CASE("importing twice gives the same bytes, the store itself is the output unless told otherwise") {
  const TemporaryFolder folder;
  build_small(folder);
  const std::string command = "store import small.h5 --format triples " + tables + "/more/triples.tsv";
  const auto first = run_theriac(command, folder);
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  const std::string once = read_file(folder / "small.h5");
  CHECK(run_theriac(command + " --quiet", folder).out.empty());
  CHECK(read_file(folder / "small.h5") == once);
  CHECK_THAT(read_file(folder / "small.triples.rejects.csv"), Contains("did you mean 'causes'?"));
  CHECK(std::filesystem::exists(folder / "small.rejects.csv"));
}

TEST_CASE("stores are merged") {
  const TemporaryFolder folder;
  build_small(folder);
  std::filesystem::create_directory(folder / "one");
  std::filesystem::copy_file(tables + "/hetionet_CtD.tsv", folder / "one/hetionet_CtD.tsv");
  REQUIRE(run_theriac("store build --from one -o one.h5", folder).exit_code == 0);
  REQUIRE(run_theriac("store merge small.h5 one.h5 -o both.h5", folder).exit_code == 0);
  const auto merged = nlohmann::json::parse(run_theriac("store info both.h5 --json", folder).out);
  const auto alone = nlohmann::json::parse(run_theriac("store info small.h5 --json", folder).out);
  CHECK(merged["links"] == alone["links"]);
  CHECK(merged["entities"]["drug"]["count"] == alone["entities"]["drug"]["count"]);
}

TEST_CASE("each fault has its exit code, and the old store stays") {
  const TemporaryFolder folder;
  build_small(folder);
  const std::string before = read_file(folder / "small.h5");

  CHECK(run_theriac("store", folder).exit_code == 2);
  CHECK(run_theriac("store build --from " + tables, folder).exit_code == 2);
  CHECK(run_theriac("store import small.h5 --format triples", folder).exit_code == 2);
  const auto format = run_theriac("store import small.h5 --format tripels x.tsv", folder);
  CHECK(format.exit_code == 2);
  CHECK_THAT(format.err, Contains("did you mean 'triples'?"));
  const auto refused = run_theriac("store info small.h5 --links treats", folder);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("store info takes no --links"));
  CHECK(run_theriac("store export small.h5 --links treat", folder).exit_code == 2);

  CHECK(run_theriac("store info none.h5", folder).exit_code == 3);
  CHECK(run_theriac("store build --from nowhere -o small.h5", folder).exit_code == 3);
  write(folder / "bad.tsv", "head\ttail\na\tb\n");
  const auto missing = run_theriac("store import small.h5 --format triples bad.tsv", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err,
             Contains("'bad.tsv', line 1: no column 'relation'") && Contains("the columns are: head, tail"));

  write(folder / "cut.h5", before.substr(0, before.size() / 2));
  for (const std::string task : {"info", "check", "export --links treats"}) {
    const auto cut = run_theriac("store " + task + " cut.h5", folder);
    INFO(task << cut.err);
    CHECK(cut.exit_code == 5);
    CHECK_THAT(cut.err, Contains("cut.h5") && Contains("truncated"));
  }
  CHECK(
      run_theriac("store import cut.h5 --format triples " + tables + "/more/triples.tsv", folder).exit_code ==
      5);
  CHECK(run_theriac("store build --from " + tables + " -o no/folder/x.h5", folder).exit_code == 2);
  CHECK(read_file(folder / "small.h5") == before);
}

TEST_CASE("only permissive data when asked") {
  const TemporaryFolder folder;
  const auto build = run_theriac("store build --from " + tables + " --licence permissive -o open.h5", folder);
  INFO(build.err);
  REQUIRE(build.exit_code == 0);
  CHECK_THAT(build.out, Contains("left out for its licence") && Contains("rows left out for their licence"));
  CHECK(run_theriac("store build --from " + tables + " --licence free -o open.h5", folder).exit_code == 2);
}
