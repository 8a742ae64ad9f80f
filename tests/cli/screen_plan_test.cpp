// theriac screen plan: what a plan holds, what it estimates, and when it is another plan.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/results_table.hpp"
#include "tests/cli/small_screen.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
namespace fs = std::filesystem;

TEST_CASE("the estimate of a sorted library is the same however it is cut") {
  const TemporaryFolder folder;
  {
    std::ofstream library(folder / "library.smi");
    for (int n = 1; n <= 600; ++n)
      library << std::string(static_cast<std::size_t>(1 + n / 30), 'C') << "N n" << n << '\n';
  }
  const auto estimate = [&](int shards) {
    const std::string out = "p" + std::to_string(shards);
    require_done(
        run_theriac("screen plan library.smi --filter 'mw<170' --columns mw --models none --shards " +
                        std::to_string(shards) + " -o " + out,
                    folder));
    return nlohmann::json::parse(read_file(folder / (out + "/plan.json")))["estimate"];
  };
  const auto one = estimate(1), many = estimate(40);
  CHECK(one["sample"] == 256);
  CHECK(many["sample"] == 256);
  CHECK(one["passed"] == many["passed"]);
  const double share = one["passed"].get<double>() / 256;  // 300 of 600 are below 170
  CHECK(share == Approx(0.5).margin(0.1));
}

TEST_CASE("a library of many files is listed once in its plan and a changed file is another plan") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "library");
  const std::string atom =
      "ATOM      1  C   LIG L   1      11.000  11.500  13.000  1.00  0.00     0.000 C \n";
  for (int n = 1; n <= 5; ++n)
    std::ofstream(folder / ("library/ligand" + std::to_string(n) + ".pdbqt"))
        << "REMARK  Name = m" << n << "\nROOT\n"
        << atom << "ENDROOT\nTORSDOF 0\n";
  const std::string command = "screen plan library --shards 2 --sample 0 -o p" + site;
  require_done(run_theriac(command, folder));
  const std::string text = read_file(folder / "p/plan.json"), name = "\"library/ligand3.pdbqt\"";
  const auto at = text.find(name);
  REQUIRE(at != std::string::npos);
  CHECK(text.find(name, at + 1) == std::string::npos);
  CHECK(nlohmann::json::parse(text)["library"].size() == 5);
  CHECK_THAT(run_theriac(command, folder).err, Contains("is planned, from the same library"));
  std::ofstream(folder / "library/ligand3.pdbqt", std::ios::app) << "REMARK  later\n";
  const auto other = run_theriac(command, folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("holds another plan"));
}

TEST_CASE("the settings of a screen plan another library from its folder") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  CHECK_THAT(read_file(folder / "p/screen.toml"),
             Catch::Matchers::StartsWith("# these settings again: theriac screen plan LIBRARY --shards N "
                                         "--config screen.toml -o ANOTHER_FOLDER"));
  const auto config = "screen plan ../library.smi --shards 3 --sample 0 --config screen.toml -o ../q";
  const auto run =
      run_theriac("--version > /dev/null; cd p && '" THERIAC_PROGRAM "' " + std::string(config), folder);
  require_done(run);
  for (const std::string screen : {"p", "q"}) {
    require_done(run_theriac("screen run " + screen, folder));
    require_done(run_theriac("screen merge " + screen, folder));
  }
  CHECK(read_file(folder / "p/merged/poses.sdf.gz") == read_file(folder / "q/merged/poses.sdf.gz"));
}

TEST_CASE("a screen takes no seed poses") {
  TemporaryFolder folder;
  write_library(folder);
  std::ofstream(folder / "seeds.sdf") << "";
  const auto refused = run_theriac(plan + "--seed_poses seeds.sdf", folder);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("a screen takes no seed poses"));
}

TEST_CASE("a library that was changed after planning is noticed and the planned records stay usable") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  std::ofstream(folder / "library.smi", std::ios::app) << "CCCC m10\n";
  for (const char* part : {"run p --shard 0", "merge p", "submit p"}) {
    const auto refused = run_theriac(std::string("screen ") + part, folder);
    CHECK(refused.exit_code == 3);
    CHECK_THAT(refused.err, Contains("was changed after it was planned") && Contains("--as_planned"));
  }
  require_done(run_theriac("screen run p --as_planned", folder));
  fs::remove(folder / "library.smi");  // absent, as on a node that does not mount it
  require_done(run_theriac("screen merge p", folder));
  CHECK(read_csv(read_file(folder / "p/merged/results.csv")).size() == 10);
}

TEST_CASE("a plan refuses another library in its folder, and a molecule too large to dock is a failed row") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  std::string polymer;
  for (int i = 0; i < 84; ++i) polymer += "NCC(=O)N(C)C";
  std::ofstream(folder / "large.smi") << polymer << "O polymer\nCCO ethanol\n";
  const auto other = run_theriac("screen plan large.smi --shards 3 -o p" + site, folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("holds another plan"));
  require_done(run_theriac("screen plan large.smi --shards 1 --sample 0 -o l" + site, folder));
  require_done(run_theriac("screen run l", folder));
  run_theriac("screen merge l", folder);
  const auto table = read_csv(read_file(folder / "l/merged/results.csv"));
  CHECK(cell(table, 0, "status") == "failed");
  CHECK_THAT(cell(table, 0, "message"), Contains("300"));
  CHECK(cell(table, 1, "status") == "ok");
}
