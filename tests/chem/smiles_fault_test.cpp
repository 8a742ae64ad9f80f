#include "chem/smiles_fault.hpp"

#include <catch2/catch.hpp>

using theriac::chem::smiles_fault;

namespace {

std::string reason(const std::string& smiles) {
  const auto fault = smiles_fault(smiles);
  return fault ? fault->reason : "none";
}

}  // namespace

TEST_CASE("faults of spelling are named with their place") {
  CHECK(reason("c1ccccc(N") == "ring 1 is opened at character 2 and never closed");
  CHECK(smiles_fault("c1ccccc(N")->position == 1);
  CHECK(reason("CC(C(N)C") == "the parenthesis opened at character 3 is never closed");
  CHECK(reason("CC)C") == "the parenthesis closed at character 3 was never opened");
  CHECK(reason("C[NH3+") == "the bracket at character 2 is never closed");
  CHECK(reason("C[NH[O]") == "the bracket at character 2 is never closed");
  CHECK(reason("CXq") == "'X' at character 2 is not an atom that may stand without brackets");
  CHECK(reason("C==C") == "two bonds in a row at character 3");
  CHECK(reason("CC=") == "the bond at character 3 leads to no atom");
  CHECK(reason("=CC") == "the bond at character 1 begins at no atom");
  CHECK(reason("C%1") == "'%' at character 2 needs two digits");
  CHECK(reason("1CC1") == "the ring number at character 1 hangs on no atom");
  CHECK(reason("(C)C") == "the branch at character 1 hangs on no atom");
}

TEST_CASE("a well spelled SMILES has no fault") {
  for (const char* smiles :
       {"CCO", "c1ccccc1Cl", "C%10CCCCC%10", "[Na+].[O-]C(=O)c1ccccc1", "F/C=C\\F", "C1CC=1",
        "C(=O)(O)c1ccc2[nH]ccc2c1", "*CC*", "C%(100)CC%(100)", "[13C@H](F)(Cl)Br", "N#Cc1ccco1"})
    CHECK(reason(smiles) == "none");
}
