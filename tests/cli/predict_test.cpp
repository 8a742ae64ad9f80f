// theriac predict as a user runs it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

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
  const auto table = result_rows(folder, "p.csv");
  REQUIRE(table.size() == 7);
  CHECK(result_cell(table, 1, "smiles") == "CC(=O)Oc1ccccc1C(=O)O");  // without its counter-ion
  CHECK(result_cell(table, 1, "mw") == "180.159");
  CHECK(result_cell(table, 1, "clogp") == "1.3101");
  CHECK(result_cell(table, 1, "qed") == "0.550122");
  CHECK(result_cell(table, 1, "alerts") == "brenk: phenol_ester [0 1 2 3 4 5 6 7 8 9]");
  CHECK(result_cell(table, 1, "broken_limits") == "muegge: mw 180.2 < 200");
  CHECK(result_cell(table, 2, "status") == "failed");
  CHECK_THAT(result_cell(table, 2, "message"), Contains("never closed (m.smi, line 2)"));
  CHECK(result_cell(table, 2, "mw").empty());
  CHECK_THAT(result_cell(table, 3, "alerts"), Contains("pains: quinone_A(370)"));
  CHECK_THAT(result_cell(table, 4, "doubtful"),
             Contains("clogp out") && Contains("qed out") && Contains("egan out"));
  CHECK(result_cell(table, 5, "status") == "ok");
  CHECK_THAT(result_cell(table, 5, "doubtful"), Contains("sa out"));
  CHECK(result_cell(table, 6, "name") == "peptide");
  CHECK_THAT(result_cell(table, 6, "broken_limits"), Contains("veber: rotb") && Contains("tpsa"));
}

