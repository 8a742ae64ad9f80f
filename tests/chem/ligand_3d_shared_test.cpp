// The whole redocking set: every start structure becomes a docking ligand.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "chem/conformer.hpp"
#include "chem/pdbqt.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"

using namespace theriac::chem;
namespace fs = std::filesystem;

namespace {

const fs::path redock = fs::path(THERIAC_SHARED_DATA) / "data" / "redock";

std::string content(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> complexes() {
  std::vector<fs::path> out;
  if (fs::exists(redock))
    for (const auto& entry : fs::directory_iterator(redock))
      if (fs::exists(entry.path() / "ligand_start.sdf")) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  if (out.empty()) WARN("skipped: needs ../shared/data/redock");
  return out;
}

}  // namespace

TEST_CASE("every start structure of the redocking set becomes a docking ligand") {
  int with_rings = 0;
  std::size_t most = 0;
  for (const auto& folder : complexes()) {
    INFO(folder.filename().string());
    const Molecule start = Molecule::from_mol_block(content(folder / "ligand_start.sdf"), folder.filename());
    const Molecule prepared = with_ring_conformers(start);
    CHECK(stereo_is_kept(prepared));
    const FlexibleLigand l = flexible_ligand(prepared);
    CHECK(l.heavy_atom_count() == start.heavy_atom_count());
    CHECK(l.symmetries.size() >= 1);
    with_rings += !l.ring_conformers.empty();
    most = std::max(most, l.ring_conformers.size());
    const FlexibleLigand back = read_pdbqt_ligand(write_pdbqt_ligand(l), "back.pdbqt");
    CHECK(back.fragments.size() == l.fragments.size());
    // Vina's rule loses the longest side of a three-membered ring: the third atom lies "between".
    const std::set<std::pair<int, int>> bonds(l.bonds.begin(), l.bonds.end());
    const auto bonded = [&](int i, int j) { return bonds.count({i, j}) + bonds.count({j, i}) > 0; };
    std::size_t expected = 0, triangles = 0;
    for (const auto& [i, j] : l.bonds) {
      expected += l.atoms[i].autodock_type != "H" && l.atoms[j].autodock_type != "H";
      for (int k = 0; k < std::min(i, j); ++k) triangles += bonded(i, k) && bonded(j, k);
    }
    CHECK(back.bonds.size() + triangles >= expected);
    CHECK(back.bonds.size() <= expected);
  }
  if (!complexes().empty()) {
    CHECK(with_rings > 30);
    CHECK(most <= 7);
  }
}

TEST_CASE("every start structure maps onto its crystal pose") {
  for (const auto& folder : complexes()) {
    INFO(folder.filename().string());
    const Molecule start = Molecule::from_mol_block(content(folder / "ligand_start.sdf"), "start");
    const Molecule crystal = Molecule::from_mol_block(content(folder / "ligand.sdf"), "crystal");
    const FlexibleLigand l = flexible_ligand(start);
    const ReferencePose reference(crystal, start, l);
    CHECK(reference.mappings() >= l.symmetries.size());
    CHECK(reference.rmsd(start.coordinates()) > 0);
    // the crystal pose against itself: zero, whatever the order of atoms
    const Molecule own = with_hydrogens(crystal);
    CHECK(ReferencePose(crystal, own, flexible_ligand(own)).rmsd(own.coordinates()) == 0);
  }
}

TEST_CASE("Vina scores the PDBQT ligands that we write") {
  if (std::system("vina --version > /dev/null 2>&1") != 0) {
    WARN("skipped: needs the program vina (Debian: autodock-vina)");
    return;
  }
  const auto all = complexes();
  int scored = 0;
  for (std::size_t i = 0; i < all.size() && scored < 5; ++i) {
    if (!fs::exists(all[i] / "receptor.pdbqt")) continue;
    INFO(all[i].filename().string());
    const Molecule crystal =
        with_hydrogens(Molecule::from_mol_block(content(all[i] / "ligand.sdf"), "crystal"));
    const std::string file = "vina_reads_" + all[i].filename().string() + ".pdbqt";
    std::ofstream(file) << write_pdbqt_ligand(flexible_ligand(crystal));
    const std::string command = "vina --score_only --autobox --receptor '" +
                                (all[i] / "receptor.pdbqt").string() + "' --ligand " + file + " > " + file +
                                ".log 2>&1";
    CHECK(std::system(command.c_str()) == 0);
    CHECK_THAT(content(file + ".log"), Catch::Matchers::Contains("Estimated Free Energy of Binding"));
    fs::remove(file);
    fs::remove(file + ".log");
    ++scored;
  }
}
