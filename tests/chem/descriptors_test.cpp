#include "chem/descriptors.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace theriac::chem;

TEST_CASE("descriptors of aspirin are the published ones") {
  // TPSA 63.6: Ertl 2000, table 2; weight from the 2007 atomic weights; log P as RDKit reports it
  const auto d = descriptors(Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"));
  CHECK(d.molecular_weight == Approx(180.159).margin(0.001));
  CHECK(d.tpsa == Approx(63.60).margin(0.01));
  CHECK(d.clogp == Approx(1.3101).margin(1e-4));
  CHECK(d.hydrogen_bond_donors == 1);
  CHECK(d.hydrogen_bond_acceptors == 3);
  CHECK(d.lipinski_acceptors == 4);
  CHECK(d.rotatable_bonds == 2);
  CHECK(d.heavy_atoms == 13);
  CHECK(d.heteroatoms == 4);
  CHECK(d.rings == 1);
  CHECK(d.aromatic_rings == 1);
  CHECK(d.fraction_csp3 == Approx(1.0 / 9.0));
  CHECK(d.formal_charge == 0);
  CHECK(d.unusual_atoms == 0);
}

TEST_CASE("explicit hydrogens do not change descriptors") {
  const char* mol_block =
      "methanol\n  test\n\n  6  5  0  0  0  0            999 V2000\n"
      "   -0.3577    0.0246    0.0000 C   0  0\n    0.9290   -0.5456    0.0000 O   0  0\n"
      "   -0.9114   -0.2861    0.8900 H   0  0\n   -0.9114   -0.2861   -0.8900 H   0  0\n"
      "   -0.2694    1.1130    0.0000 H   0  0\n    1.5600    0.1790    0.0000 H   0  0\n"
      "  1  2  1  0\n  1  3  1  0\n  1  4  1  0\n  1  5  1  0\n  2  6  1  0\nM  END\n";
  const auto explicit_h = Molecule::from_mol_block(mol_block);
  REQUIRE(explicit_h.atom_count() == 6);
  const auto a = descriptors(explicit_h), b = descriptors(Molecule::from_smiles("CO"));
  for (const auto& column : descriptor_columns()) {
    INFO(column.name);
    CHECK(column.value(a) == Approx(column.value(b)).margin(1e-9));
  }
}

TEST_CASE("charges and unusual atoms are counted") {
  CHECK(descriptors(Molecule::from_smiles("C[N+](C)(C)CC(=O)[O-]")).formal_charge == 0);
  CHECK(descriptors(Molecule::from_smiles("CC(=O)[O-]")).formal_charge == -1);
  CHECK(descriptors(Molecule::from_smiles("OB(O)c1ccccc1")).unusual_atoms == 1);
}

TEST_CASE("complexity counts stereocentres, spiro and bridgehead atoms and macrocycles") {
  CHECK(complexity(Molecule::from_smiles("CC(O)C(F)Cl")).stereocentres == 2);
  CHECK(complexity(Molecule::from_smiles("C[C@H](O)CC")).stereocentres == 1);
  CHECK(complexity(Molecule::from_smiles("C1CCC2(C1)CCCC2")).spiro_atoms == 1);
  CHECK(complexity(Molecule::from_smiles("C1CC2CCC1C2")).bridgehead_atoms == 2);
  CHECK(complexity(Molecule::from_smiles("C1CCCCCCCC1")).macrocycles == 1);
  CHECK(complexity(Molecule::from_smiles("C1CCCCCCC1")).macrocycles == 0);
}

TEST_CASE("descriptor columns are found by name") {
  REQUIRE(find_descriptor_column("rotb"));
  CHECK(find_descriptor_column("rotb")->value(descriptors(Molecule::from_smiles("CCCCC"))) == 2);
  CHECK(find_descriptor_column("nonsense") == nullptr);
}

TEST_CASE("Bertz complexity by hand") {
  const auto bertz = [](const char* smiles) { return bertz_complexity(Molecule::from_smiles(smiles)); };
  // ethanol: one pair of bonds says nothing, two carbons and an oxygen do
  CHECK(bertz("CCO") == Approx(-2 * std::log2(2.0 / 3) - std::log2(1.0 / 3)));
  // benzene: six pairs of aromatic bonds (1.5 x 1.5) and six aromatic bonds (1.5 x 0.5 / 2), all alike
  const double total = 6 * 2.25 + 6 * 0.375;
  CHECK(bertz("c1ccccc1") ==
        Approx(total * (std::log2(total) - 6.0 / 7 * std::log2(6.0 / 7) - 1.0 / 7 * std::log2(1.0 / 7))));
  CHECK(bertz("C") == 0);
  CHECK(bertz("[Na+].[Cl-]") == 2);  // two atoms of two elements: one bit each
}

TEST_CASE("single descriptors equal those computed together") {
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "C1CC2CCC1CC2", "C[N+](C)(C)CC([O-])=O", "[Na+].[Cl-]"}) {
    const auto molecule = Molecule::from_smiles(smiles);
    const auto all = descriptors(molecule);
    CHECK(crippen_log_p(molecule) == all.clogp);
    CHECK(polar_surface_area(molecule) == all.tpsa);
    CHECK(ring_counts(molecule).rings == all.rings);
    CHECK(ring_counts(molecule).aromatic == all.aromatic_rings);
  }
}
