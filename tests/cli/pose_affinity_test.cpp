// Affinities of poses as users meet them: columns, tags, ranking by them, and what is refused.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_file;

namespace {

const std::string site = "dock -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 --num_modes 3 --cpu 1 ";

void three_ligands(const TemporaryFolder& folder) {
  std::ofstream(folder / "three.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n"
                                         "CCO ethanol\n"
                                         "O=C(O)Cc1cccc2ccccc12 acid\n";
}

}  // namespace

TEST_CASE("poses that the learned scorer judges have an affinity and the same beside its size") {
  const TemporaryFolder folder;
  three_ligands(folder);
  REQUIRE(run_theriac(site + "-l three.smi -o run -q", folder, "").exit_code == 0);
  const auto rows = result_rows(folder, "run/results.csv");
  REQUIRE(rows.size() == 4);
  for (std::size_t line = 1; line < 4; ++line) {
    const double affinity = std::stod(result_cell(rows, line, "pose_affinity"));
    const double beside = std::stod(result_cell(rows, line, "pose_affinity_size_corrected"));
    const double atoms = std::vector<double>{13, 3, 14}[line - 1];
    CHECK(affinity > 1);
    CHECK(affinity < 10);
    CHECK(affinity - beside == Approx(3.998 + 0.0946 * atoms).margin(0.03));  // docs/pose_scoring.md
  }
  REQUIRE(run_theriac(site + "-l three.smi -o poses.sdf -q", folder, "").exit_code == 0);
  const auto tags = sdf_tags(read_file(folder / "poses.sdf"), "pose_affinity");
  REQUIRE(tags.size() > 3);
  CHECK(tags.front() == Approx(std::stod(result_cell(rows, 1, "pose_affinity"))));
  REQUIRE(run_theriac(site + "-l three.smi --pose_affinity none -o none.csv -q", folder, "").exit_code == 0);
  CHECK_THAT(read_file(folder / "none.csv"), Contains("probability") && !Contains("pose_affinity"));
}

TEST_CASE("ligands are ranked by affinity where that is asked") {
  const TemporaryFolder folder;
  three_ligands(folder);
  for (const std::string by : {"affinity", "size_corrected"}) {
    const std::string column = by == "affinity" ? "pose_affinity" : "pose_affinity_size_corrected";
    const auto run = run_theriac(site + "-l three.smi --rank_ligands_by " + by + " -o " + by, folder, "");
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    CHECK_THAT(run.out, Contains(by == "affinity" ? "pK" : "pK beside size"));
    const auto rows = result_rows(folder, by + "/results.csv");
    for (std::size_t a = 1; a < rows.size(); ++a)
      for (std::size_t b = 1; b < rows.size(); ++b)
        if (std::stod(result_cell(rows, a, "rank")) < std::stod(result_cell(rows, b, "rank")))
          CHECK(std::stod(result_cell(rows, a, column)) >= std::stod(result_cell(rows, b, column)));
  }
  const auto refused =
      run_theriac(site + "-l three.smi --rank_by energy --rank_ligands_by affinity -o no", folder, "");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("no pose gets an affinity"));
}

TEST_CASE("what holds no affinities of poses is refused") {
  const TemporaryFolder folder;
  three_ligands(folder);
  const std::string start = site + "-l three.smi -o out.csv --pose_affinity ";
  const std::string whole = read_file(THERIAC_MODELS_FOLDER "/pose-affinity.safetensors");
  std::ofstream(folder / "cut.safetensors", std::ios::binary) << whole.substr(0, whole.size() - 40);
  CHECK(run_theriac(start + "cut.safetensors", folder, "").exit_code == 6);
  CHECK(run_theriac(start + "nowhere.safetensors", folder, "").exit_code == 3);
  const auto other = run_theriac(start + "pose-scorer", folder, "");
  CHECK(other.exit_code == 6);
  CHECK_THAT(other.err, Contains("no affinity of poses"));
}

TEST_CASE("training affinities of poses asks for its teacher and its file") {
  const TemporaryFolder folder;
  CHECK(run_theriac("train pose-affinity --data . -o affinity", folder, "").exit_code == 2);
  CHECK(run_theriac("train pose-affinity --data . -o affinity.safetensors", folder, "").exit_code == 2);
}
