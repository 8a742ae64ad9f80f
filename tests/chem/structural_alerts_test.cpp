#include "chem/structural_alerts.hpp"

#include <catch2/catch.hpp>

using namespace theriac::chem;

namespace {

bool has(const char* smiles, AlertSet set, const std::string& part) {
  for (const auto& alert : structural_alerts(Molecule::from_smiles(smiles)))
    if (alert.set == set && alert.name.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("the catalogues are complete") {
  CHECK(alert_count(AlertSet::pains_a) == 16);
  CHECK(alert_count(AlertSet::pains_b) == 55);
  CHECK(alert_count(AlertSet::pains_c) == 409);
  CHECK(alert_count(AlertSet::brenk) == 105);
  CHECK(alert_count(AlertSet::nih) == 180);
}

TEST_CASE("well-known offenders are recognised") {
  CHECK(has("O=C1C=CC(=O)c2ccccc12", AlertSet::pains_a, "quinone_A"));
  CHECK(has("O=C1NC(=S)SC1=Cc1ccccc1", AlertSet::pains_a, "rhod"));
  CHECK(has("Oc1ccccc1O", AlertSet::nih, "ortho_hydroquinone"));
  CHECK(has("O=[N+]([O-])c1ccccc1", AlertSet::brenk, "nitro"));
  CHECK(has("CC(=O)Cl", AlertSet::nih, "carbonyl_halide"));
}

TEST_CASE("three ester groups are one too many for Brenk, two are not") {
  CHECK(has("COC(=O)CC(C(=O)OC)CC(=O)OC", AlertSet::brenk, ">_2_ester"));
  CHECK_FALSE(has("COC(=O)CCC(=O)OC", AlertSet::brenk, ">_2_ester"));
}

TEST_CASE("paracetamol raises no PAINS alert") {
  for (const auto& alert : structural_alerts(Molecule::from_smiles("CC(=O)Nc1ccc(O)cc1")))
    CHECK((alert.set == AlertSet::brenk || alert.set == AlertSet::nih));
}

TEST_CASE("only the sets asked for are searched") {
  const SubstructureTarget target(Molecule::from_smiles("O=C1C=CC(=O)c2ccccc12"));
  for (const auto& alert : structural_alerts(target, {AlertSet::brenk})) CHECK(alert.set == AlertSet::brenk);
  CHECK(structural_alerts(target, {}).empty());
  CHECK(alert_set_name(AlertSet::pains_b) == std::string("PAINS B"));
}
