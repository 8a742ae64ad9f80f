// Crystal poses are what the checks must accept, and their contacts are in the literature.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "chem/conformer.hpp"
#include "chem/receptor_file.hpp"
#include "chem/torsion_tree.hpp"
#include "scoring/interactions.hpp"
#include "scoring/pose_check.hpp"

using Catch::Matchers::Contains;
using namespace theriac::chem;
using namespace theriac::scoring;
namespace fs = std::filesystem;

namespace {

const fs::path redock = fs::path(THERIAC_SHARED_DATA) / "data" / "redock";

struct Crystal {
  Receptor receptor;
  FlexibleLigand ligand;
  std::vector<Vector3> x;
};

Crystal crystal(const fs::path& folder) {
  std::ifstream file(folder / "ligand.sdf");
  std::stringstream text;
  text << file.rdbuf();
  const Molecule m = with_hydrogens(Molecule::from_mol_block(text.str(), "crystal"));
  return {read_pdbqt_receptor((folder / "receptor.pdbqt").string()), flexible_ligand(m), m.coordinates()};
}

std::string contacts(const char* entry) {
  const Crystal c = crystal(redock / entry);
  return text(interactions(c.receptor, c.ligand, c.x));
}

}  // namespace

TEST_CASE("crystal poses pass the checks") {
  if (!fs::exists(redock)) {
    WARN("skipped: needs ../shared/data/redock");
    return;
  }
  int all = 0, passed = 0;
  for (const auto& entry : fs::directory_iterator(redock)) {
    if (!fs::exists(entry.path() / "receptor.pdbqt")) continue;
    const Crystal c = crystal(entry.path());
    ++all;
    passed += check_pose(c.receptor, c.ligand, c.x).passed();
    CHECK_FALSE(interactions(c.receptor, c.ligand, c.x).empty());
  }
  CHECK(all >= 90);
  CHECK(passed >= 0.95 * all);
}

TEST_CASE("published contacts are found") {
  if (!fs::exists(redock)) {
    WARN("skipped: needs ../shared/data/redock");
    return;
  }
  // sorafenib in p38: hinge Met109, Glu71 of the C helix, Asp168 of the DFG motif
  CHECK_THAT(contacts("3gcs"),
             Contains("Met109 hbond") && Contains("Glu71 hbond") && Contains("Asp168 hbond"));
  // a pyrrolidide in DPP-4: the amine between Glu205 and Glu206
  CHECK_THAT(contacts("1n1m"), Contains("Glu205 salt-bridge") && Contains("Glu206 salt-bridge"));
  // Chk1: the hinge at Cys87
  CHECK_THAT(contacts("2brb"), Contains("Cys87 hbond"));
}
