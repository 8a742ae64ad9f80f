#include "chem/inchi_key.hpp"

#include <catch2/catch.hpp>
#include <thread>

using theriac::chem::inchi_key;
using theriac::chem::Molecule;

namespace {
std::string key_of(const std::string& smiles) {
  return inchi_key(Molecule::from_smiles(smiles));
}
}  // namespace

TEST_CASE("InChIKeys equal the published ones (PubChem)") {
  CHECK(key_of("CCO") == "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
  CHECK(key_of("Cn1cnc2c1c(=O)n(C)c(=O)n2C") == "RYYVLZVUVIJVGH-UHFFFAOYSA-N");
  CHECK(key_of("CC(=O)Oc1ccccc1C(=O)O") == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N");
  CHECK(key_of("C[C@H](N)C(=O)O") == "QNAYBMKLOCPYGJ-REOHCLBHSA-N");
  CHECK(key_of("C[C@@H](N)C(=O)O") == "QNAYBMKLOCPYGJ-UWTATZPHSA-N");
  CHECK(key_of("Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1") ==
        "KTUFNOKKBVMGRW-UHFFFAOYSA-N");
}

TEST_CASE("the InChIKey does not depend on how the molecule is drawn") {
  CHECK(key_of("OC(=O)c1ccccc1OC(C)=O") == key_of("CC(=O)OC1=CC=CC=C1C(O)=O"));
  CHECK(key_of("[H]C([H])([H])C([H])([H])O[H]") == "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
  CHECK(key_of("C/C=C/C") != key_of("C/C=C\\C"));
}

TEST_CASE("a structure without InChI gives an empty key") {
  CHECK(key_of("*CCO").empty());
}

TEST_CASE("InChIKeys are right from several threads") {
  std::vector<std::string> keys(40);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < keys.size(); i += 4) keys[i] = key_of("CCO");
    });
  for (auto& thread : threads) thread.join();
  for (const auto& key : keys) CHECK(key == "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
}
