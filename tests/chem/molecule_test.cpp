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
