#include "chem/binding_box.hpp"

#include <catch2/catch.hpp>

#include "chem/autodock_type.hpp"
#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/ligand_coordinates.hpp"
#include "chem/pocket.hpp"
#include "chem/possible_valence.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"

using namespace theriac;
using namespace theriac::chem;

namespace {

/// The message and, after " | ", the hint of the error that `call` throws.
template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "no error";
}

Receptor zinc_site() {
  return read_pdbqt_receptor(THERIAC_TEST_DATA "/zinc_site.pdbqt");
}

ReceptorAtom carbon_at(Vector3 position, int residue_number) {
  ReceptorAtom atom;
  atom.name = "CA";
  atom.residue_name = "ALA";
  atom.residue = {"A", residue_number, ' '};
  atom.autodock_type = "C";
  atom.element = 6;
  atom.position = position;
  return atom;
}

/// A solid ball of carbon atoms, 12 angstrom in radius, with a hole of 4.5 angstrom at `hole`.
Receptor ball_with_hole(Vector3 hole) {
  Receptor receptor;
  receptor.name = "ball";
  int n = 0;
  for (int i = -8; i <= 8; ++i)
    for (int j = -8; j <= 8; ++j)
      for (int k = -8; k <= 8; ++k) {
        const Vector3 place{1.5 * i, 1.5 * j, 1.5 * k};
        if (norm(place) <= 12 && distance(place, hole) >= 6.5)
          receptor.atoms.push_back(carbon_at(place, ++n));
      }
  return receptor;
}

const char* const two_molecules =
    "first\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n"
    "    1.0000    2.0000    3.0000 C   0  0\n    2.0000    2.0000    3.0000 O   0  0\n  1  2  1  0\nM  "
    "END\n$$$$\n"
    "second\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n"
    "    5.0000    2.0000    3.0000 C   0  0\n   90.0000    2.0000    3.0000 H   0  0\n  1  2  1  0\nM  "
    "END\n$$$$\n";

}  // namespace

TEST_CASE("a box is the extent of the points plus the margin on all six sides") {
  const Box box = box_around({{0, 0, 0}, {2, 4, 6}}, 4, "test");
  CHECK(box.center.x == 1);
  CHECK(box.center.z == 3);
  CHECK(box.size.x == 10);
  CHECK(box.size.z == 14);
  CHECK(box.low().x == -4);
  CHECK(box.high().z == 10);
}

TEST_CASE("heavy atoms of every molecule of an SDF are found") {
  const auto molecules = parse_ligand_coordinates(two_molecules, "two.sdf");
  REQUIRE(molecules.size() == 2);
  CHECK(molecules[0].size() == 2);
  CHECK(molecules[1].size() == 1);
  CHECK(molecules[1][0].x == 5);
}

TEST_CASE("MOL2, V3000 and PDBQT ligands give coordinates too") {
  CHECK(parse_ligand_coordinates(
            "@<TRIPOS>MOLECULE\nx\n@<TRIPOS>ATOM\n1 C1 1.0 2.0 3.0 C.3\n2 H1 2.0 2.0 3.0 H\n"
            "@<TRIPOS>BOND\n1 1 2 1\n",
            "x.mol2")[0]
            .size() == 1);
  const auto v3000 = parse_ligand_coordinates(
      "x\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1 0 0 0 0\n"
      "M  V30 BEGIN ATOM\nM  V30 1 N 1.5 2.5 3.5 0\nM  V30 END ATOM\nM  V30 END CTAB\nM  END\n$$$$\n",
      "x.sdf");
  CHECK(v3000[0][0].y == 2.5);
  const auto pdbqt = parse_ligand_coordinates(
      "ROOT\nATOM      1  C1  LIG     1       1.000   2.000   3.000  0.00  0.00    +0.100 A "
      "\nENDROOT\nTORSDOF 0\n",
      "x.pdbqt");
  CHECK(pdbqt[0][0].z == 3);
}

TEST_CASE("ligand files without coordinates are refused") {
  CHECK(refusal([] { parse_ligand_coordinates("c1ccccc1 benzene\n", "x.smi"); }) ==
        "no ligand atoms in 'x.smi' | a box needs an SDF, MOL2, PDB or PDBQT file with 3D coordinates");
  const std::string cut =
      std::string(two_molecules).substr(0, std::string(two_molecules).find("    2.0000    2.0000"));
  CHECK(refusal([&] { parse_ligand_coordinates(cut, "cut.sdf"); }) ==
        "the file ends inside its atoms (cut.sdf, line 5) | the file may have been cut short");
}

TEST_CASE("a Vina config file gives the box and its other keys are left alone") {
  const Box box = parse_vina_box(
      "receptor = r.pdbqt\n# a comment\ncenter_x = 15.190\ncenter_y=53.903\ncenter_z =16.917 # here\n"
      "size_x = 20.0\nsize_y = 22\nsize_z = 24\nexhaustiveness = 32\n",
      "conf.txt");
  CHECK(box.center.x == 15.190);
  CHECK(box.center.z == 16.917);
  CHECK(box.size.y == 22);
  const Box again = parse_vina_box(vina_box_config(box), "box.txt");
  CHECK(again.center.y == box.center.y);
  CHECK(again.size.z == box.size.z);
}

