#include "generative/plausibility.hpp"

#include <catch2/catch.hpp>
#include <set>

using theriac::chem::molecular_graph;
using theriac::chem::Molecule;
using namespace theriac::generative;

namespace {

std::string verdict(const char* smiles) {
  PlausibilityLimits limits;
  limits.min_heavy_atoms = 1;
  return implausible_feature(molecular_graph(Molecule::from_smiles(smiles)), limits);
}

}  // namespace

TEST_CASE("drugs and common scaffolds are plausible") {
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "CN1CCN(Cc2ccc(cc2)C(=O)Nc2ccc(C)c(Nc3nccc(n3)-c3cccnc3)c2)CC1",
        "Cc1nnc2n1-c1ccc(Cl)cc1C(=NC2)c1ccccc1", "NS(=O)(=O)c1ccc(cc1)-n1nc(cc1-c1ccc(C)cc1)C(F)(F)F",
        "CNC(=O)c1cc(ccn1)Oc1ccc(NC(=O)Nc2ccc(Cl)c(c2)C(F)(F)F)cc1", "c1ccc2c(c1)OCO2", "C1CC2CCC1CN2",
        "c1nnn[nH]1", "CS(C)=O", "NC(=N)c1ccccc1", "C#Cc1cccc(Nc2ncnc3ccccc23)c1", "c1ccc2nsnc2c1",
        "C1c2ccccc2Cc2ccccc12", "C1CCC2(CC1)CCNCC2"}) {
    INFO(smiles);
    CHECK(verdict(smiles).empty());
  }
}

TEST_CASE("each rule names what it found") {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"CCOOCC", "peroxide"},
      {"CSSC", "disulfide"},
      {"CC=C=CC", "cumulated double bonds"},
      {"C1CCCCCCC1", "ring larger than allowed"},
      {"c1ccc2cc3cc4cc5ccccc5cc4cc3cc2c1", "too many fused rings"},
      {"C1C2CC12", "strained small rings"},
      {"C1=CC1", "double bond in a three- or four-membered ring"},
      {"c1ccc2CCc2c1", "small ring fused to a flat ring"},
      {"C1CC#CCCC1", "alkyne in a ring"},
      {"C1CC2=CCC1C2", "double bond at a bridgehead"},
      {"CSNC", "sulphur-heteroatom single bond"},
      {"CCS", "thiol, thiocarbonyl or unusual sulphur"},
      {"CC(=S)C", "thiol, thiocarbonyl or unusual sulphur"},
      {"CP(C)C", "unusual phosphorus or boron"},
      {"CN(C)N(C)N(C)C", "chain of three nitrogens"},
      {"CNNC", "hydrazine, hydrazone or azo group"},
      {"c1ccccc1N=Nc1ccccc1", "hydrazine, hydrazone or azo group"},
      {"CC(C)=NO", "oxime or hydroxylamine"},
      {"CN(C)Cl", "halogen on a heteroatom"},
      {"CCCBr", "reactive halide"},
      {"CC(=O)Cl", "reactive halide"},
      {"COCNC", "two heteroatoms on a saturated carbon"},
      {"CCC(C)=NC", "imine that hydrolyses"},
      {"CCC=O", "aldehyde"},
      {"CC(=O)OC(C)=O", "anhydride or 1,2-dicarbonyl"},
      {"CC(=O)C(C)=O", "anhydride or 1,2-dicarbonyl"},
      {"CC1=C(C(C(=C(N1)C)C(=O)OC)c1ccccc1)C(=O)OC", "enol, enol ether or enamine"},
      {"CC1=CC=CC1", "cyclic diene"},
      {"CC1=CCC=CC1", "cyclic diene"},
      {"CC=CO", "enol, enol ether or enamine"},
      {"CC#CC#CC", "polyyne or heteroatom on an alkyne"},
      {"CC#COC", "polyyne or heteroatom on an alkyne"},
      {"CCCCCCCC", "long alkyl chain"},
      {"CC1CCC(O)C2(C)CCC3C(CCC3O)C12", "too many stereocentres"},
      {"c1(C2CC2)c(C2CC2)c(C2CC2)c(C2CC2)c(C2CC2)c1C1CC1", "too many rings"},
      {"C1CC23CCC1(CC2)CC3", "crowded ring atom"}};
  std::set<std::string> seen;
  for (const auto& [smiles, expected] : cases) {
    INFO(smiles);
    CHECK(verdict(smiles) == expected);
    seen.insert(expected);
  }
  for (const auto& rule : plausibility_rules()) {
    if (rule == "too small or too large" || rule == "in several pieces") continue;
    INFO(rule);
    CHECK(seen.count(rule) == 1);
  }
}

TEST_CASE("size and connection are judged by the limits") {
  CHECK(implausible_feature(molecular_graph(Molecule::from_smiles("CCO"))) == "too small or too large");
  CHECK(implausible_feature(molecular_graph(Molecule::from_smiles("c1ccccc1CC.c1ccccc1"))) ==
        "in several pieces");
  CHECK(implausible_feature({}) == "no atoms");
}
