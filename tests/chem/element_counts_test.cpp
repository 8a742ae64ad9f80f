#include "chem/element_counts.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using namespace theriac::chem;

namespace {

ElementCounts counts(const char* smiles) {
  return element_counts(Molecule::from_smiles(smiles));
}

}  // namespace

TEST_CASE("hydrogens count whether they are written or not, isotopes as their element") {
  for (const char* ethanol : {"CCO", "[H]C([H])([H])C([H])([H])O[H]", "[2H]C([2H])([2H])[13CH2]O"}) {
    CHECK(counts(ethanol).of(6) == 2);
    CHECK(counts(ethanol).of(1) == 6);
    CHECK(counts(ethanol).total() == 9);
  }
  CHECK(counts("[H][H]").of(1) == 2);
  CHECK(counts("*c1ccccc1").of(0) == 1);
  CHECK(element_counts(Molecule::without_atoms()).total() == 0);
}

TEST_CASE("a formula is read element by element") {
  const auto formula = molecular_formula("C9H10N2O2PF2Cl");
  REQUIRE(formula.size() == 7);
  CHECK(formula[1].count == 10);
  CHECK(formula[4].symbol == "P");
  CHECK(formula[4].count == 1);
  CHECK(formula[6].atomic_number == 17);
  for (const char* wrong : {"", "c6h6", "C6H6+", "Qq3", "6C"})
    CHECK_THROWS_AS(molecular_formula(wrong), theriac::UsageError);
}
