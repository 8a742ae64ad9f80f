// theriac train properties-network as a user runs it, on tables small enough to learn in seconds.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

const std::string tiny =
    "train properties-network --message_width 24 --property_epochs 3 --corpus_epochs 1 --cpu 1 -o n --data "
    "tables ";

/// Plain text under the names of the packed tables: both can be read.
void write_tables(const TemporaryFolder& folder) {
  std::filesystem::create_directories(folder / "tables/tdc");
  std::ofstream herg(folder / "tables/tdc/herg.csv.gz"), caco2(folder / "tables/tdc/caco2_wang.csv.gz");
  herg << "split,drug_id,smiles,y\n";
  caco2 << "split,drug_id,smiles,y\n";
  const std::string rings[] = {"c1ccccc1", "C1CCCCC1", "c1ccncc1",   "c1ccoc1",   "C1CCNCC1", "c1ccsc1",
                               "C1CCC1",   "C1CCOC1",  "c1ccc[nH]1", "C1CCCCCC1", "C1COCCN1", "C1CC1"};
  for (int length = 1; length <= 3; ++length)
    for (const auto& ring : rings) {
      const std::string smiles = std::string(static_cast<std::size_t>(length), 'C') + ring;
      herg << "train_val,x," << smiles << ',' << length % 2 << '\n';
      caco2 << "train_val,x," << smiles << ',' << -4 - 0.1 * length << '\n';
    }
  herg << "test,y,CCc1ccc2ccccc2c1,0\ntest,z,CCC1CCCCCCC1,1\n";
  caco2 << "test,y,NCCc1ccc2ccccc2c1,-4.5\n";
}

std::vector<std::vector<std::string>> rows(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_csv(theriac::datasets::read_file(folder / file));
}

}  // namespace

TEST_CASE("a property network is learned in stages, judged, and the same command changes nothing more") {
  const TemporaryFolder folder;
  write_tables(folder);
  const std::string command =
      tiny + "--corpus '" THERIAC_STARTER_MOLECULES "' --corpus_molecules 60 --licence free";
  const auto run = run_theriac(command, folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("2 tasks, 39 molecules, 72 values; 3 more are test rows"));
  const auto test = rows(folder, "n/test.csv");
  REQUIRE(test.size() == 4);
  CHECK(test[0] == std::vector<std::string>{"task", "smiles", "y", "prediction"});
  CHECK(test[1][1] == "NCCc1ccc2ccccc2c1");
  const auto held = rows(folder, "n/hold-out.csv");
  CHECK(held.size() > 5);
  CHECK(held.size() < 20);
  const auto figures = rows(folder, "n/figures.csv");
  REQUIRE(figures.size() == 3);
  CHECK(figures[1][0] == "caco2_wang");
  CHECK(figures[1][1] == "MAE");
  CHECK(figures[2][1] == "AUROC");
  const std::string weights = theriac::datasets::read_file(folder / "n/properties-network.safetensors");
  CHECK_THAT(theriac::datasets::read_file(folder / "n/card.md"), Contains("data_licence | free"));

  const auto again = run_theriac(command + " --json", folder);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.out, Contains("\"task\": \"properties-network\"") && Contains("\"finished\": true"));
  CHECK_THAT(again.err, Contains("learned before"));
  CHECK(theriac::datasets::read_file(folder / "n/properties-network.safetensors") == weights);

  const auto second = run_theriac(
      "train properties-network --message_width 24 --property_epochs 3 --cpu 1 --seed 2 -o m "
      "--data tables --init n/descriptors.safetensors",
      folder);
  INFO(second.err);
  CHECK(second.exit_code == 0);
  const auto held_too = rows(folder, "m/hold-out.csv");
  REQUIRE(held_too.size() == held.size());
  for (std::size_t i = 1; i < held.size(); ++i) {
    CHECK(held_too[i][1] == held[i][1]);
    CHECK(held_too[i][3] != held[i][3]);
  }

  const auto info = run_theriac("model info n/properties-network.safetensors", folder);
  CHECK(info.exit_code == 0);
  CHECK_THAT(info.out, Contains("property network"));

  const auto other = run_theriac(command + " --seed 2", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("was made with seed 1"));
}

TEST_CASE("a property network that cannot be learned says why before anything is computed") {
  const TemporaryFolder folder;
  write_tables(folder);
  std::filesystem::create_directories(folder / "empty");
  const auto refused = [&](const std::string& arguments, int code, const std::string& why) {
    const auto run = run_theriac("train properties-network --cpu 1 -o n " + arguments, folder);
    CHECK(run.exit_code == code);
    CHECK_THAT(run.err, Contains(why));
    CHECK(!std::filesystem::exists(folder / "n/properties-network.safetensors"));
  };
  refused("--data empty", 3, "holds none of the tables");
  refused("--data tables empty", 2, "one folder");
  refused("--data tables --corpus nothing.smi", 3, "nothing.smi");
  refused("--data tables --corpus a.smi --init b", 2, "two beginnings");
  refused("--data tables --init nothing.safetensors", 3, "nothing.safetensors");
  refused("--data tables --device cuda:63", 7, "no device 'cuda:63'");
  const auto plan = run_theriac("train properties-network --cpu 1 -o p --data tables --dry-run", folder);
  CHECK(plan.exit_code == 0);
  CHECK(!std::filesystem::exists(folder / "p"));
}
