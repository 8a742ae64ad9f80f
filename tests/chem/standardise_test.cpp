#include "chem/standardise.hpp"

#include <catch2/catch.hpp>

using theriac::chem::Molecule;
using theriac::chem::standardised;
using theriac::chem::StandardiseOptions;

namespace {

std::string parent(const std::string& smiles, const StandardiseOptions& options = {}) {
  return standardised(Molecule::from_smiles(smiles), options).smiles();
}

std::string canonical(const std::string& smiles) {
  return Molecule::from_smiles(smiles).smiles();
}

}  // namespace

TEST_CASE("salt stripping keeps the parent of a hydrochloride") {
  CHECK(parent("CN(C)C(=N)NC(=N)N.Cl") == canonical("CN(C)C(=N)NC(=N)N"));
  CHECK(parent("C[NH2+]CCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1.[Cl-]") ==
        canonical("CNCCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1"));
  CHECK(parent("CC(=O)O[Na]") == "CC(=O)O");
  CHECK(parent("[Na+].[O-]C(=O)c1ccccc1.O.O") == canonical("OC(=O)c1ccccc1"));
}

TEST_CASE("charges that no proton can cancel stay") {
  CHECK(parent("C[N+](C)(C)CC(=O)[O-]") == "C[N+](C)(C)CC(=O)O");
  CHECK(parent("[O-][n+]1ccccc1") == canonical("[O-][n+]1ccccc1"));
  CHECK(parent("CN(=O)=O") == "C[N+](=O)[O-]");
  CHECK(parent("[NH3+]CC(=O)[O-]") == "NCC(=O)O");
  CHECK(parent("c1c[nH]c[nH+]1") == canonical("c1c[nH]cn1"));
}

TEST_CASE("isotopes become ordinary atoms, and a centre that only an isotope made is none") {
  CHECK(parent("[2H]C([2H])([2H])O") == "CO");
  CHECK(parent("[13CH3][14CH2]O") == "CCO");
  CHECK(parent("C[C@@H]([2H])O") == "CCO");
}

TEST_CASE("each option can be switched off") {
  StandardiseOptions none;
  none.largest_fragment = none.neutralise = none.strip_isotopes = false;
  CHECK(parent("[13CH3]C(=O)[O-].[Na+]", none) == canonical("[13CH3]C(=O)[O-].[Na+]"));
}

TEST_CASE("the canonical tautomer is the same for keto and enol, and only on request") {
  StandardiseOptions options;
  options.tautomer = true;
  CHECK(parent("Oc1ccccn1", options) == parent("O=c1cccc[nH]1", options));
  CHECK(parent("Oc1ccccn1") != parent("O=c1cccc[nH]1"));
}

TEST_CASE("name, stereo, hydrogens and coordinates survive") {
  const std::string block =
      "\n  theriac           3D\n\n  6  4  0  0  0  0            999 V2000\n"
      "    0.0000    0.0000    0.0000 C   0  0\n    1.4000    0.0000    0.0000 O   0  5\n"
      "   -0.4000    1.0000    0.0000 H   0  0\n   -0.4000   -0.5000    0.9000 H   0  0\n"
      "   -0.4000   -0.5000   -0.9000 H   0  0\n    4.0000    4.0000    4.0000 Na  0  3\n"
      "  1  2  1  0\n  1  3  1  0\n  1  4  1  0\n  1  5  1  0\nM  CHG  2   2  -1   6   1\nM  END\n";
  const Molecule methoxide = Molecule::from_mol_block(block, "sodium methoxide");
  const Molecule methanol = standardised(methoxide);
  CHECK(methanol.smiles() == "CO");
  CHECK(methanol.name() == "sodium methoxide");
  CHECK(methanol.atom_count() == 6);
  REQUIRE(methanol.has_3d());
  CHECK(methanol.coordinates()[1].x == Approx(1.4));
  CHECK(norm(methanol.coordinates()[5] - methanol.coordinates()[1]) == Approx(0.97).margin(0.1));
  CHECK(parent("C[C@H]([NH3+])C(=O)[O-]") == canonical("C[C@H](N)C(=O)O"));
}
