// Copies of one compound share a skeleton; different compounds do not.
#include "chem/tautomer_skeleton.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

using theriac::chem::Molecule;
using theriac::chem::tautomer_skeleton;

namespace {

std::string skeleton(const char* smiles) {
  return tautomer_skeleton(Molecule::from_smiles(smiles));
}

}  // namespace

TEST_CASE("tautomers, stereoisomers, isotopes and salts share a skeleton") {
  CHECK(skeleton("O=c1cccc[nH]1") == skeleton("Oc1ccccn1"));                      // 2-pyridone
  CHECK(skeleton("Cc1c[nH]cn1") == skeleton("Cc1cnc[nH]1"));                      // 4-methylimidazole
  CHECK(skeleton("C[C@H](N)C(=O)O") == skeleton("C[C@@H](N)C(=O)O"));             // alanine
  CHECK(skeleton("C/C=C/C(=O)O") == skeleton("C/C=C\\C(=O)O"));                   // crotonic acid
  CHECK(skeleton("[2H]C([2H])([2H])Oc1ccccc1") == skeleton("COc1ccccc1"));        // anisole-d3
  CHECK(skeleton("CNC[C@H](O)c1ccccc1.Cl") == skeleton("CNC[C@@H](O)c1ccccc1"));  // a hydrochloride
  CHECK(skeleton("[CH3:1]c1ccccc1") == skeleton("Cc1ccccc1"));                    // atom maps
  CHECK(skeleton("NC(=N)c1ccccc1") == skeleton("N=C(N)c1ccccc1"));                // benzamidine
}

TEST_CASE("constitutional isomers, homologues and other elements keep their own skeletons") {
  const std::set<std::string> skeletons = {
      skeleton("Cc1ccccc1O"), skeleton("Cc1cccc(O)c1"), skeleton("Cc1ccc(O)cc1"), skeleton("CCc1ccccc1O"),
      skeleton("Cc1ccccc1S"), skeleton("Cc1ccccc1N"),   skeleton("CC1CCCCC1O")};
  CHECK(skeletons.size() == 7);
}

TEST_CASE("an acid meets its salt, and a quinone its hydroquinone") {
  CHECK(skeleton("CC(=O)Oc1ccccc1C(=O)O") == skeleton("CC(=O)Oc1ccccc1C(=O)[O-].[Na+]"));
  CHECK(skeleton("O=C1C=CC(=O)C=C1") == skeleton("Oc1ccc(O)cc1"));
  CHECK(skeleton("c1ccccc1") != skeleton("C1CCCCC1"));
  CHECK(skeleton("CCCO") != skeleton("C=CCO"));
}

TEST_CASE("metals, single ions and the molecule without atoms have skeletons too") {
  CHECK(tautomer_skeleton(Molecule::without_atoms()).empty());
  CHECK_FALSE(skeleton("[Na+].[Cl-]").empty());
  CHECK_FALSE(skeleton("[Pt](Cl)(Cl)(N)N").empty());
  CHECK_FALSE(skeleton("[He]").empty());
}

TEST_CASE("threads may ask for the skeleton of one shared molecule") {
  const auto molecule = Molecule::from_smiles("C[C@H](NC(=O)c1ccc2[nH]cnc2c1)C(=O)O.Cl");
  const std::string expected = tautomer_skeleton(molecule);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (auto& count : wrong)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) count += tautomer_skeleton(molecule) != expected;
    });
  for (auto& thread : threads) thread.join();
  for (const int count : wrong) CHECK(count == 0);
}
