#include "scoring/drug_rules.hpp"

#include <catch2/catch.hpp>

#include "scoring/property_scorer.hpp"

using namespace theriac::scoring;
using theriac::chem::Molecule;

namespace {

ScoreRow judged(const char* smiles) {
  const PropertyScorer rules({"veber", "egan", "ghose", "muegge"});
  return rules.score({Molecule::from_smiles(smiles)}).front();
}

}  // namespace

TEST_CASE("an ordinary drug breaks no rule") {
  const auto row = judged("CN1CCN(CC1)c1ccc(cc1)C(=O)Nc1ccncc1");
  REQUIRE(row.message.empty());
  REQUIRE(row.scores.size() == 4);
  for (const auto& score : row.scores) {
    CHECK(score.value == 0);
    CHECK(score.detail.empty());
    CHECK(score.domain == Domain::in);
  }
}

TEST_CASE("what is broken is counted and named with its value") {
  const auto sugar = judged("OCC(O)C(O)C(O)C(O)C(O)C(O)C(O)CO");  // nine carbons, nine hydroxyls
  CHECK(sugar.find("veber")->value == 1);
  CHECK(sugar.find("veber")->detail == "tpsa 182.1 > 140");
  CHECK(sugar.find("egan")->value == 1);
  CHECK(sugar.find("muegge")->detail == "clogp -5.503 < -2; tpsa 182.1 > 150; hbd 9 > 5");
  const auto methane = judged("C");
  CHECK(methane.find("ghose")->detail == "mw 16.04 < 160; mr 6.731 < 40; atoms 5 < 20");
  CHECK(methane.find("muegge")->detail == "mw 16.04 < 200; carbons 1 < 5; heteroatoms 0 < 2");
  const auto fat = judged("CCCCCCCCCCCCCCCCCC(=O)OCC");
  CHECK(fat.find("egan")->value == 1);
  CHECK(fat.find("veber")->detail == "rotb 17 > 10");
}

TEST_CASE("without Crippen's log P a rule that asks for it is out of its domain") {
  const auto row = judged("OB(O)c1ccccc1");
  CHECK(row.find("egan")->domain == Domain::out);
  CHECK(row.find("veber")->domain == Domain::in);
}