TEST_CASE("a Vina config file with a missing or bad number is refused") {
  CHECK(refusal([] { parse_vina_box("center_x = 1\ncenter_y = 2\nsize_x = 20\nsize_y = 20\n", "c.txt"); }) ==
        "no center_z, size_z in 'c.txt' | a box needs center_x, center_y, center_z, size_x, size_y and "
        "size_z in "
        "angstrom");
  CHECK(refusal([] { parse_vina_box("center_x = 1,5\n", "c.txt"); }) ==
        "center_x is '1,5', not a number (c.txt, line 1) | ");
}

TEST_CASE("boxes without a volume, without numbers or too large are refused") {
  const std::string remedy = " | 20 to 30 A on each side suit most binding sites";
  CHECK(refusal([] {
          box_from_numbers({0, 0, 0}, {20, 0, 20});
        }) == "size_y of the search box is 0; it must be longer than 0 A" + remedy);
  CHECK(refusal([] {
          box_from_numbers({0, 0, 0}, {20, 20, 500});
        }) == "size_z of the search box is 500 A; at most 126 A can be searched" + remedy +
                  "; --autobox pocket chooses one");
  CHECK(refusal([] {
          box_from_numbers({0, std::nan(""), 0}, {20, 20, 20});
        }).substr(0, 32) == "center_y of the search box is na");
  CHECK(refusal([] { box_from_numbers({0, 0, 0}, {20, 20, 126}); }) == "no error");
}

TEST_CASE("residues give a box and are named in it") {
  const Receptor receptor = zinc_site();
  const Box box = box_from_residues(receptor, "A:301", 4);
  CHECK(box.center.x == Approx(11.3));
  CHECK(box.size.x == Approx(8));
  CHECK(box.origin == "residues A:301 + 4 A");
  CHECK(box_from_residues(receptor, "94, A:301", 4).origin == "residues A:94, A:301 + 4 A");
}

TEST_CASE("a residue that is not there is answered with its nearest neighbours") {
  const Receptor receptor = zinc_site();
  CHECK(refusal([&] { box_from_residues(receptor, "A:95"); }) ==
        "no residue A:95 in zinc_site.pdbqt | nearest are A:94 (HIS), A:301 (ZN), A:302 (NA)");
  CHECK(refusal([&] { box_from_residues(receptor, "B:94"); }) ==
        "no chain 'B' in zinc_site.pdbqt | its chains are A");
  CHECK(refusal([&] { box_from_residues(receptor, "A:THR"); }) ==
        "residue 'A:THR' is not CHAIN:NUMBER | write them as A:315,A:381");
  CHECK(parse_residue_list("L:100B")[0].insertion_code == 'B');
}

TEST_CASE("a box that misses the protein is refused with distance and extents") {
  const Receptor receptor = zinc_site();
  CHECK(refusal([&] {
          check_box(box_from_numbers({510, 510, 510}, {20, 20, 20}), receptor, "try STI");
        }) ==
        "the search box does not touch the receptor\n"
        "    box       500.0..520.0  500.0..520.0  500.0..520.0\n"
        "    receptor  2.0..13.1  2.0..14.5  2.0..14.1   (nearest atom is 844 A away) | try STI");
}

TEST_CASE("a box half in the solvent is searched with a warning") {
  const Receptor ball = ball_with_hole({100, 0, 0});
  CHECK(check_box(box_from_numbers({0, 0, 0}, {20, 20, 20}), ball).empty());
  const auto warnings = check_box(box_from_numbers({25, 0, 0}, {40, 20, 20}), ball);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("% of the box is outside any protein within 8 A") != std::string::npos);
}

TEST_CASE("the box cage has eight corners and twelve edges") {
  const std::string cage = box_cage_pdb(box_from_numbers({1, 2, 3}, {20, 20, 20}));
  const auto structure = parse_structure(cage, "box.pdb");
  CHECK(structure.atoms.size() == 8);
  CHECK(structure.atoms[7].position.z == 13);
  CHECK(cage.find("CONECT    1    2    3    5\n") != std::string::npos);
}

TEST_CASE("a hole in a ball is found as its pocket") {
  const Vector3 hole{6, 0, 0};
  const auto pockets = find_pockets(ball_with_hole(hole));
  REQUIRE(!pockets.empty());
  CHECK(distance(pockets[0].center, hole) < 2.0);
  CHECK(pockets[0].burial > 0.7);
  CHECK(!pockets[0].residues.empty());
  CHECK(find_pockets(ball_with_hole({100, 0, 0})).empty());
  const Box box = box_from_pocket(ball_with_hole(hole));
  CHECK(distance(box.center, hole) < 2.0);
  CHECK(box.size.x >= 20);
  CHECK(box.size.x <= 30);
}

TEST_CASE("a protein without pockets asks for the site") {
  CHECK(refusal([] {
          box_from_pocket(ball_with_hole({100, 0, 0}));
        }).substr(0, 23) == "no pocket found in ball");
}

