// Receptors of other people's making. Needs ../shared; passes, and says so, where it is absent.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "chem/autodock_type.hpp"
#include "chem/ligand_coordinates.hpp"
#include "chem/pocket.hpp"
#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/text_file.hpp"

using namespace theriac::chem;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_named(const std::string& folder, const std::string& ending) {
  std::vector<fs::path> files;
  const fs::path root = fs::path(THERIAC_SHARED_DATA) / "data" / folder;
  if (!fs::exists(root)) {
    WARN("skipped: needs ../shared/data/" << folder);
    return files;
  }
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void check_typed(const Receptor& receptor) {
  CHECK(receptor.atoms.size() > 1000);
  std::map<std::string, int> types;
  for (const auto& atom : receptor.atoms) {
    types[atom.autodock_type] += 1;
    if (autodock_type_element(atom.autodock_type) != atom.element)
      FAIL("atom " << atom.name << " is untyped");
  }
  // every protein has amides and carbonyls, about one of each per residue
  CHECK(types["N"] > 100);
  CHECK(types["OA"] > types["N"] / 2);
  CHECK(types["HD"] > types["N"]);
}

}  // namespace

TEST_CASE("all PDBQT receptors of the redocking set are read") {
  const auto files = files_named("redock", "receptor.pdbqt");
  if (files.empty()) return;
  CHECK(files.size() == 98);
  for (const auto& file : files) {
    INFO(file.parent_path().filename().string());
    check_typed(read_pdbqt_receptor(file.string()));
  }
}

TEST_CASE("all gzip receptors of the dockstring targets are read") {
  const auto files = files_named("dockstring_targets", ".pdbqt.gz");
  if (files.empty()) return;
  CHECK(files.size() == 58);
  for (const auto& file : files) {
    INFO(file.filename().string());
    check_typed(read_pdbqt_receptor(file.string()));
  }
}

TEST_CASE("all PDB receptors of the redocking set are prepared") {
  const auto files = files_named("redock", "receptor.pdb");
  if (files.empty()) return;
  CHECK(files.size() == 53);
  for (const auto& file : files) {
    INFO(file.parent_path().filename().string());
    const auto prepared = read_receptor(file.string());
    check_typed(prepared.receptor);
    const auto& report = prepared.report;
    // proteins hold about one hydrogen for each heavy atom
    CHECK(report.hydrogens_added > 0.9 * report.heavy_atoms);
    CHECK(report.hydrogens_added < 1.15 * report.heavy_atoms);
    CHECK(report.heavy_atoms > 6 * report.residues);
    CHECK(!report.termini.empty());
  }
}

TEST_CASE("AutoDock Vina loads receptors prepared from PDB files") {
  if (std::system("vina --version > /dev/null 2>&1") != 0) {
    WARN("skipped: vina is not installed");
    return;
  }
  const auto files = files_named("redock", "receptor.pdb");
  const fs::path folder = fs::temp_directory_path() / ("theriac_prepared_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  for (std::size_t i = 0; i < files.size(); i += 13) {
    INFO(files[i].string());
    const auto receptor = read_receptor(files[i].string()).receptor;
    write_receptor_pdbqt(receptor, folder / "receptor.pdbqt");
    const Vector3 place = receptor.atoms[receptor.atoms.size() / 2].position + Vector3{3, 0, 0};
    write_text_file(
        folder / "ligand.pdbqt",
        fmt::format("ROOT\nATOM      1  C   LIG A   1    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00    +0.000 C \n"
                    "ENDROOT\nTORSDOF 0\n",
                    place.x, place.y, place.z));
    const std::string command = fmt::format(
        "cd '{}' && vina --receptor receptor.pdbqt --ligand ligand.pdbqt --score_only --center_x {:.3f} "
        "--center_y "
        "{:.3f} --center_z {:.3f} --size_x 10 --size_y 10 --size_z 10 > log 2>&1",
        folder.string(), place.x, place.y, place.z);
    CHECK(std::system(command.c_str()) == 0);
  }
  fs::remove_all(folder);
}

TEST_CASE("pockets of the redocking receptors lie where their ligands do") {
  const auto files = files_named("redock", "receptor.pdbqt");
  int found = 0, tried = 0;
  for (std::size_t i = 0; i < files.size(); i += 4) {
    const auto pockets = find_pockets(read_pdbqt_receptor(files[i].string()), 3);
    const auto ligand = read_ligand_coordinates(files[i].parent_path() / "ligand.sdf").front();
    ++tried;
    // the usual criterion: one of three pocket centres within 4 angstrom of a ligand atom
    found += std::any_of(pockets.begin(), pockets.end(), [&](const Pocket& pocket) {
      return std::any_of(ligand.begin(), ligand.end(),
                         [&](Vector3 atom) { return distance(atom, pocket.center) < 4; });
    });
  }
  if (tried) CHECK(found > 0.7 * tried);
}