TEST_CASE("columns can be picked, and each value stands with interval and domain in the long layout") {
  TemporaryFolder folder;
  const auto run = run_theriac(
      "predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' --columns clogp,muegge --layout long -o p.csv",
      folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = result_rows(folder, "p.csv");
  REQUIRE(table.size() == 3);
  CHECK(result_cell(table, 1, "property") == "clogp");
  CHECK(result_cell(table, 1, "low") == "-0.01682");
  CHECK(result_cell(table, 1, "high") == "2.63702");
  CHECK(result_cell(table, 1, "domain") == "in");
  CHECK(result_cell(table, 2, "detail") == "mw 180.2 < 200");
  const auto drawn = run_theriac(
      "predict --smiles 'CC(=O)[O-].[Na+] acetate' --columns charge,mw --as_drawn -o d.csv", folder);
  CHECK(drawn.exit_code == 0);
  CHECK_THAT(result_cell(result_rows(folder, "d.csv"), 1, "smiles"), Contains("[Na+]"));
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
  CHECK(result_rows(folder, "q.csv").size() == 7);
}

TEST_CASE("the extension of the output chooses its form, and all forms hold the same values") {
  TemporaryFolder folder;
  write_molecules(folder);
  for (const char* out : {"p.csv", "p.h5", "p.jsonl", "p.sdf"}) {
    INFO(out);
    CHECK(run_theriac(std::string("predict -l m.smi --max-failed 9 -o ") + out, folder).exit_code == 0);
  }
  const auto table = result_rows(folder, "p.csv");
  const auto file = theriac::datasets::Hdf5File::open(folder / "p.h5");
  CHECK(file.read_text("/predictions/name").size() == 6);
  CHECK(file.read_reals("/predictions/mw").at(0) == Approx(std::stod(result_cell(table, 1, "mw"))));
  CHECK(file.unit("/predictions/tpsa") == "A^2");
  CHECK(file.text_attribute("/predictions/qed", "direction") == "higher");
  CHECK(file.read_text("/predictions/status").at(1) == "failed");

  std::istringstream lines(theriac::datasets::read_file(folder / "p.jsonl"));
  std::vector<std::string> objects;
  for (std::string line; std::getline(lines, line);) objects.push_back(line);
  REQUIRE(objects.size() == 6);
  CHECK_THAT(objects[0], Contains("\"mw\":{\"value\":180.159,\"unit\":\"Da\"") &&
                             Contains("\"detail\":\"phenol_ester [0 1 2 3 4 5 6 7 8 9]\"") &&
                             Contains("\"direction\":\"higher\"") && Contains("\"percentile\":"));
  CHECK_THAT(objects[1], Contains("\"status\":\"failed\"") && Contains("\"properties\":{}"));

  const std::string sdf = theriac::datasets::read_file(folder / "p.sdf");
  std::size_t records = 0;
  for (std::size_t at = sdf.find("$$$$"); at != std::string::npos; at = sdf.find("$$$$", at + 1)) ++records;
  CHECK(records == 6);
  CHECK_THAT(sdf, Contains(">  <mw>\n180.159\n") && Contains("0  0  0  0  0  0  0  0  0  0999 V2000"));
  CHECK(run_theriac("predict -l p.sdf -o again.csv --columns mw --max-failed 9", folder).exit_code == 0);
  const auto again = result_rows(folder, "again.csv");
  CHECK(result_cell(again, 3, "mw") == result_cell(table, 3, "mw"));
  CHECK(result_cell(again, 3, "input_mw") == result_cell(table, 3, "mw"));  // the tag of the input survives

  const auto unknown = run_theriac("predict -l m.smi -o p.xlsx", folder);
  CHECK(unknown.exit_code == 2);
  CHECK_THAT(unknown.err, Contains("cannot tell the format of the output 'p.xlsx'"));
}

TEST_CASE("rows can go to standard output") {
  TemporaryFolder folder;
  const auto run = run_theriac("predict --smiles 'CCO ethanol' -o - --columns mw,hbd", folder);
  CHECK(run.exit_code == 0);
  CHECK(run.out ==
        "record,name,smiles,status,message,mw,hbd,doubtful,alerts,broken_limits\n"
        "1,ethanol,CCO,ok,,46.069,1,,,\n");
  CHECK(run_theriac("predict --smiles 'CCO ethanol' -o - --json", folder).exit_code == 2);
}

TEST_CASE("columns of the input survive, also when they are named as ours") {
  TemporaryFolder folder;
  std::ofstream(folder / "in.csv") << "id,smiles,mw,batch\na1,CCO,46,\"x, y\"\na2,,0,z\na3,c1ccccc1,78,w\n";
  const auto run =
      run_theriac("predict -l in.csv --name-column id --columns mw -o p.csv --max-failed 1", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = result_rows(folder, "p.csv");
  REQUIRE(table.size() == 4);
  CHECK(result_cell(table, 1, "batch") == "x, y");
  CHECK(result_cell(table, 1, "input_mw") == "46");
  CHECK(result_cell(table, 1, "mw") == "46.069");
  CHECK(result_cell(table, 2, "name") == "a2");
  CHECK_THAT(result_cell(table, 2, "message"), Contains("no SMILES in column 'smiles' (in.csv, line 3)"));
  CHECK(result_cell(table, 2, "batch") == "z");
}

TEST_CASE("odd molecules are predicted with a verdict, or say why not") {
  TemporaryFolder folder;
  std::string wax = "C";
  for (int i = 0; i < 210; ++i) wax += "C";
  std::string cyclosporin =
      "CCC1C(=O)N(CC(=O)N(C(C(=O)NC(C(=O)N(C(C(=O)NC(C(=O)NC(C(=O)N(C(C(=O)N(C(C(=O)N(C(C(=O)N(C(C(=O)N1)"
      "C(C(C)CC=CC)O)C)C(C)C)C)CC(C)C)C)CC(C)C)C)C)C)CC(C)C)C)C(C)C)CC(C)C)C)C";
  std::ofstream(folder / "odd.smi") << "O=S(=O)(O)O sulfuric\n"
                                    << wax << " wax\n"
                                    << cyclosporin << " cyclosporin\n[Na+].[Cl-] salt\n[Zn+2] zinc\n"
                                    << "N[Pt](N)(Cl)Cl cisplatin\n[H][H] hydrogen\n\tnothing\n"
                                    << "CC(=O)[O-].CC(=O)[O-].[Ca+2] acetate\n";
  const auto run = run_theriac("predict -l odd.smi -o p.csv --max-failed 3", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = result_rows(folder, "p.csv");
  REQUIRE(table.size() == 10);
  for (const std::size_t predicted : {1, 2, 3, 4, 5, 9}) {
    INFO(result_cell(table, predicted, "name") << ": " << result_cell(table, predicted, "message"));
    CHECK(result_cell(table, predicted, "status") == "ok");
  }
  CHECK(result_cell(table, 2, "heavy_atoms") == "211");
  CHECK_THAT(result_cell(table, 5, "doubtful"), Contains("clogp out"));
  CHECK_THAT(result_cell(table, 6, "message"), Contains("a metal complex"));
  CHECK(result_cell(table, 7, "status") == "failed");
  CHECK_THAT(result_cell(table, 7, "message"), Contains("without heavy atoms"));
  CHECK_THAT(result_cell(table, 8, "message"), Contains("no SMILES before the first tab (odd.smi, line 8)"));
  CHECK(result_cell(table, 8, "name") == "nothing");
  CHECK(result_cell(table, 9, "smiles") == "CC(=O)O");
  const auto drawn = run_theriac("predict --smiles 'N[Pt](N)(Cl)Cl cisplatin' --as_drawn -o d.csv", folder);
  CHECK(drawn.exit_code == 0);
  CHECK_THAT(result_cell(result_rows(folder, "d.csv"), 1, "doubtful"),
             Contains("clogp out") && Contains("sa out"));
}

TEST_CASE("percentiles are among approved drugs, or among molecules of one's own") {
  TemporaryFolder folder;
  std::ofstream drugs(folder / "ours.smi");
  for (int n = 1; n <= 101; ++n) drugs << std::string(static_cast<std::size_t>(n), 'C') << " alkane\n";
  drugs.close();
  const auto run = run_theriac(
      "predict --smiles 'OC(C)CC x' --columns heavy_atoms,mw --compare_with ours.smi -o p.csv", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = result_rows(folder, "p.csv");
  CHECK(result_cell(table, 1, "heavy_atoms_percentile") == "4");  // five atoms: above four of a hundred
  CHECK(std::stod(result_cell(table, 1, "mw_percentile")) == Approx(4.15).margin(0.1));

  CHECK(run_theriac("predict -l ours.smi --columns heavy_atoms --write_percentiles knots.csv", folder)
            .exit_code == 0);
  const auto knots = result_rows(folder, "knots.csv");
  REQUIRE(knots.size() == 2);
  CHECK(result_cell(knots, 1, "property") == "heavy_atoms");
  CHECK(result_cell(knots, 1, "molecules") == "101");
  CHECK(result_cell(knots, 1, "p50") == "51");

  const auto shipped =
      run_theriac("predict --smiles 'CC(=O)Oc1ccccc1C(=O)O a' --intervals all -o a.csv", folder);
  CHECK(shipped.exit_code == 0);
  const auto aspirin = result_rows(folder, "a.csv");
  CHECK(std::stod(result_cell(aspirin, 1, "mw_percentile")) < 15);  // a small drug
  CHECK(result_cell(aspirin, 1, "clogp_domain") == "in");
  CHECK(std::stod(result_cell(aspirin, 1, "clogp_low")) < std::stod(result_cell(aspirin, 1, "clogp")));
}

TEST_CASE("predict draws no random numbers and offers no seed") {
  TemporaryFolder folder;
  CHECK(run_theriac("predict --smiles CCO --seed 3 -o p.csv", folder).exit_code == 2);
}

TEST_CASE("the device of the network is chosen by name, and one that is not there ends with exit code 7") {
  TemporaryFolder folder;
  const std::string ask = "predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' --columns herg,mw ";
  REQUIRE(run_theriac(ask + "-o cpu.csv", folder).exit_code == 0);
  const auto none = run_theriac(ask + "--device cuda:63 -o none.csv", folder);
  CHECK(none.exit_code == 7);
  CHECK_THAT(none.err, Contains("no device 'cuda:63'") && Contains("use --device cpu"));
  CHECK(!std::filesystem::exists(folder / "none.csv"));
  const auto word = run_theriac(ask + "--device abacus -o none.csv", folder);
  CHECK(word.exit_code == 2);
  CHECK_THAT(word.err, Contains("there is no device 'abacus'") && Contains("cuda:0"));

  const auto automatic = run_theriac(ask + "--device auto --json -o auto.csv", folder);
  INFO(automatic.err);
  CHECK(automatic.exit_code == 0);
  const bool on_gpu = automatic.err.find("device    cuda:0") != std::string::npos;
  CHECK_THAT(automatic.out, Contains(on_gpu ? "\"device\": \"cuda:0\"" : "\"device\": \"cpu\""));
  if (!on_gpu)
    CHECK(theriac::datasets::read_file(folder / "auto.csv") ==
          theriac::datasets::read_file(folder / "cpu.csv"));
  const std::string absent = "THERIAC_NETWORKS=/no/such/libtheriac_networks.so";
  CHECK(run_theriac(ask + "--device auto -o without.csv", folder, absent).exit_code == 0);
  CHECK(theriac::datasets::read_file(folder / "without.csv") ==
        theriac::datasets::read_file(folder / "cpu.csv"));
  CHECK(run_theriac(ask + "--device cuda:0 -o none.csv", folder, absent).exit_code == 6);
}

TEST_CASE("a prediction that runs out of time says what it wrote and that it would start over") {
  TemporaryFolder folder;
  std::ofstream many(folder / "many.smi");
  for (int i = 0; i < 400000; ++i)
    many << "CC(=O)Nc1ccc(OCCN" << 2 + i % 8 << "CCCCC" << 2 + i % 8 << ")cc1 m\n";
  many.close();
  const std::string ask = "predict -l many.smi -o p.csv --max-time 4s --cpu 2";
  const auto run = run_theriac(ask, folder);
  INFO(run.err);
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, !Contains("run the same command to continue"));
  const auto at = run.err.find("holds the first ");
  REQUIRE(at != std::string::npos);
  const auto said = static_cast<std::size_t>(std::stoul(run.err.substr(at + 16)));
  CHECK(said > 0);
  CHECK(result_rows(folder, "p.csv").size() == said + 1);
  CHECK_THAT(run.err, Contains("records; --overwrite starts over"));
  const auto again = run_theriac(ask, folder);
  CHECK(again.exit_code == 2);
  CHECK_THAT(again.err, Contains("'p.csv' exists"));
}
