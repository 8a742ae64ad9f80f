#include "chem/protonation.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "chem/ionisable_groups.hpp"

using theriac::chem::ionisable_sites;
using theriac::chem::Molecule;
using theriac::chem::protonated;

namespace {

std::string at(const std::string& smiles, double ph = 7.4) {
  return protonated(Molecule::from_smiles(smiles), ph).smiles();
}

std::string canonical(const std::string& smiles) {
  return Molecule::from_smiles(smiles).smiles();
}

struct Known {
  const char* name;
  const char* neutral;
  const char* at_7_4;
};

}  // namespace

TEST_CASE("known drugs and metabolites have their protonation state of pH 7.4") {
  const Known known[] = {
      {"acetic acid", "CC(=O)O", "CC(=O)[O-]"},
      {"aspirin", "CC(=O)Oc1ccccc1C(=O)O", "CC(=O)Oc1ccccc1C(=O)[O-]"},
      {"ibuprofen", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "CC(C)Cc1ccc(cc1)C(C)C(=O)[O-]"},
      {"paracetamol", "CC(=O)Nc1ccc(O)cc1", "CC(=O)Nc1ccc(O)cc1"},
      {"caffeine", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"},
      {"imatinib", "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1",
       "Cc1ccc(NC(=O)c2ccc(CN3CC[NH+](C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"},
      {"metformin", "CN(C)C(=N)NC(=N)N", "CN(C)C(=N)NC(N)=[NH2+]"},
      {"histamine", "NCCc1c[nH]cn1", "[NH3+]CCc1c[nH]cn1"},
      {"ciprofloxacin", "OC(=O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O",
       "[O-]C(=O)c1cn(C2CC2)c2cc(N3CC[NH2+]CC3)c(F)cc2c1=O"},
      {"glycine", "NCC(=O)O", "[NH3+]CC(=O)[O-]"},
      {"lysine", "NCCCCC(N)C(=O)O", "[NH3+]CCCCC([NH3+])C(=O)[O-]"},
      {"arginine", "NC(CCCNC(=N)N)C(=O)O", "[NH3+]C(CCCNC(=[NH2+])N)C(=O)[O-]"},
      {"aspartic acid", "NC(CC(=O)O)C(=O)O", "[NH3+]C(CC(=O)[O-])C(=O)[O-]"},
      {"cysteine", "NC(CS)C(=O)O", "[NH3+]C(CS)C(=O)[O-]"},
      {"histidine", "NC(Cc1c[nH]cn1)C(=O)O", "[NH3+]C(Cc1c[nH]cn1)C(=O)[O-]"},
      {"tyrosine", "NC(Cc1ccc(O)cc1)C(=O)O", "[NH3+]C(Cc1ccc(O)cc1)C(=O)[O-]"},
      {"gabapentin", "NCC1(CCCCC1)CC(=O)O", "[NH3+]CC1(CCCCC1)CC(=O)[O-]"},
      {"taurine", "NCCS(=O)(=O)O", "[NH3+]CCS(=O)(=O)[O-]"},
      {"piperazine", "C1CNCCN1", "C1C[NH2+]CCN1"},
      {"ethylenediamine", "NCCN", "[NH3+]CCN"},
      {"putrescine", "NCCCCN", "[NH3+]CCCC[NH3+]"},
      {"chloroquine", "CCN(CC)CCCC(C)Nc1ccnc2cc(Cl)ccc12", "CC[NH+](CC)CCCC(C)Nc1cc[nH+]c2cc(Cl)ccc12"},
      {"propranolol", "CC(C)NCC(O)COc1cccc2ccccc12", "CC(C)[NH2+]CC(O)COc1cccc2ccccc12"},
      {"fluoxetine", "CNCCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1", "C[NH2+]CCC(Oc1ccc(cc1)C(F)(F)F)c1ccccc1"},
      {"nicotine", "CN1CCCC1c1cccnc1", "C[NH+]1CCCC1c1cccnc1"},
      {"warfarin", "CC(=O)CC(c1ccccc1)c1c(O)c2ccccc2oc1=O", "CC(=O)CC(c1ccccc1)c1c([O-])c2ccccc2oc1=O"},
      {"phenytoin", "O=C1NC(=O)C(N1)(c1ccccc1)c1ccccc1", "O=C1NC(=O)C(N1)(c1ccccc1)c1ccccc1"},
      {"tolbutamide", "CCCCNC(=O)NS(=O)(=O)c1ccc(C)cc1", "CCCCNC(=O)[N-]S(=O)(=O)c1ccc(C)cc1"},
      {"sulfamethoxazole", "Cc1cc(NS(=O)(=O)c2ccc(N)cc2)no1", "Cc1cc([N-]S(=O)(=O)c2ccc(N)cc2)no1"},
      {"celecoxib", "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F",
       "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F"},
      {"losartan", "CCCCc1nc(Cl)c(CO)n1Cc1ccc(cc1)-c1ccccc1-c1nnn[nH]1",
       "CCCCc1nc(Cl)c(CO)n1Cc1ccc(cc1)-c1ccccc1-c1nnn[n-]1"},
      {"cimetidine", "CNC(=NC#N)NCCSCc1nc[nH]c1C", "CNC(=NC#N)NCCSCc1nc[nH]c1C"},
      {"clonidine", "Clc1cccc(Cl)c1N=C1NCCN1", "Clc1cccc(Cl)c1[NH+]=C1NCCN1"},
      {"amiloride", "NC(N)=NC(=O)c1nc(Cl)c(N)nc1N", "NC(N)=[NH+]C(=O)c1nc(Cl)c(N)nc1N"},
      {"benzamidine", "NC(=N)c1ccccc1", "NC(=[NH2+])c1ccccc1"},
      {"trimethoprim", "COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC", "COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC"},
      {"gefitinib's quinazoline", "COc1cc2ncnc(Nc3ccccc3)c2cc1OC", "COc1cc2ncnc(Nc3ccccc3)c2cc1OC"},
      {"4-aminopyridine", "Nc1ccncc1", "Nc1cc[nH+]cc1"},
      {"tacrine", "Nc1c2CCCCc2nc2ccccc12", "Nc1c2CCCCc2[nH+]c2ccccc12"},
      {"clozapine", "CN1CCN(CC1)C1=Nc2cc(Cl)ccc2Nc2ccccc12", "C[NH+]1CCN(CC1)C1=Nc2cc(Cl)ccc2Nc2ccccc12"},
      {"diazepam", "CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc12", "CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc12"},
      {"phenylphosphate", "OP(=O)(O)Oc1ccccc1", "[O-]P(=O)([O-])Oc1ccccc1"},
      {"methylphosphonic acid", "CP(=O)(O)O", "CP(=O)(O)[O-]"},
      {"vorinostat", "ONC(=O)CCCCCCC(=O)Nc1ccccc1", "ONC(=O)CCCCCCC(=O)Nc1ccccc1"},
      {"4-nitrophenol", "Oc1ccc(cc1)[N+](=O)[O-]", "[O-]c1ccc(cc1)[N+](=O)[O-]"},
      {"pentachlorophenol", "Oc1c(Cl)c(Cl)c(Cl)c(Cl)c1Cl", "[O-]c1c(Cl)c(Cl)c(Cl)c(Cl)c1Cl"},
      {"pioglitazone's head", "O=C1NC(=O)C(Cc2ccccc2)S1", "O=C1[N-]C(=O)C(Cc2ccccc2)S1"},
      {"ascorbic acid", "OCC(O)C1OC(=O)C(O)=C1O", "OCC(O)C1OC(=O)C(O)=C1[O-]"},
      {"8-hydroxyquinoline", "Oc1cccc2cccnc12", "Oc1cccc2cccnc12"},
      {"nitroxoline", "Oc1ccc([N+](=O)[O-])c2cccnc12", "[O-]c1ccc([N+](=O)[O-])c2cccnc12"},
      {"carnitine", "C[N+](C)(C)CC(O)CC(=O)O", "C[N+](C)(C)CC(O)CC(=O)[O-]"},
      {"amlodipine's amine", "CCOC(=O)C1=C(COCCN)NC(C)=C(C1)C(=O)OC",
       "CCOC(=O)C1=C(COCC[NH3+])NC(C)=C(C1)C(=O)OC"},
      {"lidocaine", "CCN(CC)CC(=O)Nc1c(C)cccc1C", "CC[NH+](CC)CC(=O)Nc1c(C)cccc1C"},
      {"aniline", "Nc1ccccc1", "Nc1ccccc1"},
      {"pyridine", "c1ccncc1", "c1ccncc1"},
      {"methotrexate's glutamate", "NC(=O)NC(CCC(=O)O)C(=O)O", "NC(=O)NC(CCC(=O)[O-])C(=O)[O-]"},
  };
  for (const auto& k : known) {
    INFO(k.name);
    CHECK(at(k.neutral) == canonical(k.at_7_4));
    CHECK(at(k.at_7_4) == canonical(k.at_7_4));  // the state given does not matter
  }
}

TEST_CASE("estimated constants of simple compounds lie within one unit of measured ones") {
  // CRC Handbook of Chemistry and Physics, and Perrin et al. for substituted amines and phenols
  const std::pair<const char*, double> measured[] = {{"CCCCN", 10.6},
                                                     {"CCNCC", 10.9},
                                                     {"CCN(CC)CC", 10.8},
                                                     {"C1CCNCC1", 11.1},
                                                     {"CN1CCCCC1", 10.1},
                                                     {"NCCO", 9.5},
                                                     {"C1COCCN1", 8.4},
                                                     {"CN1CCOCC1", 7.4},
                                                     {"NCc1ccccc1", 9.3},
                                                     {"NCCc1ccccc1", 9.8},
                                                     {"NCC(F)(F)F", 5.7},
                                                     {"NCC=C", 9.5},
                                                     {"NCC#C", 8.2},
                                                     {"CCOC(=O)CN", 7.7},
                                                     {"NCC#N", 5.3},
                                                     {"NCCC#N", 7.8},
                                                     {"c1ccccc1N1CCNCC1", 8.7},
                                                     {"NCCN", 9.9},
                                                     {"OCCN(CCO)CCO", 7.8},
                                                     {"Oc1ccccc1", 10.0},
                                                     {"Oc1ccccc1Cl", 8.5},
                                                     {"Oc1cccc(Cl)c1", 9.1},
                                                     {"Oc1ccc(cc1)C#N", 8.0},
                                                     {"Oc1cccc(c1)[N+](=O)[O-]", 8.4},
                                                     {"Oc1ccc(cc1)[N+](=O)[O-]", 7.15},
                                                     {"Oc1c(Cl)cc(Cl)cc1Cl", 6.2},
                                                     {"c1ccncc1", 5.2},
                                                     {"Cc1ccncc1", 6.0},
                                                     {"Cc1cc(C)nc(C)c1", 7.4},
                                                     {"NC(=O)c1cccnc1", 3.4},
                                                     {"COc1ccncc1", 6.6},
                                                     {"c1c[nH]cn1", 7.0},
                                                     {"Cc1c[nH]cn1", 7.5},
                                                     {"c1ccc2[nH]cnc2c1", 5.5},
                                                     {"Nc1ccccc1", 4.6},
                                                     {"COc1ccc(N)cc1", 5.3}};
  double sum_of_squares = 0;
  for (const auto& [smiles, pka] : measured) {
    const auto sites = ionisable_sites(Molecule::from_smiles(smiles));
    INFO(smiles);
    REQUIRE_FALSE(sites.empty());
    CHECK(sites.front().pka == Approx(pka).margin(1.0));
    sum_of_squares += (sites.front().pka - pka) * (sites.front().pka - pka);
  }
  CHECK(std::sqrt(sum_of_squares / static_cast<double>(std::size(measured))) < 0.5);
}

TEST_CASE("polyprotic molecules lose their protons one after the other") {
  CHECK(at("OP(=O)(O)O", 1.0) == canonical("OP(=O)(O)O"));
  CHECK(at("OP(=O)(O)O", 4.5) == canonical("OP(=O)(O)[O-]"));
  CHECK(at("OP(=O)(O)O", 9.0) == canonical("OP(=O)([O-])[O-]"));
  CHECK(at("NCC(=O)O", 1.0) == canonical("[NH3+]CC(=O)O"));
  CHECK(at("NCC(=O)O", 12.0) == canonical("NCC(=O)[O-]"));
  CHECK(at("C1CNCCN1", 3.0) == canonical("C1C[NH2+]CC[NH2+]1"));
  CHECK(at("C1CNCCN1", 11.0) == canonical("C1CNCCN1"));
}

TEST_CASE("protonation does not depend on the drawing and keeps stereo, name and coordinates") {
  CHECK(at("N1CCNCC1") == at("C1CNCCN1"));
  CHECK(at("NC(=N)NC(=N)N(C)C") == at("CN(C)C(=N)NC(N)=N"));
  CHECK(at("C[C@H](N)C(=O)O") == canonical("C[C@H]([NH3+])C(=O)[O-]"));
  CHECK(protonated(Molecule::from_smiles("CCN", "ethylamine"), 7.4).name() == "ethylamine");
  const Molecule methylamine = Molecule::from_mol_block(
      "\n  theriac           3D\n\n  7  6  0  0  0  0            999 V2000\n"
      "    0.0000    0.0000    0.0000 C   0  0\n    1.4700    0.0000    0.0000 N   0  0\n"
      "   -0.4000    1.0000    0.0000 H   0  0\n   -0.4000   -0.5000    0.9000 H   0  0\n"
      "   -0.4000   -0.5000   -0.9000 H   0  0\n    1.8000    0.9000    0.3000 H   0  0\n"
      "    1.8000   -0.6000    0.7000 H   0  0\n  1  2  1  0\n  1  3  1  0\n  1  4  1  0\n  1  5  1  0\n"
      "  2  6  1  0\n  2  7  1  0\nM  END\n");
  const Molecule ion = protonated(methylamine, 7.4);
  CHECK(ion.smiles() == "C[NH3+]");
  CHECK(ion.atom_count() == 8);
  CHECK(ion.coordinates()[1].x == Approx(1.47));
}

TEST_CASE("many sites are settled too, and a pH off the scale is refused") {
  std::string polylysine;
  for (int i = 0; i < 18; ++i) polylysine += "NC(CCCCN)C(=O)";
  const std::string state = at(polylysine + "O");
  CHECK(std::count(state.begin(), state.end(), '+') == 19);
  CHECK(std::count(state.begin(), state.end(), '-') == 1);
  CHECK_THROWS_WITH(at("CCO", 15.0), "the pH must lie between 0 and 14, not 15");
  CHECK_THROWS_AS(at("CCO", std::nan("")), theriac::UsageError);
}
