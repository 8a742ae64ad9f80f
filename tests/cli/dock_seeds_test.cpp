// theriac dock --seed_poses: every record of the seed file is used or accounted for.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/gzip.hpp"
#include "scoring/opencl_device.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::gunzip;
using theriac::datasets::read_file;

namespace {

const std::string place = " -r '" THERIAC_TEST_DATA
                          "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                          " --size_x 18 --size_y 18 --size_z 18 ";
const std::string site = place + "--exhaustiveness 0.3 ";

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

void write_ligands(const TemporaryFolder& folder) {
  write(folder / "ligands.smi",
        "CC(=O)Oc1ccccc1C(=O)O aspirin\nc1ccccc(N broken\nC[C@H](O)c1ccccc1 alcohol\nOCC ethanol\n"
        "CC(=O)Oc1ccccc1C(=O)O again\n");
}

/// A seed of aspirin from a more thorough run; then a drawing without coordinates, a molecule that is no
/// ligand, and the mirror image of the alcohol.
void write_seeds(const TemporaryFolder& folder) {
  write(folder / "one.smi", "CC(=O)Oc1ccccc1C(=O)O model_1\n");
  write(folder / "mirror.smi", "C[C@@H](O)c1ccccc1 mirror\n");
  write(folder / "stranger.smi", "c1ccncc1 stranger\n");
  const std::string elsewhere = place + "--seed 77 --num_modes 1 --exhaustiveness 4 ";
  for (const char* name : {"one", "mirror", "stranger"})
    REQUIRE(run_theriac("dock" + elsewhere + "-l " + name + ".smi -o " + name + ".sdf", folder).exit_code ==
            0);
  const std::string one = read_file(folder / "one.sdf");
  const std::string flat =
      "flat\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 C   0  0\n    "
      "1.5000    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  END\n$$$$\n";
  write(folder / "seeds.sdf",
        one + flat + read_file(folder / "stranger.sdf") + read_file(folder / "mirror.sdf"));
}

}  // namespace

TEST_CASE("seed poses are refined and ranked with the search and none is lost silently") {
  TemporaryFolder folder;
  write_ligands(folder);
  write_seeds(folder);
  const auto run =
      run_theriac("dock" + site + "-l ligands.smi --seed_poses seeds.sdf -o run --cpu 2", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("seeds     seeds.sdf: 3 poses"));
  CHECK_THAT(run.err, Contains("1 of seeds.sdf could not be read"));
  CHECK_THAT(run.err, Contains("1 of seeds.sdf belong to no ligand"));
  CHECK_THAT(run.err, Contains("1 of seeds.sdf could not be used"));

  const auto seeds = result_rows(folder, "run/seeds.csv");
  REQUIRE(seeds.size() == 5);
  CHECK(result_cell(seeds, 1, "title") == "model_1");
  CHECK(result_cell(seeds, 1, "name") == "aspirin");
  const std::string status = result_cell(seeds, 1, "status");
  CHECK((status == "kept" || status == "merged"));
  CHECK(result_cell(seeds, 2, "status") == "unreadable");
  CHECK_THAT(result_cell(seeds, 2, "message"), Contains("no 3D coordinates"));
  CHECK(result_cell(seeds, 3, "status") == "unmatched");
  CHECK(result_cell(seeds, 4, "status") == "refused");
  CHECK(result_cell(seeds, 4, "message") == "another stereoisomer");
  CHECK(result_cell(seeds, 4, "name") == "alcohol");

  // the seed came from a longer search: the answer is at least as good as its refined score
  const auto results = result_rows(folder, "run/results.csv");
  CHECK(std::stod(result_cell(results, 1, "score_kcal_mol")) <=
        std::stod(result_cell(seeds, 1, "score_kcal_mol")) + 1e-3);
  CHECK(result_cell(results, 3, "pose_origin") == "search");
  CHECK(result_cell(results, 5, "status") == "duplicate");
  CHECK(result_cell(results, 5, "pose_origin") == result_cell(results, 1, "pose_origin"));
  CHECK_THAT(gunzip(read_file(folder / "run/poses.sdf.gz")), Contains("seed 1 (model_1)"));

  // without the seeds the other ligands have the same answers
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o bare", folder).exit_code == 0);
  const auto bare = result_rows(folder, "bare/results.csv");
  CHECK(result_cell(bare, 3, "score_kcal_mol") == result_cell(results, 3, "score_kcal_mol"));
  CHECK(result_cell(bare, 4, "score_kcal_mol") == result_cell(results, 4, "score_kcal_mol"));

  // same seed same bytes; a changed seed file is another run
  CHECK(run_theriac("dock" + site + "-l ligands.smi --seed_poses seeds.sdf -o again --cpu 1", folder)
            .exit_code == 0);
  for (const char* file : {"results.csv", "poses.sdf.gz", "seeds.csv"})
    CHECK(read_file(folder / ("run/" + std::string(file))) ==
          read_file(folder / ("again/" + std::string(file))));
  write(folder / "seeds.sdf", read_file(folder / "one.sdf"));
  const auto other = run_theriac("dock" + site + "-l ligands.smi --seed_poses seeds.sdf -o run", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("seed poses"));
}

