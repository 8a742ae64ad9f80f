#include "chem/molecule.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using theriac::MoleculeError;
using theriac::chem::Molecule;

TEST_CASE("spellings of one molecule have one canonical SMILES") {
  CHECK(Molecule::from_smiles("C1=CC=CC=C1O").smiles() == Molecule::from_smiles("Oc1ccccc1").smiles());
  CHECK(Molecule::from_smiles("N[C@@H](C)C(=O)O").smiles() !=
        Molecule::from_smiles("N[C@H](C)C(=O)O").smiles());
  CHECK(Molecule::from_smiles("[H]C([H])([H])O").heavy_atom_count() == 2);
}

TEST_CASE("a bad SMILES is refused with RDKit's reason") {
  CHECK_THROWS_WITH(Molecule::from_smiles("C1CC"), Contains("'C1CC'") && Contains("unclosed ring"));
  CHECK_THROWS_WITH(Molecule::from_smiles("C(C)(C)(C)(C)C"), Contains("valence"));
  CHECK_THROWS_AS(Molecule::from_smiles(""), MoleculeError);
}

TEST_CASE("flat SMILES drop stereochemistry and isotopes") {
  CHECK(theriac::chem::flat_smiles(Molecule::from_smiles("C[C@H](N)C(=O)O")) == "CC(N)C(=O)O");
  CHECK(theriac::chem::flat_smiles(Molecule::from_smiles("F/C=C/F")) == "FC=CF");
  CHECK(theriac::chem::flat_smiles(Molecule::from_smiles("O[13CH3]")) == "CO");
  CHECK(Molecule::without_atoms("none").smiles().empty());
  CHECK(Molecule::without_atoms().atom_count() == 0);
}

TEST_CASE("in SMILES order a molecule is the same however it was drawn") {
  for (const char* smiles : {"OC(=O)C(N)Cc1c[nH]c2ccccc12", "C[C@H](N)C(=O)O", "F/C=C/Cl", "[H]OC([H])([H])C",
                             "CC(=O)[O-].[Na+]", "C[N+](C)(C)CC([O-])=O"}) {
    const Molecule drawn = Molecule::from_smiles(smiles, "x");
    const Molecule ordered = drawn.in_smiles_order();
    INFO(smiles);
    CHECK(ordered.smiles() == drawn.smiles());
    CHECK(ordered.name() == "x");
    CHECK(ordered.atom_count() == drawn.heavy_atom_count());
    // reading it back changes nothing more, also not its stereochemistry
    CHECK(Molecule(ordered.shared_graph()).smiles() == drawn.smiles());
    CHECK(ordered.in_smiles_order().smiles() == drawn.smiles());
  }
}
