#include "chem/pdbqt.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::chem;

namespace {

// 3-phenylpropan-1-ol without hydrogens on carbon; ring in the root, three rotors.
const char* const phenylpropanol = R"(REMARK  Name = phenylpropanol
ROOT
ATOM      1  C1  UNL     1       0.000   1.390   0.000  1.00  0.00    -0.062 A
ATOM      2  C2  UNL     1       1.204   0.695   0.000  1.00  0.00    -0.062 A
ATOM      3  C3  UNL     1       1.204  -0.695   0.000  1.00  0.00    -0.059 A
ATOM      4  C4  UNL     1       0.000  -1.390   0.000  1.00  0.00    -0.048 A
ATOM      5  C5  UNL     1      -1.204  -0.695   0.000  1.00  0.00    -0.059 A
ATOM      6  C6  UNL     1      -1.204   0.695   0.000  1.00  0.00    -0.062 A
ENDROOT
BRANCH   4   7
ATOM      7  C7  UNL     1       0.000  -2.900   0.000  1.00  0.00     0.028 C
BRANCH   7   8
ATOM      8  C8  UNL     1       1.430  -3.430   0.000  1.00  0.00     0.022 C
BRANCH   8   9
ATOM      9  C9  UNL     1       1.430  -4.960   0.000  1.00  0.00     0.155 C
ATOM     10  O1  UNL     1       2.760  -5.440   0.000  1.00  0.00    -0.396 OA
ENDBRANCH   8   9
ENDBRANCH   7   8
ENDBRANCH   4   7
TORSDOF 3
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a PDBQT ligand becomes fragments, bonds and symmetries") {
  const FlexibleLigand l = read_pdbqt_ligand(phenylpropanol, "some/where/pp.pdbqt");
  CHECK(l.name == "phenylpropanol");
  REQUIRE(l.atoms.size() == 10);
  CHECK(l.atoms[9].autodock_type == "OA");
  CHECK(l.atoms[9].element == 8);
  CHECK(l.atoms[9].charge == Approx(-0.396));
  CHECK(l.atoms[8].position.y == Approx(-4.960));
  REQUIRE(l.fragments.size() == 4);
  CHECK(l.fragments[3].parent == 2);
  CHECK(l.fragments[3].axis_begin == 7);
  CHECK(l.fragments[3].axis_end == 8);
  CHECK(l.fragments[3].atoms == std::vector<int>{8, 9});
  const std::set<std::pair<int, int>> bonds(l.bonds.begin(), l.bonds.end());
  CHECK(bonds == std::set<std::pair<int, int>>{
                     {0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {0, 5}, {3, 6}, {6, 7}, {7, 8}, {8, 9}});
  REQUIRE(l.symmetries.size() == 2);  // the ring flips
  CHECK(l.symmetries[1][2] == 4);
  CHECK(l.key.substr(0, 6) == "pdbqt:");
}

TEST_CASE("reading what was written gives the same ligand") {
  const FlexibleLigand a = read_pdbqt_ligand(phenylpropanol, "pp.pdbqt");
  const std::string text = write_pdbqt_ligand(a);
  const FlexibleLigand b = read_pdbqt_ligand(text, "pp.pdbqt");
  CHECK(text == write_pdbqt_ligand(b));
  CHECK(b.bonds == a.bonds);
  CHECK(text.find("TORSDOF 3\n") != std::string::npos);
  std::vector<Vector3> moved;
  for (const auto& atom : a.atoms) moved.push_back(atom.position + Vector3{1, 2, 3});
  const FlexibleLigand c = read_pdbqt_ligand(write_pdbqt_ligand(a, moved, {"shifted"}), "pp.pdbqt");
  CHECK(c.atoms[0].position.y == Approx(3.390));
  CHECK_THROWS_AS(write_pdbqt_ligand(a, {{0, 0, 0}}), MoleculeError);
}

TEST_CASE("hydrogens on carbon are merged with their charge") {
  FlexibleLigand l = read_pdbqt_ligand(phenylpropanol, "pp.pdbqt");
  LigandAtom h;
  h.name = "H1";
  h.autodock_type = "H";
  h.element = 1;
  h.charge = 0.1;
  h.position = {0, 2.47, 0};
  l.atoms.push_back(h);
  l.fragments[0].atoms.push_back(10);
  l.bonds.emplace_back(0, 10);
  const FlexibleLigand merged = read_pdbqt_ligand(write_pdbqt_ligand(l), "pp.pdbqt");
  CHECK(merged.atoms.size() == 10);
  CHECK(merged.atoms[0].charge == Approx(0.038));
}

TEST_CASE("every MODEL is a ligand") {
  const std::string two =
      std::string("MODEL 1\n") + phenylpropanol + "ENDMDL\nMODEL 2\n" + phenylpropanol + "ENDMDL\n";
  CHECK(read_pdbqt_ligands(two, "out.pdbqt").size() == 2);
  CHECK(read_pdbqt_ligands(phenylpropanol, "out.pdbqt").size() == 1);
  CHECK_THROWS_WITH(read_pdbqt_ligand(two, "out.pdbqt"),
                    "out.pdbqt has 2 MODELs where one ligand is expected");
}

TEST_CASE("errors in a PDBQT ligand name file, line and value") {
  const std::string good = phenylpropanol;
  const auto read = [](const std::string& text) { return read_pdbqt_ligand(text, "x.pdbqt"); };
  CHECK_THROWS_WITH(read(replaced(good, "-0.396 OA", "-0.396 B ")),
                    "unknown AutoDock atom type 'B' (x.pdbqt, line 16)");
  CHECK_THROWS_WITH(read(replaced(good, "   1.390", "   1.3x0")),
                    "coordinate '1.3x0' in columns 39-46 is not a number (x.pdbqt, line 3)");
  CHECK_THROWS_WITH(read(replaced(good, "   1.390", "     nan")), Contains("'nan'"));
  CHECK_THROWS_WITH(read(replaced(good, "ENDBRANCH   8   9\n", "")),
                    "ENDBRANCH 7 8 closes BRANCH 8 9 of line 14 (x.pdbqt, line 17)");
  CHECK_THROWS_WITH(read(good.substr(0, good.find("ENDBRANCH"))), "x.pdbqt ends inside BRANCH 8 9");
  CHECK_THROWS_WITH(read(replaced(good, "BRANCH   4   7", "BRANCH  44   7")), Contains("ENDBRANCH 4 7"));
  CHECK_THROWS_WITH(read(replaced(replaced(good, "BRANCH   8   9", "BRANCH   4   9"), "ENDBRANCH   8   9",
                                  "ENDBRANCH   4   9")),
                    "atom 4 of BRANCH 4 9 is not in the group it branches from (x.pdbqt, line 14)");
  CHECK_THROWS_WITH(read("ATOM      1  N   ALA A   2      -0.551   8.708 -11.732  1.00 69.38    -0.058 N \n"),
                    "an atom outside ROOT and BRANCH (x.pdbqt, line 1)");
  CHECK_THROWS_WITH(read(""), "x.pdbqt has no ROOT record");
  CHECK_THROWS_WITH(read(replaced(good, "-0.396 OA", "-0.396 G0")), Contains("macrocycle"));
  CHECK_THROWS_WITH(read("MODEL 1\n" + good), "MODEL is never closed by ENDMDL (x.pdbqt, line 1)");
  CHECK_THROWS_WITH(read(replaced(good, "ENDROOT", "ENDROOF")), "unknown record 'ENDROOF' (x.pdbqt, line 9)");
}
