// theriac predict as a user runs it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

using Table = std::vector<std::vector<std::string>>;

Table rows(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_csv(theriac::datasets::read_file(folder / file));
}

std::string cell(const Table& table, std::size_t row, const std::string& column) {
  for (std::size_t i = 0; i < table[0].size(); ++i)
    if (table[0][i] == column) return table.at(row).at(i);
  FAIL("no column " << column);
  return {};
}

void write_molecules(const TemporaryFolder& folder) {
  std::ofstream(folder / "m.smi")
      << "CC(=O)Oc1ccccc1C(=O)[O-].[Na+] aspirin\nC1CC broken\n"
         "O=C1C=CC(=O)c2ccccc12 quinone\nOB(O)c1ccccc1 boronic\n[Na+].[Cl-] salt\n"
         "\nNCC(=O)NCC(=O)NCC(=O)NCC(=O)NCC(=O)NCC(=O)O peptide\n";
}

}  // namespace

TEST_CASE("each record is a row with its properties, or with the reason why it has none") {
  TemporaryFolder folder;
  write_molecules(folder);
  const auto run = run_theriac("predict -l m.smi -o p.csv --max-failed 50%", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = rows(folder, "p.csv");
  REQUIRE(table.size() == 7);
  CHECK(cell(table, 1, "smiles") == "CC(=O)Oc1ccccc1C(=O)O");  // without its counter-ion
  CHECK(cell(table, 1, "mw") == "180.159");
  CHECK(cell(table, 1, "clogp") == "1.3101");
  CHECK(cell(table, 1, "qed") == "0.550122");
  CHECK(cell(table, 1, "alerts") == "brenk: phenol_ester");
  CHECK(cell(table, 1, "broken_limits") == "muegge: mw 180.2 < 200");
  CHECK(cell(table, 2, "status") == "failed");
  CHECK_THAT(cell(table, 2, "message"), Contains("never closed (m.smi, line 2)"));
  CHECK(cell(table, 2, "mw").empty());
  CHECK_THAT(cell(table, 3, "alerts"), Contains("pains: quinone_A(370)"));
  CHECK_THAT(cell(table, 4, "doubtful"),
             Contains("clogp out") && Contains("qed out") && Contains("egan out"));
  CHECK(cell(table, 5, "status") == "ok");
  CHECK_THAT(cell(table, 5, "doubtful"), Contains("sa out"));
  CHECK(cell(table, 6, "name") == "peptide");
  CHECK_THAT(cell(table, 6, "broken_limits"), Contains("veber: rotb") && Contains("tpsa"));
}

TEST_CASE("columns can be picked, and each value stands with interval and domain in the long layout") {
  TemporaryFolder folder;
  const auto run = run_theriac(
      "predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' --columns clogp,muegge --layout long -o p.csv",
      folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = rows(folder, "p.csv");
  REQUIRE(table.size() == 3);
  CHECK(cell(table, 1, "property") == "clogp");
  CHECK(cell(table, 1, "low") == "-0.01682");
  CHECK(cell(table, 1, "high") == "2.63702");
  CHECK(cell(table, 1, "domain") == "in");
  CHECK(cell(table, 2, "detail") == "mw 180.2 < 200");
  const auto drawn = run_theriac(
      "predict --smiles 'CC(=O)[O-].[Na+] acetate' --columns charge,mw --as_drawn -o d.csv", folder);
  CHECK(drawn.exit_code == 0);
  CHECK_THAT(cell(rows(folder, "d.csv"), 1, "smiles"), Contains("[Na+]"));
  CHECK_THAT(run_theriac("predict --smiles 'CCO x' --json -o j.csv", folder).out,
             Contains("\"schema\": \"theriac.result/1\"") && Contains("\"records\": 1"));
}

TEST_CASE("the rows do not depend on threads") {
  TemporaryFolder folder;
  write_molecules(folder);
  REQUIRE(run_theriac("predict -l m.smi -o one.csv --cpu 1 --max-failed 9", folder).exit_code == 0);
  REQUIRE(run_theriac("predict -l m.smi -o two.csv --cpu 2 --max-failed 9", folder).exit_code == 0);
  CHECK(theriac::datasets::read_file(folder / "one.csv") == theriac::datasets::read_file(folder / "two.csv"));
}

TEST_CASE("what cannot be predicted is said before anything is read") {
  TemporaryFolder folder;
  write_molecules(folder);
  const auto column = run_theriac("predict -l m.smi --columns qde -o p.csv", folder);
  CHECK(column.exit_code == 2);
  CHECK_THAT(column.err,
             Contains("there is no column 'qde', did you mean 'qed'?") && Contains("known: mw, "));
  CHECK(run_theriac("predict -l none.smi -o p.csv", folder).exit_code == 3);
  CHECK(run_theriac("predict -o p.csv", folder).exit_code == 2);
  CHECK(run_theriac("predict -l m.smi --dry-run -o p.csv", folder).exit_code == 0);
  CHECK(!std::filesystem::exists(folder / "p.csv"));
  std::ofstream(folder / "p.csv") << "mine\n";
  CHECK_THAT(run_theriac("predict -l m.smi -o p.csv", folder).err, Contains("'p.csv' exists"));
  const auto failed = run_theriac("predict -l m.smi -o q.csv --strict", folder);
  CHECK(failed.exit_code == 4);
  CHECK(rows(folder, "q.csv").size() == 7);
}
