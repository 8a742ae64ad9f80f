#include "chem/molecular_graph.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using Catch::Matchers::Equals;
using namespace theriac::chem;

namespace {

MolecularGraph graph_of(const std::string& smiles) {
  return molecular_graph(Molecule::from_smiles(smiles));
}

}  // namespace

TEST_CASE("a molecule returns unchanged from its graph") {
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "c1ccc2[nH]ccc2c1", "O=[N+]([O-])c1ccccc1", "C[N+](C)(C)CC(=O)[O-]",
        "CS(=O)(=O)NC", "CS(C)=O", "CP(=O)(O)O", "OB(O)c1ccccc1", "C[Si](C)(C)C", "c1nnn[n-]1", "Ic1ccccc1Br",
        "CC#CC1CC1", "C1=CC=C[CH-]1", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"}) {
    INFO(smiles);
    const Molecule original = Molecule::from_smiles(smiles);
    CHECK(molecule(molecular_graph(original)).smiles() == original.smiles());
  }
}

TEST_CASE("stereochemistry, isotopes and explicit hydrogens are dropped") {
  CHECK(molecule(graph_of("N[C@@H](C)C(=O)O")).smiles() == Molecule::from_smiles("NC(C)C(=O)O").smiles());
  CHECK(molecule(graph_of("C/C=C/C")).smiles() == "CC=CC");
  CHECK(molecule(graph_of("[2H]C([13CH3])O")).smiles() == "CCO");
}

TEST_CASE("free valence is what hydrogens fill") {
  const MolecularGraph g = graph_of("CC(=O)NS(C)(=O)=O");
  CHECK(free_valence(g, 0) == 3);
  CHECK(free_valence(g, 1) == 0);
  CHECK(free_valence(g, 3) == 1);
  CHECK(free_valence(g, 4) == 0);
  MolecularGraph too_full = graph_of("CC");
  too_full.bonds[0].order = 3;
  too_full.atoms.push_back({8, 0});
  too_full.bonds.push_back({0, 2, 2});
  CHECK(free_valence(too_full, 0) == -1);
  CHECK_FALSE(valences_hold(too_full));
}

TEST_CASE("what a graph cannot say is refused") {
  CHECK_THROWS_WITH(graph_of("C[CH2]"),
                    Equals("atom 2 (C, charge +0) is a radical; a molecular graph has none"));
  CHECK_THROWS_WITH(graph_of("C[Se]C"),
                    Equals("atom 2 (Se, charge +0) has no valence rule; known elements: B C N O F "
                           "Si P S Cl Br I"));
  CHECK_THROWS_WITH(graph_of("N->B"),
                    Equals("bond 1 of 'B<-N' is neither single, double, triple nor aromatic"));
  MolecularGraph impossible;
  impossible.atoms = {{6, 0}, {9, 0}};
  impossible.bonds = {{0, 1, 2}};
  CHECK_THROWS_AS(molecule(impossible), theriac::MoleculeError);
  CHECK_THROWS_WITH(molecule({}), Equals("not a valid molecular graph: no atoms"));
}

TEST_CASE("rings are found bond by bond") {
  const MolecularGraph indole = graph_of("CCc1c[nH]c2ccccc12");
  const auto sizes = smallest_ring_sizes(indole);
  CHECK(std::count(sizes.begin(), sizes.end(), 0) == 2);
  CHECK(std::count(sizes.begin(), sizes.end(), 5) == 5);
  CHECK(std::count(sizes.begin(), sizes.end(), 6) == 5);
  CHECK(small_rings(indole).size() == 2);
}

TEST_CASE("pieces of a graph keep their atoms and bonds") {
  const MolecularGraph ester = graph_of("CCOC(C)=O");
  std::vector<int> index;
  const MolecularGraph ethanol = subgraph(ester, reachable(ester, 0, {2}), &index);
  CHECK(molecule(ethanol).smiles() == "CCO");
  CHECK(index == std::vector<int>{0, 1, 2, -1, -1, -1});
  MolecularGraph joined = ethanol;
  CHECK(append(joined, graph_of("CC")) == 3);
  joined.bonds.push_back({0, 3, 1});
  CHECK(molecule(joined).smiles() == "CCCCO");
}
