// Redocking of a few crystal complexes: what the processor finds, PoCL finds, to the last bit.
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"
#include "scoring/docking.hpp"
#include "scoring/opencl_device.hpp"

using namespace theriac::chem;
using namespace theriac::scoring;
namespace fs = std::filesystem;

namespace {

const fs::path redock = fs::path(THERIAC_SHARED_DATA) / "data" / "redock";

Molecule molecule(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return with_hydrogens(Molecule::from_mol_block(text.str(), path.stem().string()));
}

Box box_round(const std::vector<Vector3>& x) {
  Vector3 low = x.front(), high = x.front();
  for (const Vector3& p : x)
    for (int k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], p[k]);
      high[k] = std::max(high[k], p[k]);
    }
  return {0.5 * (low + high), high - low + Vector3{8, 8, 8}, "crystal ligand + 4 A"};
}

}  // namespace

TEST_CASE("complexes are redocked on PoCL with the poses and the success of the processor") {
  std::string pocl;
  for (const auto& device : opencl_devices())
    if (device.platform.find("Portable Computing Language") != std::string::npos)
      pocl = "opencl:" + std::to_string(device.number);
  if (!fs::exists(redock) || pocl.empty()) {
    WARN("skipped: needs ../shared/data/redock and PoCL (apt install pocl-opencl-icd)");
    return;
  }
  int good = 0;
  for (const char* entry : {"3gy4", "2jdu", "3f80"}) {
    INFO(entry);
    const Molecule crystal = molecule(redock / entry / "ligand.sdf");
    const Molecule start = molecule(redock / entry / "ligand_start.sdf");
    const FlexibleLigand ligand = flexible_ligand(start);
    const Receptor receptor = read_pdbqt_receptor((redock / entry / "receptor.pdbqt").string());
    const Box box = box_round(crystal.coordinates());
    DockingOptions options;
    options.exhaustiveness = 1;
    options.simd = "scalar";
    const auto cpu = DockingEngine(receptor, box, options).dock(ligand);
    options.device = pocl;
    const auto device = DockingEngine(receptor, box, options).dock(ligand);
    REQUIRE(!cpu.poses.empty());
    REQUIRE(device.poses.size() == cpu.poses.size());
    const ReferencePose reference(crystal, start, ligand);
    for (std::size_t p = 0; p < cpu.poses.size(); ++p) {
      const auto &a = cpu.poses[p].coordinates, &b = device.poses[p].coordinates;
      CHECK(cpu.poses[p].affinity == device.poses[p].affinity);
      CHECK(std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0);
      CHECK(reference.rmsd(a) == reference.rmsd(b));
    }
    good += reference.rmsd(device.poses.front().coordinates) < 2;
  }
  CHECK(good >= 2);
}
