// theriac dock --waters: CDK2 with three made-up waters, one of them where ligands bind the hinge.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/gzip.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::gunzip;
using theriac::datasets::read_file;

namespace {

const std::string examples = THERIAC_SOURCE_DIR "/datasets/examples/";
const std::string site =
    " -r wet.pdb --autobox_ligand '" + examples +
    "2xnb_ligand.sdf' -l ligands.smi --exhaustiveness 0.5 --num_modes 3 --max-failed 50% ";

/// 901: held by Asp145 and Phe146; 902: in the middle of the site, by nothing; 903: on the hinge.
void write_site(const TemporaryFolder& folder) {
  std::string pdb = read_file(examples + "2xnb_receptor.pdb");
  pdb.resize(pdb.rfind("END"));
  pdb +=
      "HETATM 9001  O   HOH A 901      31.428  34.341  21.816  1.00  0.00           O\n"
      "HETATM 9002  O   HOH A 902      27.500  32.500  25.500  1.00  0.00           O\n"
      "HETATM 9003  O   HOH A 903      24.742  32.207  29.127  1.00  0.00           O\n"
      "END\n";
  std::ofstream(folder / "wet.pdb") << pdb;
  std::ofstream(folder / "ligands.smi") << "Nc1ncnc2[nH]cnc12 adenine\nc1ccccc(N broken\nCC(=O)Nc1ccc(O)cc1 "
                                           "paracetamol\nOc1ccc(cc1)-c1cc(=O)c2c(O)cc(O)cc2o1 apigenin\n";
}

}  // namespace

TEST_CASE("toggled waters give the better of both answers and say which waters mattered") {
  TemporaryFolder folder;
  write_site(folder);
  for (const char* how : {"strip", "keep", "toggle"}) {
    const auto run = run_theriac("dock" + site + "--waters " + how + " -o " + how, folder);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    if (how != std::string("strip"))
      CHECK_THAT(run.err, Contains("waters    2 of 3 in the box are ordered: A:HOH901 A:HOH903"));
  }
  const auto dry = result_rows(folder, "strip/results.csv");
  const auto wet = result_rows(folder, "keep/results.csv");
  const auto both = result_rows(folder, "toggle/results.csv");
  int without = 0;
  for (const std::size_t row : {1u, 3u, 4u}) {
    const double a = std::stod(result_cell(dry, row, "score_kcal_mol")),
                 b = std::stod(result_cell(wet, row, "score_kcal_mol"));
    CHECK(std::stod(result_cell(both, row, "score_kcal_mol")) == std::min(a, b));
    const std::string said = result_cell(both, row, "waters");
    without += said.rfind("without waters", 0) == 0;
    CHECK((said.rfind("without waters", 0) == 0) == !(b < a));
  }
  CHECK(without >= 1);  // a flavone does not fit beside the water on the hinge
  CHECK_THAT(result_cell(wet, 1, "waters") + result_cell(wet, 3, "waters") + result_cell(wet, 4, "waters"),
             Contains("A:HOH90"));
  CHECK(result_cell(both, 2, "status") == "failed");

  CHECK_THAT(read_file(folder / "toggle/receptor_report.txt"),
             Contains("waters in the box (3)") &&
                 Contains("A:HOH901 ordered: B 0.0, 3 polar contacts (A:PHE146 N") &&
                 Contains("A:HOH902 left out (0 polar contacts)"));
  CHECK_THAT(read_file(folder / "toggle/receptor_prepared.pdb"), Contains("HOH A 901"));
  CHECK_THAT(read_file(folder / "toggle/receptor_without_waters.pdb"), !Contains("HOH"));
  CHECK_THAT(read_file(folder / "strip/receptor_prepared.pdb"), !Contains("HOH"));
  CHECK_THAT(gunzip(read_file(folder / "toggle/poses.sdf.gz")), Contains(">  <waters>"));
  // stripped is what docking does without the option
  REQUIRE(run_theriac("dock" + site + "-o plain", folder).exit_code == 0);
  CHECK(read_file(folder / "plain/poses.sdf.gz") == read_file(folder / "strip/poses.sdf.gz"));
  // same seed same bytes
  REQUIRE(run_theriac("dock" + site + "--waters toggle -o again --cpu 1", folder).exit_code == 0);
  CHECK(read_file(folder / "again/results.csv") == read_file(folder / "toggle/results.csv"));
  CHECK(read_file(folder / "again/poses.sdf.gz") == read_file(folder / "toggle/poses.sdf.gz"));
}

TEST_CASE("a screen that toggles waters keeps the receptor without them as docking does") {
  TemporaryFolder folder;
  write_site(folder);
  std::ofstream(folder / "one.smi") << "Nc1ncnc2[nH]cnc12 adenine\n";
  const std::string toggled = " -r wet.pdb --autobox_ligand '" + examples +
                              "2xnb_ligand.sdf' --exhaustiveness 0.2 --num_modes 1 --waters toggle ";
  const auto done = [&](const std::string& line) {
    const auto run = run_theriac(line, folder);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
  };
  done("screen plan one.smi --shards 1 --sample 0 -o p" + toggled);
  done("screen run p");
  done("screen merge p");
  done("dock -l one.smi -o run" + toggled);
  CHECK(read_file(folder / "p/merged/receptor_without_waters.pdb") ==
        read_file(folder / "run/receptor_without_waters.pdb"));
  CHECK(read_file(folder / "p/merged/results.csv") == read_file(folder / "run/results.csv"));
}

