// theriac train properties as a user runs it: from a table of measured values to predictions.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "chem/descriptors.hpp"
#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using namespace theriac;

namespace {

/// Starter molecules; the assay measures something close to log P.
std::vector<std::pair<std::string, double>> measured(std::size_t count) {
  std::ifstream file(THERIAC_STARTER_MOLECULES);
  std::vector<std::pair<std::string, double>> out;
  for (std::string line; out.size() < count && std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::string smiles = line.substr(0, line.find_first_of(" \t"));
    const double log_p = chem::crippen_log_p(chem::Molecule::from_smiles(smiles));
    out.emplace_back(smiles, log_p + 0.2 * std::sin(static_cast<double>(out.size())));
  }
  return out;
}

void write_assay(const TemporaryFolder& folder, std::size_t count, const std::string& more = {}) {
  std::ofstream file(folder / "assay.csv");
  file << "compound,smiles,lipo,active,date\n";
  const auto rows = measured(count);
  for (std::size_t i = 0; i < rows.size(); ++i)
    file << "A" << i << ',' << rows[i].first << ',' << rows[i].second << ',' << (rows[i].second > 2.5)
         << ",20" << 10 + i / 12 << "-01-0" << 1 + i % 9 << '\n';
  file << more;
}

const std::string quick = " --trees 40 --members 1 --no_tuning ";

std::vector<std::vector<std::string>> csv(const TemporaryFolder& folder, const std::string& file) {
  return datasets::read_csv(datasets::read_file(folder / file));
}

std::size_t column(const std::vector<std::vector<std::string>>& table, const std::string& name) {
  for (std::size_t i = 0; i < table[0].size(); ++i)
    if (table[0][i] == name) return i;
  FAIL("no column " << name);
  return 0;
}

}  // namespace

TEST_CASE("a user's assay becomes a model with a card that predicts at once") {
  TemporaryFolder folder;
  // a salt, a replicate, a bound, a value that is missing, a structure that cannot be read
  write_assay(folder, 150,
              "S1,CC(=O)[O-].[Na+],-0.3,0,2021-01-01\nS2,CC(=O)O,-0.1,0,2021-01-02\nB1,CCCCCCCCCCCCCCCC,>5,1,"
              "2021-01-03\n"
              "M1,CCCO,,,2021-01-04\nX1,C1CC,1.0,0,2021-01-05\n");
  const auto run = run_theriac("train properties --data assay.csv --target lipo --name my_lipo --unit log10" +
                                   quick + "-o model --split time",
                               folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("merged into 1 molecule") && Contains("held out  MAE"));
  const std::string card = datasets::read_file(folder / "model/card.md");
  CHECK_THAT(card, Contains("# my_lipo") && Contains("random forest") && Contains("Held out by scaffold") &&
                       Contains("Held out by time") && Contains("never closed"));
  CHECK_FALSE(datasets::read_file(folder / "model/observed.svg").empty());
  const auto held_out = csv(folder, "model/held_out.csv");
  CHECK(held_out.size() == 152);  // exact values: 150 and the merged acid
  const auto told = run_theriac(
      "predict --smiles 'CCCCCCc1ccccc1 greasy' --models model/my_lipo.safetensors --columns my_lipo,clogp "
      "-o p.csv",
      folder);
  INFO(told.err);
  REQUIRE(told.exit_code == 0);
  const auto table = csv(folder, "p.csv");
  const double value = std::stod(table[1][column(table, "my_lipo")]);
  CHECK(value > 2);
  CHECK(std::stod(table[1][column(table, "my_lipo_low")]) < value);
  CHECK(std::stod(table[1][column(table, "my_lipo_high")]) > value);
  CHECK_FALSE(table[1][column(table, "my_lipo_domain")].empty());
  const std::string first = datasets::read_file(folder / "model/my_lipo.safetensors");
  REQUIRE(run_theriac(
              "train properties --data assay.csv --target lipo --name my_lipo --unit log10 --cpu 1 --json" +
                  quick + "-o again --split time",
              folder)
              .exit_code == 0);
  CHECK_THAT(datasets::read_file(folder / ".out"), Contains("\"task\": \"properties\"") &&
                                                       Contains("\"model\": \"again/my_lipo.safetensors\"") &&
                                                       Contains("\"cv_MAE\": "));
  CHECK(datasets::read_file(folder / "again/my_lipo.safetensors") == first);  // whatever the threads
}

TEST_CASE("classes become calibrated probabilities") {
  TemporaryFolder folder;
  write_assay(folder, 150);
  const auto run = run_theriac(
      "train properties --data assay.csv --target active --direction lower" + quick + "-o m", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("AUROC") && Contains("calibration_error"));
  CHECK_THAT(datasets::read_file(folder / "m/card.md"), Contains("AUPRC"));
  REQUIRE(run_theriac("predict --smiles 'OCC(O)CO a' --models m/active.safetensors --columns active "
                      "--outside_domain value -o p.csv",
                      folder)
              .exit_code == 0);
  const auto table = csv(folder, "p.csv");
  const double p = std::stod(table[1][column(table, "active")]);
  CHECK(p > 0);
  CHECK(p < 0.5);
  const std::string set = table[1][column(table, "active_set")];
  CHECK((set == "0" || set == "0|1"));
  CHECK_THAT(datasets::read_file(folder / "m/card.md"), Contains("## Class sets") && Contains("## Limits"));
}

