#include "chem/substructure.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using namespace theriac::chem;

namespace {

Molecule of(const char* smiles) {
  return Molecule::from_smiles(smiles);
}

}  // namespace

TEST_CASE("a carboxylic acid is found where there is one") {
  const SubstructurePattern acid("C(=O)[OX2H1]");
  CHECK(acid.matches(of("CC(=O)O")));
  CHECK_FALSE(acid.matches(of("CC(=O)OC")));
  CHECK(acid.count(of("OC(=O)CC(=O)O")) == 2);
  CHECK(acid.count(of("CCO")) == 0);
}

TEST_CASE("queries that the screen cannot read still match") {
  // negation, alternatives, recursion, ring sizes, any bond, disconnected parts, ranges
  CHECK(SubstructurePattern("[!#6;!$(O=*)]").matches(of("CCO")));
  CHECK_FALSE(SubstructurePattern("[!#6]").matches(of("CCC")));
  CHECK(SubstructurePattern("[$(C=O),$(C#N)]").matches(of("CC#N")));
  CHECK(SubstructurePattern("[r6]").matches(of("c1ccccc1")));
  CHECK(SubstructurePattern("[R2]").matches(of("C1CCC2CCCCC2C1")));
  CHECK_FALSE(SubstructurePattern("[R2]").matches(of("C1CCCCC1")));
  CHECK(SubstructurePattern("C~O").matches(of("C=O")));
  CHECK(SubstructurePattern("C.O").matches(of("CO")));
  CHECK_FALSE(SubstructurePattern("O.O").matches(of("CO")));
  CHECK(SubstructurePattern("[D{2-}]").matches(of("CCC")));
  CHECK(SubstructurePattern("C!@-C").matches(of("CC")));
  CHECK_FALSE(SubstructurePattern("C!@C").matches(of("C1CC1")));
  CHECK(SubstructurePattern("[se]").matches(of("c1cc[se]c1")));
  CHECK(SubstructurePattern("[Fe]").matches(of("[Fe]")));
  CHECK(SubstructurePattern("[!Fe;!#6]").matches(of("[Zn]")));
  CHECK(SubstructurePattern("C/C=C/C").matches(of("CC=CC")));
  CHECK(SubstructurePattern("*!:*").matches(of("CC")));
  CHECK(SubstructurePattern("[#6]!-[#6]").matches(of("C=C")));
}

TEST_CASE("explicit hydrogens in the molecule do not matter") {
  CHECK(SubstructurePattern("[CH3]").count(of("[H]C([H])([H])C([H])([H])O[H]")) == 1);
}

TEST_CASE("deleting saturated ring atoms leaves the aromatic rings") {
  const SubstructurePattern saturated("[$([A;R][!a])]");
  const auto rings_left = [&saturated](const char* smiles) {
    const SubstructureTarget target(of(smiles));
    return rings_without(target, saturated.first_atoms(target));
  };
  CHECK(rings_left("c1ccc2CCCCc2c1") == 1);
  CHECK(rings_left("c1ccc2ccccc2c1") == 2);
  CHECK(rings_left("C1CCCCC1") == 0);
}

TEST_CASE("an invalid SMARTS is refused with RDKit's reason") {
  CHECK_THROWS_WITH(SubstructurePattern("C(C"), Contains("not a valid SMARTS 'C(C': "));
  CHECK_THROWS_AS(SubstructurePattern("[Qq]"), theriac::UsageError);
  CHECK_THROWS_AS(SubstructurePattern(""), theriac::UsageError);
}

TEST_CASE("forbidden and required groups are reported") {
  const SubstructureFilter filter({"C(=O)Cl", "[N+](=O)[O-]"}, {"c1ccccc1"});
  CHECK(filter.first_violation(of("Oc1ccccc1")).empty());
  CHECK(filter.first_violation(of("O=[N+]([O-])c1ccccc1")) == "contains the forbidden '[N+](=O)[O-]'");
  CHECK(filter.first_violation(of("CCO")) == "lacks the required 'c1ccccc1'");
}
