#include "chem/pose_file.hpp"

#include <catch2/catch.hpp>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/torsion_tree.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using namespace theriac;
using namespace theriac::chem;

namespace {

std::vector<Vector3> shifted(std::vector<Vector3> x) {
  for (auto& p : x) p = p + Vector3{10, -20, 5};
  return x;
}

}  // namespace

TEST_CASE("a pose written as SDF keeps bond orders, stereochemistry, charges and tags") {
  for (const char* smiles :
       {"C[C@H](N)C(=O)[O-]", "C/C=C\\c1ccccc1", "C[N+](C)(C)CC#N", "C[S@](=O)c1ccncc1"}) {
    INFO(smiles);
    const Molecule m = embedded(Molecule::from_smiles(smiles, "probe"));
    const FlexibleLigand l = flexible_ligand(m);
    const std::string record = sdf_record(m, l, shifted(m.coordinates()), {{"affinity", "-7.1"}});
    CHECK_THAT(record, StartsWith("probe\n  Theriac           3D\n"));
    CHECK_THAT(record, Contains(">  <affinity>\n-7.1\n\n"));
    CHECK_THAT(record, EndsWith("$$$$\n"));
    const Molecule back = Molecule::from_mol_block(record, "probe");
    CHECK(back.smiles() == m.smiles());
    CHECK(back.coordinates()[0].x == Approx(m.coordinates()[0].x + 10).margin(1e-3));
  }
}

TEST_CASE("hostile tags cannot break the record") {
  const Molecule m = embedded(Molecule::from_smiles("CCO", "a\n$$$$\nb"));
  const std::string record = sdf_record(m, flexible_ligand(m), m.coordinates(),
                                        {{"note", "one\n\n\ntwo\n$$$$\n> <x>\n"}, {"a>b\n", ""}});
  CHECK_THAT(record, Contains(">  <note>\none\ntwo\n $$$$\n > <x>\n\n"));
  CHECK_THAT(record, Contains(">  <a_b_>\n\n\n"));
  CHECK(record.find("\n$$$$") == record.size() - 6);
}

TEST_CASE("more than 999 atoms are written as V3000") {
  const Molecule chain = [] {  // a long chain, laid out by hand
    std::string v3 =
        "chain\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1000 999 0 0 "
        "0\n"
        "M  V30 BEGIN ATOM\n";
    for (int i = 1; i <= 1000; ++i)
      v3 += "M  V30 " + std::to_string(i) + " C " + std::to_string(i * 1.3) + " " +
            std::to_string(i % 2 * 0.8) + " 0.1 0\n";
    v3 += "M  V30 END ATOM\nM  V30 BEGIN BOND\n";
    for (int i = 1; i < 1000; ++i)
      v3 += "M  V30 " + std::to_string(i) + " 1 " + std::to_string(i) + " " + std::to_string(i + 1) + "\n";
    return Molecule::from_mol_block(v3 + "M  V30 END BOND\nM  V30 END CTAB\nM  END\n", "chain");
  }();
  FlexibleLigand l;
  for (int i = 0; i < 1000; ++i) {
    l.atoms.emplace_back();
    l.atoms.back().source_atom = i;
  }
  const std::string record = sdf_record(chain, l, chain.coordinates());
  CHECK_THAT(record, Contains("V3000"));
  CHECK(Molecule::from_mol_block(record).atom_count() == 1000);
}

TEST_CASE("an SDF needs the molecule behind the ligand") {
  const Molecule m = embedded(Molecule::from_smiles("CCO"));
  const FlexibleLigand from_pdbqt = read_pdbqt_ligand(write_pdbqt_ligand(flexible_ligand(m)), "l.pdbqt");
  CHECK_THROWS_WITH(sdf_record(m, from_pdbqt, std::vector<Vector3>(from_pdbqt.atoms.size())),
                    Contains("is not in the molecule"));
  CHECK_THROWS_WITH(sdf_record(m, flexible_ligand(m), {}), Contains("0 coordinates for the 9 atoms"));
}

TEST_CASE("PDBQT poses look like Vina's and read back") {
  const Molecule m = embedded(Molecule::from_smiles("CCCO", "propanol"));
  const FlexibleLigand l = flexible_ligand(m);
  const std::string text =
      pdbqt_models(l, {{-5.25, 0, 0, m.coordinates()}, {-4.5, 1.2345, 2.5, shifted(m.coordinates())}});
  CHECK_THAT(text, StartsWith("MODEL 1\nREMARK VINA RESULT:    -5.250      0.000      0.000\n"));
  CHECK_THAT(text, Contains("REMARK VINA RESULT:    -4.500      1.234      2.500\n") ||
                       Contains("REMARK VINA RESULT:    -4.500      1.235      2.500\n"));
  const auto models = read_pdbqt_ligands(text, "out.pdbqt");
  REQUIRE(models.size() == 2);
  CHECK(models[1].atoms[0].position.x == Approx(models[0].atoms[0].position.x + 10).margin(2e-3));
}

TEST_CASE("the PyMOL script quotes file names and draws the box") {
  PoseScene scene;
  scene.receptor_file = "my \"best\" receptor.pdb";
  scene.poses_file = "poses.sdf.gz";
  scene.box.size = {20, 20, 20};
  const std::string text = pymol_script(scene);
  CHECK_THAT(text, Contains("cmd.load(\"my \\\"best\\\" receptor.pdb\", \"receptor\")\n"));
  CHECK_THAT(text, Contains("search_box") && !Contains("reference"));
  scene.box.size = {0, 0, 0};
  CHECK_THAT(pymol_script(scene), !Contains("search_box"));
}
