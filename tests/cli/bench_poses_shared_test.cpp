// From complexes to a scorer, its folds and the table of judges, on three small complexes of the redocking set.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
namespace fs = std::filesystem;

namespace {

const std::string redock = THERIAC_SHARED_DATA "/data/redock";
const std::string network = THERIAC_SHARED_DATA "/data/gnina_models/all_default_to_default_1_3_1.safetensors";

/// A redocking set of some complexes of the large one.
void small_set(const fs::path& folder, const std::set<std::string>& ids) {
  fs::create_directories(folder);
  std::ifstream index(redock + "/index.csv");
  std::ofstream out(folder / "index.csv");
  std::string line;
  for (std::getline(index, line), out << line << '\n'; std::getline(index, line);) {
    const std::string id = line.substr(0, line.find(','));
    if (ids.count(id) == 0) continue;
    out << line << '\n';
    fs::create_directory_symlink(redock + "/" + id, folder / id);
  }
}

}  // namespace

TEST_CASE("judges are compared on the poses that training kept") {
  if (!fs::exists(redock) || !fs::exists(network)) {
    WARN("skipped: needs ../shared/data/redock and gnina_models");
    return;
  }
  const TemporaryFolder folder;
  small_set(folder / "set", {"184l", "1bcu", "2weg"});
  const auto trained = run_theriac("train pose-scorer --data set --teacher '" + network +
                                       "' --searches 2 --ridge 0.03 --poses poses --folds_to folds --seed 5 --cpu 1 "
                                       "-o own.safetensors",
                                   folder);
  INFO(trained.err);
  REQUIRE(trained.exit_code == 0);
  const auto folds = read_csv(read_file(folder / "folds/folds.csv"));
  REQUIRE(folds.size() == 4);
  CHECK(folds[0] == std::vector<std::string>{"pdbid", "scorer"});
  std::set<std::string> scorers;
  for (std::size_t i = 1; i < folds.size(); ++i) {
    CHECK(fs::exists(folder / "folds/" + folds[i][1]));
    scorers.insert(folds[i][1]);
  }
  CHECK(scorers.size() == 3);  // no two of the proteins are related

  const std::string line = "bench poses --data set --poses poses --cnn '" + network + "' --seed 5 --cpu 1 -o out";
  const auto judged = run_theriac(line + " --json", folder);
  INFO(judged.err);
  REQUIRE(judged.exit_code == 0);
  const auto rankings = nlohmann::json::parse(judged.out).at("rankings");
  REQUIRE(rankings.size() == 7);
  for (const auto& of : rankings) CHECK(of.at("searches") == 6);  // the network is the teacher: all searches
  CHECK(rankings[0].at("ranking") == "Vina energy");
  CHECK(rankings[6].at("top1")[0] >= rankings[0].at("top1")[0]);
  CHECK(rankings[5].at("top1")[0] < rankings[6].at("top1")[0]);  // random order below the best possible
  CHECK(rankings[3].at("added_cpu_s") > rankings[2].at("added_cpu_s"));
  const auto rows = read_csv(read_file(folder / "out/judged.csv"));
  REQUIRE(rows.size() == 4);  // the first search of each complex
  CHECK_THAT(read_file(folder / "out/poses.md"), Contains("6 searches of 3 complexes in 3 groups") &&
                                                     Contains("first search: 3") && !Contains("nan"));
  CHECK_THAT(read_file(folder / "out/poses.svg"), Contains("best possible"));

  // what was judged is not judged again
  const auto again = run_theriac(line + " --json", folder);
  CHECK(nlohmann::json::parse(again.out).at("rankings") == rankings);
  // poses of complexes that the set does not have
  small_set(folder / "other", {"184l"});
  const auto other = run_theriac("bench poses --data other --poses poses --seed 5 -o elsewhere", folder);
  CHECK(other.exit_code == 3);
  CHECK_THAT(other.err, Contains("1bcu") && Contains("is no complex of"));
}
