#include "chem/scaffold.hpp"

#include <catch2/catch.hpp>

using theriac::chem::generic_scaffold;
using theriac::chem::Molecule;
using theriac::chem::murcko_scaffold;

namespace {

std::string murcko(const char* smiles) {
  return murcko_scaffold(Molecule::from_smiles(smiles));
}
std::string generic(const char* smiles) {
  return generic_scaffold(Molecule::from_smiles(smiles));
}

}  // namespace

TEST_CASE("side chains are cut off, rings and linkers stay") {
  CHECK(murcko("Cc1cc(Oc2nccc(CCC)c2)ccc1") == "c1ccc(Oc2ccccn2)cc1");
  CHECK(murcko("CC(=O)Oc1ccccc1C(=O)O") == "c1ccccc1");
  CHECK(murcko("CCN1CCCC1=O") == "O=C1CCCN1");
}

TEST_CASE("a molecule without rings has no scaffold") {
  CHECK(murcko("CCCCO").empty());
  CHECK(generic("CCCCO").empty());
}

TEST_CASE("analogues share a generic scaffold") {
  CHECK(generic("CCN1CCCC1=O") == "C1CCCC1");
  CHECK(generic("c1ccc(Oc2ccccn2)cc1") == generic("C1CCC(CC1)Cc1ccccc1"));
  CHECK(generic("O=P1(c2ccccc2)CCCC1") == generic("c1ccc(cc1)C1CCCC1"));
}

TEST_CASE("stereochemistry and explicit hydrogens do not split a series") {
  CHECK(murcko("C[C@H]1CC[C@@H](O)CC1") == murcko("CC1CCC(O)CC1"));
  CHECK(murcko("[H]C1([H])CCCCC1") == "C1CCCCC1");
}
