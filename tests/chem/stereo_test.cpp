#include "chem/stereo.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"

using theriac::chem::Molecule;
using theriac::chem::open_stereo_count;
using theriac::chem::stereoisomers;

namespace {

std::vector<std::string> isomers(const std::string& smiles, int at_most = 100) {
  std::vector<std::string> out;
  for (const auto& m : stereoisomers(Molecule::from_smiles(smiles, "x"), at_most)) {
    CHECK(m.name() == "x");
    CHECK(open_stereo_count(m) == 0);
    out.push_back(m.smiles());
  }
  return out;
}

}  // namespace

TEST_CASE("every open centre and double bond doubles the isomers") {
  CHECK(isomers("CC(N)C(=O)O").size() == 2);
  CHECK(isomers("CC(O)C(N)C(=O)O").size() == 4);
  CHECK(isomers("CC=CC(C)O").size() == 4);
  CHECK(open_stereo_count(Molecule::from_smiles("CC=CC(C)O")) == 2);
}

TEST_CASE("symmetric molecules have fewer: tartaric acid has a meso form") {
  CHECK(isomers("OC(=O)C(O)C(O)C(=O)O").size() == 3);
  CHECK(isomers("CC1CCC(C)CC1").size() == 2);
}

TEST_CASE("what is specified stays, and a specified molecule gives itself") {
  CHECK(isomers("C[C@H](N)C(=O)O") ==
        std::vector<std::string>{Molecule::from_smiles("C[C@H](N)C(=O)O").smiles()});
  for (const auto& isomer : isomers("C[C@H](O)C(F)Cl"))
    CHECK((isomer == Molecule::from_smiles("C[C@H](O)[C@@H](F)Cl").smiles() ||
           isomer == Molecule::from_smiles("C[C@H](O)[C@H](F)Cl").smiles()));
  CHECK(isomers("C[C@H](O)C(F)Cl").size() == 2);
  CHECK(isomers("CCO") == std::vector<std::string>{"CCO"});
  CHECK(open_stereo_count(Molecule::from_smiles("C1CCC=CC1")) == 0);
}

TEST_CASE("bridged rings give only isomers that exist in space") {
  CHECK(isomers("CC1CC2CCC1C2").size() == 4);  // 2-methylnorbornane: exo, endo and their mirror images
  CHECK_FALSE(isomers("CN1C2CCC1CC(C2)=C1C2=CC=CC=C2CSC2=C1C=CC=C2").empty());  // a ring beside a double bond
  CHECK(isomers("CC1(C)C2CCC1(C)C(=O)C2").size() == 2);  // camphor: of four combinations two exist
}

TEST_CASE("bonds that turn freely or have no isomers are not counted") {
  for (const char* smiles :
       {"NC(=N)c1ccccc1", "CN(C)C(=NC)N", "CCN=[N+]=[N-]", "CC=C=C(C)C", "CN=C=S", "OP(=O)(O)CP(=O)(O)O"}) {
    INFO(smiles);
    CHECK(open_stereo_count(Molecule::from_smiles(smiles)) == 0);
  }
  CHECK(open_stereo_count(Molecule::from_smiles("CC(=NO)CC")) == 1);  // oximes have two isomers
  CHECK(open_stereo_count(Molecule::from_smiles("CC(O)C(O)C(C)O")) ==
        3);  // the middle one depends on the others
}

TEST_CASE("isomers come in the same order for any drawing and thread, and no more than asked for") {
  CHECK(isomers("CC(N)C(O)C(Cl)Br") == isomers("BrC(Cl)C(O)C(C)N"));
  CHECK(isomers("CC(N)C(O)C(Cl)Br", 3).size() == 3);
  CHECK_THROWS_AS(stereoisomers(Molecule::from_smiles("C"), 0), theriac::UsageError);
  std::string chain = "C";
  for (int i = 0; i < 70; ++i) chain += "C(F)";
  const auto few = isomers(chain + "O", 5);
  CHECK(std::set<std::string>(few.begin(), few.end()).size() == 5);
}