TEST_CASE("a ligand inside the receptor file is found by residue name, chain and number") {
  const auto line = [](const char* name, const char* residue, char chain, int number, double x) {
    char text[100];
    std::snprintf(text, sizeof text,
                  "HETATM    1 %-4s %3s %c%4d    %8.3f%8.3f%8.3f  1.00  0.00           C\n", name, residue,
                  chain, number, x, 0.0, 0.0);
    return std::string(text);
  };
  const Structure structure = parse_structure(
      line(" C1", "STI", 'A', 201, 0) + line(" C2", "STI", 'A', 201, 1) + line(" C1", "STI", 'B', 202, 50) +
          line(" C2", "STI", 'B', 202, 52) + line(" O", "HOH", 'A', 1, 9),
      "1abc.pdb");
  CHECK(box_from_crystal_ligand(structure, "STI").origin == "STI A:201 + 4 A, first of 2 copies");
  CHECK(box_from_crystal_ligand(structure, "STI:B").center.x == 51);
  CHECK(box_from_crystal_ligand(structure, "STI:B:202").size.x == 10);
  CHECK(refusal([&] { box_from_crystal_ligand(structure, "STU"); }) ==
        "no residue 'STU' in 1abc.pdb | it has STI A:201, STI B:202; did you mean 'STI'?");
  CHECK(refusal([&] { box_from_crystal_ligand(structure, "STI:A:x"); }) ==
        "'STI:A:x' is not NAME, NAME:CHAIN or NAME:CHAIN:NUMBER | for example STI:A:201");
}

TEST_CASE("bond orders of a ligand are perceived from its crystal coordinates") {
  CrystalLigand ligand;
  ligand.residue_name = "BNZ";
  for (int i = 0; i < 6; ++i) {
    StructureAtom atom;
    atom.element = 6;
    atom.position = {1.39 * std::cos(i * 3.14159265 / 3), 1.39 * std::sin(i * 3.14159265 / 3), 5.0};
    ligand.atoms.push_back(atom);
  }
  const Molecule benzene = crystal_ligand_molecule(ligand);
  CHECK(benzene.smiles() == "c1ccccc1");
  CHECK(benzene.name() == "BNZ");
  CHECK(benzene.coordinates()[0].z == Approx(5.0));
}

TEST_CASE("a crystal ligand whose angles suggest two double bonds at one carbon is still a molecule") {
  // JNJ-7706621 (SKE A:401) of PDB entry 5DT0; Open Babel gives the triazole a carbon of five bonds
  const std::vector<std::pair<int, Vector3>> places{
      {16, {-2.395, -33.946, 1.449}}, {6, {-4.975, -30.784, 9.283}}, {9, {-4.880, -28.579, 5.573}},
      {7, {-5.117, -30.197, 10.500}}, {8, {-0.975, -33.891, 1.316}}, {6, {-4.138, -31.944, 7.740}},
      {9, {-9.118, -29.756, 7.426}},  {7, {-4.098, -31.794, 9.090}}, {8, {-2.919, -32.967, 0.572}},
      {6, {-3.245, -33.130, 5.767}},  {7, {-3.495, -32.966, 7.103}}, {8, {-6.732, -28.579, 8.812}},
      {6, {-2.276, -34.084, 5.400}},  {7, {-2.946, -35.375, 1.036}}, {6, {-2.022, -34.332, 4.040}},
      {7, {-4.938, -31.078, 7.099}},  {6, {-2.733, -33.657, 3.021}}, {7, {-5.312, -30.210, 8.126}},
      {6, {-3.676, -32.681, 3.398}},  {6, {-3.941, -32.438, 4.751}}, {6, {-6.318, -29.284, 7.909}},
      {6, {-6.952, -29.171, 6.545}},  {6, {-6.172, -28.856, 5.424}}, {6, {-6.714, -28.791, 4.142}},
      {6, {-8.085, -29.020, 3.989}},  {6, {-8.874, -29.377, 5.091}}, {6, {-8.320, -29.430, 6.377}}};
  CrystalLigand ligand;
  ligand.residue_name = "SKE";
  ligand.residue = {"A", 401, ' '};
  for (const auto& [element, position] : places) {
    StructureAtom atom;
    atom.element = element;
    atom.position = position;
    ligand.atoms.push_back(atom);
  }
  const Molecule crystal = crystal_ligand_molecule(ligand);
  CHECK(crystal.smiles() == "Nc1nc(Nc2ccc(S(N)(=O)=O)cc2)nn1C(=O)c1c(F)cccc1F");
  // poses of the drawn molecule are measured against it
  const Molecule drawn =
      embedded(Molecule::from_smiles("NS(=O)(=O)c1ccc(Nc2nc(N)n(C(=O)c3c(F)cccc3F)n2)cc1"));
  const FlexibleLigand flexible = flexible_ligand(drawn);
  const ReferencePose reference(crystal, drawn, flexible);
  CHECK(reference.mappings() >= 4);  // both rings turn over
  CHECK(reference.rmsd(drawn.coordinates()) > 2);

  CHECK(with_possible_valences("no mol block") == "no mol block");
}