TEST_CASE("waters of a PDBQT stay unless told otherwise and contradictory rules are refused") {
  TemporaryFolder folder;
  write_site(folder);
  const std::string pdbqt = read_file(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  const std::string water =
      "HETATM 9001  O   HOH A 901      11.000  11.500  13.000  1.00  0.00    -0.411 OA\n";
  std::ofstream(folder / "site.pdbqt") << water << pdbqt;
  const std::string line =
      "dock -r site.pdbqt --center_x 11 --center_y 11.5 --center_z 13 --size_x 18 --size_y 18 "
      "--size_z 18 --exhaustiveness 0.2 --max-failed 50% -l ligands.smi ";
  const auto plain = run_theriac(line + "-o plain", folder);
  CHECK_THAT(plain.err, Contains("1 waters of the PDBQT stay"));
  CHECK_THAT(read_file(folder / "plain/receptor_prepared.pdb"), Contains("HOH"));
  CHECK(run_theriac(line + "--waters strip -o strip", folder).exit_code == 0);
  CHECK_THAT(read_file(folder / "strip/receptor_prepared.pdb"), !Contains("HOH"));
  const auto two = run_theriac("dock" + site + "--waters keep --keep-waters all -o two", folder);
  CHECK(two.exit_code == 2);
  CHECK_THAT(two.err, Contains("both --waters and --keep-waters"));
  CHECK(run_theriac("dock" + site + "--waters some -o some", folder).exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "two"));
}

TEST_CASE("waters are toggled by probability where that orders the poses") {
  TemporaryFolder folder;
  write_site(folder);
  for (const char* how : {"strip", "keep", "toggle"}) {
    const auto run =
        run_theriac("dock" + site + "--rank_by probability --waters " + how + " -o " + how, folder);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
  }
  const auto dry = result_rows(folder, "strip/results.csv");
  const auto wet = result_rows(folder, "keep/results.csv");
  const auto both = result_rows(folder, "toggle/results.csv");
  for (const std::size_t row : {1u, 3u, 4u}) {
    const auto number = [&](const ResultRows& of, const char* column) {
      return std::stod(result_cell(of, row, column));
    };
    const double a = number(dry, "probability"), b = number(wet, "probability");
    CHECK(number(both, "probability") == std::max(a, b));
    const bool without = result_cell(both, row, "waters").rfind("without waters", 0) == 0;
    CHECK(without == (a >= b));
    CHECK(result_cell(both, row, "score_kcal_mol") ==
          result_cell(without ? dry : wet, row, "score_kcal_mol"));
  }
}

TEST_CASE("a stopped run that toggles waters ends in the bytes of one that was left alone") {
  TemporaryFolder folder;
  write_site(folder);
  std::string ligands = read_file(folder / "ligands.smi");
  for (int i = 1; i < 40; ++i)
    ligands += std::string(static_cast<std::size_t>(i % 10 + 1), 'C') + "OC(=O)C" +
               std::string(static_cast<std::size_t>(i / 10), 'N') + " x\n";
  std::ofstream(folder / "ligands.smi") << ligands;
  const std::string how = " -r wet.pdb --autobox_ligand '" + examples +
                          "2xnb_ligand.sdf' --exhaustiveness 0.2 --num_modes 3 --waters toggle ";
  const std::string quick = "dock -l ligands.smi --checkpoint 0 --cpu 1 --max-failed 50%" + how;
  REQUIRE(run_theriac(quick + "-o whole", folder).exit_code == 0);
  int stops = 0;
  while (stops < 100 && run_theriac(quick + "-o parts --max-time 1s", folder).exit_code == 75) ++stops;
  CHECK(stops > 0);
  for (const char* file : {"results.csv", "poses.sdf.gz", "receptor_without_waters.pdb"})
    CHECK(read_file(folder / ("whole/" + std::string(file))) ==
          read_file(folder / ("parts/" + std::string(file))));
  // the same in shards
  REQUIRE(run_theriac("screen plan ligands.smi --shards 2 --sample 0 -o p" + how, folder).exit_code == 0);
  REQUIRE(run_theriac("screen run p", folder).exit_code == 0);
  REQUIRE(run_theriac("screen merge p --max-failed 50%", folder).exit_code == 0);
  for (const char* file : {"results.csv", "poses.sdf.gz"})
    CHECK(read_file(folder / ("whole/" + std::string(file))) ==
          read_file(folder / ("p/merged/" + std::string(file))));
}

TEST_CASE("a water of a PDBQT without hydrogens is kept with a warning") {
  TemporaryFolder folder;
  write_site(folder);
  const std::string water =  // on the zinc and beside the histidine
      "HETATM 9001  O   HOH A 901      13.000  11.200  15.000  1.00  0.00    -0.411 OA\n";
  const std::string hydrogens =
      "HETATM 9002  H1  HOH A 901      13.900  11.000  15.200  1.00  0.00     0.205 HD\n"
      "HETATM 9003  H2  HOH A 901      13.100  12.000  15.500  1.00  0.00     0.205 HD\n";
  const std::string pdbqt = read_file(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  std::ofstream(folder / "bare.pdbqt") << water << pdbqt;
  std::ofstream(folder / "full.pdbqt") << water << hydrogens << pdbqt;
  const std::string box =
      " --center_x 11 --center_y 11.5 --center_z 13 --size_x 18 --size_y 18 --size_z 18 "
      "--exhaustiveness 0.2 --max-failed 50% -l ligands.smi --waters keep -o ";
  const auto bare = run_theriac("dock -r bare.pdbqt" + box + "bare", folder);
  INFO(bare.err);
  CHECK(bare.exit_code == 0);
  CHECK_THAT(bare.err, Contains("1 of 1 in the box are ordered: A:HOH901") &&
                           Contains("A:HOH901 has no hydrogens in the PDBQT"));
  const auto full = run_theriac("dock -r full.pdbqt" + box + "full", folder);
  CHECK(full.exit_code == 0);
  CHECK_THAT(full.err, Contains("A:HOH901") && !Contains("has no hydrogens"));
}
