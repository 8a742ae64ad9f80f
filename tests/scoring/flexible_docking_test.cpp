#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/flexible_residue.hpp"
#include "chem/pdbqt.hpp"
#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/torsion_tree.hpp"
#include "scoring/docking.hpp"
#include "scoring/opencl_device.hpp"

using namespace theriac;
namespace fs = std::filesystem;

namespace {

const fs::path examples = fs::path(THERIAC_TEST_DATA) / "../../datasets/examples";

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// CDK2 with Lys 33 and Phe 80 moving, and its crystal ligand.
struct Cdk2 {
  chem::Receptor receptor = chem::read_receptor((examples / "2xnb_receptor.pdb").string()).receptor;
  chem::FlexibleLigand ligand = chem::flexible_ligand(
      chem::with_hydrogens(chem::Molecule::from_mol_block(text_of(examples / "2xnb_ligand.sdf"), "2xnb")));
  chem::Box box = chem::box_from_ligand_file((examples / "2xnb_ligand.sdf").string(), 8.0);
};

/// The energy that `vina --score_only` prints for the same rigid, flexible and ligand files.
double vina_energy(const Cdk2& c, const fs::path& folder) {
  std::ofstream(folder / "rigid.pdbqt") << chem::receptor_pdbqt(c.receptor);
  std::ofstream(folder / "ligand.pdbqt") << chem::write_pdbqt_ligand(c.ligand);
  std::string flex;
  if (!c.receptor.flexible_residues.empty()) {
    std::ofstream(folder / "flex.pdbqt") << chem::flexible_residues_pdbqt(c.receptor);
    flex = " --flex flex.pdbqt";
  }
  const std::string command = "cd '" + folder.string() +
                              "' && vina --receptor rigid.pdbqt --ligand ligand.pdbqt" + flex +
                              " --score_only --autobox --seed 1 > score.txt 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string out = text_of(folder / "score.txt");
  const auto at = out.find("Estimated Free Energy of Binding");
  REQUIRE(at != std::string::npos);
  return std::atof(out.c_str() + out.find(':', at) + 1);
}

}  // namespace

TEST_CASE("scores equal Vina's: within 0.01 kcal/mol, with flexible side chains within 0.03") {
  if (std::system("vina --version > /dev/null 2>&1") != 0) {
    WARN("skipped: vina is not installed");
    return;
  }
  Cdk2 c;
  const fs::path folder =
      fs::temp_directory_path() / ("theriac-flexible-docking-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto ours = [&] { return scoring::DockingEngine(c.receptor, c.box, {}).score(c.ligand).affinity; };
  CHECK(ours() == Approx(vina_energy(c, folder)).margin(0.01));
  chem::make_flexible(c.receptor, {{"A", 33, ' '}, {"A", 80, ' '}});
  // the difference, 0.016 here, is not fully traced: docs/docking.md
  CHECK(ours() == Approx(vina_energy(c, folder)).margin(0.03));
  fs::remove_all(folder);
}

TEST_CASE("docking with flexible side chains moves them, keeps their roots and stays reproducible") {
  Cdk2 c;
  chem::make_flexible(c.receptor, {{"A", 33, ' '}, {"A", 80, ' '}});
  scoring::DockingOptions options;
  options.exhaustiveness = 1;
  const auto docked = scoring::DockingEngine(c.receptor, c.box, options).dock(c.ligand);
  REQUIRE(!docked.poses.empty());
  CHECK(docked.poses.front().affinity < -6);
  const auto& residues = c.receptor.flexible_residues;
  REQUIRE(docked.poses.front().flexible_residues.size() == 2);
  double largest_move = 0;
  for (std::size_t r = 0; r < residues.size(); ++r)
    for (std::size_t a = 0; a < residues[r].chain.atoms.size(); ++a) {
      const double moved =
          distance(residues[r].chain.atoms[a].position, docked.poses.front().flexible_residues[r][a]);
      largest_move = std::max(largest_move, moved);
      if (residues[r].chain.atoms[a].name == "CA") CHECK(moved < 1e-9);
    }
  CHECK(largest_move > 0.1);
  const auto again = scoring::DockingEngine(c.receptor, c.box, options).dock(c.ligand);
  CHECK(again.poses.front().affinity == docked.poses.front().affinity);
}

TEST_CASE("docking with flexible side chains on PoCL gives the bytes of the processor") {
  std::string pocl;
  for (const auto& device : scoring::opencl_devices())
    if (device.platform.find("Portable Computing Language") != std::string::npos)
      pocl = "opencl:" + std::to_string(device.number);
  if (pocl.empty()) {
    WARN("skipped: needs PoCL, apt install pocl-opencl-icd");
    return;
  }
  Cdk2 c;
  chem::make_flexible(c.receptor, {{"A", 33, ' '}, {"A", 80, ' '}});
  scoring::DockingOptions options;
  options.exhaustiveness = 0.2;
  const auto expected = scoring::DockingEngine(c.receptor, c.box, options).dock(c.ligand);
  options.device = pocl;
  const auto docked = scoring::DockingEngine(c.receptor, c.box, options).dock(c.ligand);
  REQUIRE(!expected.poses.empty());
  REQUIRE(docked.poses.size() == expected.poses.size());
  const auto same = [](const std::vector<chem::Vector3>& a, const std::vector<chem::Vector3>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](chem::Vector3 p, chem::Vector3 q) {
      return p.x == q.x && p.y == q.y && p.z == q.z;
    });
  };
  for (std::size_t p = 0; p < docked.poses.size(); ++p) {
    CHECK(docked.poses[p].affinity == expected.poses[p].affinity);
    CHECK(same(docked.poses[p].coordinates, expected.poses[p].coordinates));
    for (std::size_t r = 0; r < 2; ++r)
      CHECK(same(docked.poses[p].flexible_residues.at(r), expected.poses[p].flexible_residues.at(r)));
  }
}