TEST_CASE("a stopped run with seed poses ends in the bytes of one that was left alone") {
  TemporaryFolder folder;
  write_ligands(folder);
  write_seeds(folder);
  std::string more = read_file(folder / "ligands.smi");
  for (int i = 1; i < 60; ++i)
    more += std::string(i % 12 + 1, 'C') + "OC(=O)C" + std::string(i / 12, 'N') + " x\n";
  write(folder / "ligands.smi", more);
  const std::string line = "dock" + site + "-l ligands.smi --seed_poses seeds.sdf --checkpoint 0 --cpu 1 ";
  CHECK(run_theriac(line + "-o whole", folder).exit_code == 0);
  int stops = 0;
  while (stops < 100 && run_theriac(line + "-o parts --max-time 1s", folder).exit_code == 75) ++stops;
  CHECK(stops > 0);
  for (const char* file : {"results.csv", "poses.sdf.gz", "seeds.csv"})
    CHECK(read_file(folder / ("whole/" + std::string(file))) ==
          read_file(folder / ("parts/" + std::string(file))));
}

TEST_CASE("a seed with the name of a ligand is for that ligand alone") {
  TemporaryFolder folder;
  write(folder / "ligands.smi", "CC(=O)Oc1ccccc1C(=O)O aspirin\nCC(=O)Oc1ccccc1C(=O)O model_1\n");
  write(folder / "one.smi", "CC(=O)Oc1ccccc1C(=O)O model_1\n");
  REQUIRE(run_theriac("dock" + site + "-l one.smi --num_modes 1 -o seeds.sdf", folder).exit_code == 0);
  CHECK(run_theriac("dock" + site + "-l ligands.smi --seed_poses seeds.sdf -o run", folder).exit_code == 0);
  const auto seeds = result_rows(folder, "run/seeds.csv");
  REQUIRE(seeds.size() == 2);
  CHECK(result_cell(seeds, 1, "name") == "model_1");
  const auto results = result_rows(folder, "run/results.csv");
  CHECK(result_cell(results, 2, "status") == "ok");
  CHECK(result_cell(results, 1, "pose_origin") == "search");
}

TEST_CASE("seeds serve ligands in PDBQT and a PDBQT of seeds is refused") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CC(=O)Oc1ccccc1C(=O)O aspirin\n");
  REQUIRE(run_theriac("dock" + place + "-l one.smi --seed 77 --num_modes 1 --exhaustiveness 4 -o seeds.sdf",
                      folder)
              .exit_code == 0);
  REQUIRE(
      run_theriac("dock" + site + "-l one.smi --seed 5 --num_modes 1 -o ligand.pdbqt", folder).exit_code ==
      0);
  const auto run = run_theriac("dock" + site + "-l ligand.pdbqt --seed_poses seeds.sdf -o run", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto seeds = result_rows(folder, "run/seeds.csv");
  REQUIRE(seeds.size() == 2);
  CHECK(result_cell(seeds, 1, "name") == "aspirin");
  const std::string status = result_cell(seeds, 1, "status");
  CHECK((status == "kept" || status == "merged"));
  const auto results = result_rows(folder, "run/results.csv");
  CHECK(std::stod(result_cell(results, 1, "score_kcal_mol")) <=
        std::stod(result_cell(seeds, 1, "score_kcal_mol")) + 1e-3);
  CHECK(std::stod(result_cell(seeds, 1, "moved")) < 2);
  CHECK_THAT(gunzip(read_file(folder / "run/poses.pdbqt.gz")), Contains("MODEL 1"));

  const auto refused =
      run_theriac("dock" + site + "-l ligand.pdbqt --seed_poses ligand.pdbqt -o none", folder);
  CHECK(refused.exit_code == 3);
  CHECK_THAT(refused.err, Contains("does not say which atoms are bonded") && Contains("give an SDF"));
}

TEST_CASE("seed files that cannot serve are refused with what to do") {
  TemporaryFolder folder;
  write_ligands(folder);
  const auto missing = run_theriac("dock" + site + "-l ligands.smi --seed_poses none.sdf -o run", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("none.sdf"));
  write(folder / "flat.smi", "CCO\n");
  const auto flat = run_theriac("dock" + site + "-l ligands.smi --seed_poses flat.smi -o run", folder);
  CHECK(flat.exit_code == 3);
  CHECK_THAT(flat.err, Contains("no pose in") && Contains("3D"));
  const auto scoring =
      run_theriac("dock" + site + "-l ligands.smi --seed_poses flat.smi --score_only -o run", folder);
  CHECK(scoring.exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("seed poses on PoCL give the rows of the processor") {
  std::string device;
  for (const auto& d : theriac::scoring::opencl_devices())
    if (d.platform.find("Portable Computing Language") != std::string::npos)
      device = "opencl:" + std::to_string(d.number);
  if (device.empty()) {
    WARN("skipped: needs PoCL, apt install pocl-opencl-icd");
    return;
  }
  TemporaryFolder folder;
  write_ligands(folder);
  write_seeds(folder);
  const std::string line = "dock" + site + "-l ligands.smi --seed_poses seeds.sdf ";
  CHECK(run_theriac(line + "-o cpu --simd scalar", folder).exit_code == 0);
  CHECK(run_theriac(line + "-o opencl --device " + device, folder).exit_code == 0);
  for (const char* file : {"results.csv", "seeds.csv"})
    CHECK(read_file(folder / ("cpu/" + std::string(file))) ==
          read_file(folder / ("opencl/" + std::string(file))));
}
