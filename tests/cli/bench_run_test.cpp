// theriac bench from a set on disk to its table: rows, resuming, failures, the same RMSD for other programs.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "chem/conformer.hpp"
#include "chem/pose_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/child_process.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
namespace chem = theriac::chem;
namespace fs = std::filesystem;

namespace {

const std::string numbers = ",11,11.5,13,18,18,18\n";

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// A benzenesulfonamide conformer, moved by `shift`, as SDF.
std::string ligand_sdf(const chem::Vector3& shift) {
  const auto molecule = chem::embedded(chem::Molecule::from_smiles("NS(=O)(=O)c1ccccc1", "ligand"));
  const auto flexible = chem::flexible_ligand(molecule);
  std::vector<chem::Vector3> moved;
  for (const auto& atom : flexible.atoms) moved.push_back(atom.position + shift);
  return chem::sdf_record(molecule, flexible, moved);
}

/// The example site with the spelling of zinc that Vina knows.
std::string site() {
  std::string text = read_file(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  for (auto at = text.find(" ZN\n"); at != std::string::npos; at = text.find(" ZN\n", at))
    text.replace(at, 3, " Zn");
  return text;
}

/// Complexes: "good"; "broken", whose start cannot be read; "bare", which has none.
void write_redock_set(const TemporaryFolder& folder) {
  std::string index =
      "pdbid,receptor,box_center_x,box_center_y,box_center_z,box_size_x,box_size_y,box_size_z\n";
  for (const std::string id : {"good", "broken", "bare"}) {
    const std::string inside = folder / ("set/" + id);
    fs::create_directories(inside);
    write(inside + "/receptor.pdbqt", site());
    write(inside + "/ligand.sdf", ligand_sdf({11, 11.5, 13}));
    index += id + ",receptor.pdbqt" + numbers;
  }
  write(folder / "set/good/ligand_start.sdf", ligand_sdf({8, 7.5, 13}));
  write(folder / "set/broken/ligand_start.sdf", "broken\n\n\nnot a molecule\n$$$$\n");
  write(folder / "set/index.csv", index);
}

const std::string redock = "bench redock --data set --exhaustiveness 0.5 --max-failed 1 -o out ";

}  // namespace

TEST_CASE("a redocking run has a row per complex, continues, and keeps to its settings") {
  TemporaryFolder folder;
  write_redock_set(folder);
  const auto first = run_theriac(redock + "--complexes good", folder);
  CHECK(first.exit_code == 0);
  const std::string one = read_file(folder / "out/redock.csv");
  const auto all = run_theriac(redock, folder);
  CHECK(all.exit_code == 0);
  CHECK_THAT(all.err, Contains("bare left out: no ligand_start.sdf"));
  const std::string text = read_file(folder / "out/redock.csv");
  CHECK(text.substr(0, one.size()) == one);  // measured once

  const auto rows = read_csv(text);
  REQUIRE(rows.size() == 3);
  CHECK(rows[1][1] == "ok");
  CHECK(rows[2][0] == "broken");
  CHECK(rows[2][1] == "failed");
  CHECK_THAT(rows[2][2], Contains("ligand_start.sdf"));
  CHECK_THAT(read_file(folder / "out/redock.md"), Contains("# Redocking 2 complexes") && Contains("bare") &&
                                                      Contains("- broken: ") &&
                                                      Contains("poses that pass our checks"));
  CHECK_THAT(read_file(folder / "out/poses/good.sdf"), Contains("<rmsd_ref>"));
  const auto other = run_theriac(redock + "--seed 2", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("were made with seed = '1', now it is '2'"));
  CHECK(run_theriac(redock + "--strict", folder).exit_code == 4);
}

TEST_CASE("another program's poses are measured against the crystal pose") {
  TemporaryFolder folder;
  write_redock_set(folder);
  CHECK(run_theriac(redock + "--complexes good", folder).exit_code == 0);
  fs::create_directories(folder / "poses");
  fs::copy_file(folder / "out/inputs/good/ligand.pdbqt", folder / "poses/good.pdbqt");
  const auto measured = run_theriac("bench redock --data set -o out --rmsd-of poses", folder);
  CHECK(measured.exit_code == 0);
  CHECK_THAT(measured.out, Contains("pdbid,pose,rmsd\ngood,1,5.000"));  // the crystal pose is (3, 4, 0) away
}

TEST_CASE("vina is run beside Theriac and agrees on the score of a pose") {
  if (theriac::cli::find_program("vina").empty()) {
    WARN("skipped: needs the program vina (apt install autodock-vina)");
    return;
  }
  TemporaryFolder folder;
  write_redock_set(folder);
  const auto both =
      run_theriac(redock + "--complexes good --with vina --vina-exhaustiveness 1 --strict", folder);
  CHECK(both.exit_code == 0);
  CHECK_THAT(read_file(folder / "out/redock.md"), Contains("Vina 1.2") && Contains("ligands per CPU second"));
  const auto agreement =
      run_theriac("bench redock --data set --complexes good --score-agreement -o agree", folder);
  CHECK(agreement.exit_code == 0);
  CHECK_THAT(read_file(folder / "agree/score_agreement.md"), Contains("| within 0.01 kcal/mol | 1 |"));
}

TEST_CASE("a screening run ranks actives and decoys and continues") {
  TemporaryFolder folder;
  fs::create_directories(folder / "sets/ca2");
  fs::create_directories(folder / "targets");
  fs::copy_file(THERIAC_TEST_DATA "/zinc_site.pdbqt", folder / "targets/CA2.pdbqt");
  write(folder / "sets/index.csv",
        "set,target,receptor,center_x,center_y,center_z,size_x,size_y,size_z\nca2,CA2,targets/CA2.pdbqt" +
            numbers);
  write(folder / "sets/ca2/molecules.csv",
        "smiles,id,active\nNS(=O)(=O)c1ccccc1,a,1\nCCO,d1,0\nCC(=O)O,d2,0\nc1ccccc(C,d3,0\n");
  const std::string command =
      "bench screening --data sets --targets_dir targets --exhaustiveness 0.5 --max-failed 1 -o out";
  const auto run = run_theriac(command, folder);
  CHECK(run.exit_code == 0);
  const std::string text = read_file(folder / "out/screening.csv");
  const auto rows = read_csv(text);
  REQUIRE(rows.size() == 5);
  CHECK(rows[4][4] == "failed");
  CHECK_THAT(read_file(folder / "out/screening.md"),
             Contains("| ca2 | Theriac | 1 | 3 |") && Contains("molecular weight alone"));
  CHECK_THAT(read_file(folder / "out/screening.svg"), Contains("</svg>"));
  CHECK(run_theriac(command, folder).exit_code == 0);
  CHECK(read_file(folder / "out/screening.csv") == text);
}
