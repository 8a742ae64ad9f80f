#include "chem/property_filter.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using namespace theriac::chem;
using theriac::UsageError;

namespace {

Descriptors aspirin() {
  return descriptors(Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"));
}

Descriptors of_weight(double weight) {
  Descriptors d;
  d.molecular_weight = weight;
  return d;
}

}  // namespace

TEST_CASE("a rule passes the molecules that keep it") {
  CHECK(PropertyFilter("mw<=550 and clogp<=5.5 and rotb<=10 and hbd<=5").passes(aspirin()));
  CHECK(PropertyFilter("").passes(aspirin()));
  CHECK_FALSE(PropertyFilter("mw <= 550 and hba > 3").passes(aspirin()));
  CHECK(PropertyFilter("heavy_atoms == 13 and charge != 1 and rings >= 1 and fsp3 < 0.5").passes(aspirin()));
}

TEST_CASE("limits may stand on both sides") {
  const PropertyFilter rule("0 <= clogp <= 3 and 500 > mw");
  CHECK(rule.comparisons().size() == 3);
  CHECK(rule.passes(aspirin()));
  CHECK(PropertyFilter("2 <= clogp <= 3").first_violation(aspirin()) == "clogp 1.31 < 2");
  CHECK(PropertyFilter("-1 <= clogp < 1.5e0").passes(aspirin()));
}

TEST_CASE("the first violation names property, value and limit") {
  CHECK(PropertyFilter("mw<=550").first_violation(of_weight(612.3)) == "mw 612.3 > 550");
  CHECK(PropertyFilter("mw<=550").first_violation(of_weight(550.04)) == "mw 550.04 > 550");
  CHECK(PropertyFilter("mw<550").first_violation(of_weight(550)) == "mw 550 >= 550");
  CHECK(PropertyFilter("mw>=200 and tpsa<=140").first_violation(of_weight(150)) == "mw 150 < 200");
  CHECK(PropertyFilter("rings==0 and mw==100").first_violation(of_weight(150)) == "mw 150 != 100");
  CHECK(PropertyFilter("mw<=550").first_violation(of_weight(300)).empty());
}

TEST_CASE("an unknown property is pointed at and the nearest one suggested") {
  CHECK_THROWS_WITH(PropertyFilter("mw<=550 and clopg<=5"),
                    "unknown property 'clopg', did you mean 'clogp'? (column 13 of 'mw<=550 and clopg<=5')");
  try {
    PropertyFilter("nonsense<=5");
    FAIL("accepted");
  } catch (const UsageError& e) {
    CHECK_THAT(e.hint(), Catch::Matchers::StartsWith("known properties: mw, clogp, tpsa, hbd, hba, rotb"));
  }
}

TEST_CASE("mistakes in a rule are pointed at") {
  CHECK_THROWS_WITH(PropertyFilter("mw"), "expected one of <= < >= > == != (column 3 of 'mw')");
  CHECK_THROWS_WITH(PropertyFilter("mw<="), "expected a number (column 5 of 'mw<=')");
  CHECK_THROWS_WITH(PropertyFilter("mw<=five"), "expected a number (column 5 of 'mw<=five')");
  CHECK_THROWS_WITH(PropertyFilter("mw<=nan"), "expected a number (column 5 of 'mw<=nan')");
  CHECK_THROWS_WITH(PropertyFilter("mw<=5 hbd<=5"), "expected 'and' or the end (column 7 of 'mw<=5 hbd<=5')");
  CHECK_THROWS_WITH(PropertyFilter("mw<=5 and"),
                    "expected the name of a property (column 10 of 'mw<=5 and')");
  CHECK_THROWS_WITH(PropertyFilter("mw<=5 or hbd<=5"),
                    "'or' cannot be used: comparisons are joined by 'and' (column 7 of 'mw<=5 or hbd<=5')");
}