TEST_CASE("where a model has no basis there is no value, unless one insists") {
  TemporaryFolder folder;
  write_assay(folder, 150);
  for (const char* target : {"active", "lipo"})
    REQUIRE(
        run_theriac("train properties --data assay.csv -o m --target " + std::string(target) + quick, folder)
            .exit_code == 0);
  const std::string predict =
      "predict --smiles 'F[Si](F)(F)F silane' --models m/active.safetensors,m/lipo.safetensors "
      "--columns active,lipo,mw --overwrite ";
  REQUIRE(run_theriac(predict + "-o p.csv --write_percentiles none.csv", folder).exit_code == 0);
  const auto table = csv(folder, "p.csv");
  for (const char* empty : {"active", "active_set", "active_percentile", "lipo", "lipo_low", "lipo_high"}) {
    INFO(empty);
    CHECK(table[1][column(table, empty)].empty());
  }
  CHECK(table[1][column(table, "active_domain")] == "out");
  CHECK(table[1][column(table, "lipo_domain")] == "out");
  CHECK(table[1][column(table, "mw")] == "104.078");  // what the graph defines needs no basis
  CHECK_THAT(table[1][column(table, "doubtful")], Contains("active out"));
  CHECK(csv(folder, "none.csv").size() == 2);  // percentiles of values that are there: mw

  REQUIRE(run_theriac(predict + "-o p.jsonl", folder).exit_code == 0);
  CHECK_THAT(datasets::read_file(folder / "p.jsonl"),
             Contains("\"active\":{\"value\":null") && Contains("\"set\":null") &&
                 Contains("\"domain\":\"out\"") && Contains("\"neighbour_similarity\":"));
  REQUIRE(run_theriac(predict + "--outside_domain value --layout long -o v.csv", folder).exit_code == 0);
  const auto all = csv(folder, "v.csv");
  CHECK_FALSE(all[1][column(all, "value")].empty());
  CHECK_FALSE(all[1][column(all, "set")].empty());
  CHECK_FALSE(all[2][column(all, "low")].empty());
  CHECK(all[2][column(all, "set")].empty());
  CHECK(all[2][column(all, "domain")] == "out");
  CHECK(run_theriac(predict + "--outside_domain maybe -o q.csv", folder).exit_code == 2);
}

TEST_CASE("shipped endpoints can be calibrated again without training them") {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "data/tdc");
  std::string table = "drug_id,smiles,y,split\n";
  const auto rows = measured(120);
  for (std::size_t i = 0; i < rows.size(); ++i)
    table +=
        "d," + rows[i].first + (rows[i].second > 2.5 ? ",1," : ",0,") + (i % 6 ? "train_val\n" : "test\n");
  std::ofstream(folder / "data/tdc/dili.csv.gz", std::ios::binary) << datasets::gzip(table);
  const std::string train = "train admet --data data --endpoints dili --trees 20 --members 1 -o out ";
  const auto run = run_theriac(train, folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const std::string first = datasets::read_file(folder / "out/admet.safetensors");
  REQUIRE(run_theriac(train + "--recalibrate", folder).exit_code == 0);
  CHECK(datasets::read_file(folder / "out/admet.safetensors") == first);

  // had everything been as unlike as can be, there would be a basis nowhere near
  auto held_out = csv(folder, "out/held-out/dili.csv");
  std::ofstream changed(folder / "out/held-out/dili.csv");
  for (auto& row : held_out) {
    if (row[0] != "smiles") row[column(held_out, "trees")] = "0";
    for (std::size_t i = 0; i < row.size(); ++i) changed << (i ? "," : "") << row[i];
    changed << '\n';
  }
  changed.close();
  REQUIRE(run_theriac(train + "--recalibrate", folder).exit_code == 0);
  CHECK(datasets::read_file(folder / "out/admet.safetensors") != first);
  CHECK_THAT(run_theriac("train admet --data data -o nowhere --recalibrate", folder).err,
             Contains("no trained endpoint in 'nowhere/done'"));
}

TEST_CASE("tables that cannot be learned from are refused with place, value and remedy") {
  TemporaryFolder folder;
  write_assay(folder, 40);
  const auto train = [&](const std::string& options) {
    return run_theriac("train properties --data assay.csv -o m" + quick + options, folder);
  };
  auto run = train("--target lipoo");
  CHECK(run.exit_code == 2);
  CHECK_THAT(run.err, Contains("lipoo") && Contains("did you mean 'lipo'?"));
  write_assay(folder, 40, "T1,CCO,much,1,2022-01-01\n");
  run = train("--target lipo");
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("'much'") && Contains("assay.csv") && Contains("line 42"));
  CHECK(train("--target lipo --skip_unreadable").exit_code == 0);
  write_assay(folder, 20);
  run = train("--target lipo");
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("30"));
  std::ofstream one(folder / "assay.csv");
  one << "smiles,y\n";
  for (const auto& [smiles, value] : measured(40)) one << smiles << ",1\n";
  one.close();
  run = train("--target y");
  CHECK(run.exit_code != 0);
  CHECK_THAT(run.err, Contains("class"));
  write_assay(folder, 40);
  run = train("--target lipo --log10");
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("a logarithm needs values above 0"));
  CHECK(train("--target active --log10").exit_code == 2);
  CHECK_THAT(train("--target lipo --network n").err, Contains("belong to theriac train admet"));
  run = run_theriac("predict --smiles CCO --models nothing.safetensors -o p.csv", folder);
  CHECK(run.exit_code == 3);
  CHECK_THAT(run.err, Contains("nothing.safetensors"));
}

TEST_CASE("a dry run of training says what it would do") {
  TemporaryFolder folder;
  write_assay(folder, 60);
  const auto run = run_theriac("train properties --data assay.csv --target lipo -o m --dry-run", folder);
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("plan      lipo from 60 rows would go to m"));
  CHECK_FALSE(std::ifstream(folder / "m/card.md").good());
}
