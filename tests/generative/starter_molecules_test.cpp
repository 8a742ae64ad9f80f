#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "chem/molecular_graph.hpp"

using theriac::chem::Molecule;

TEST_CASE("the starter molecules are valid, distinct and can be edited as graphs") {
  std::ifstream file(THERIAC_STARTER_MOLECULES);
  std::set<std::string> smiles_seen, names_seen;
  std::string line;
  while (std::getline(file, line)) {
    INFO(line);
    std::istringstream fields(line);
    std::string smiles, name, rest;
    REQUIRE(fields >> smiles >> name);
    CHECK_FALSE(fields >> rest);
    const Molecule molecule = Molecule::from_smiles(smiles);
    CHECK(smiles_seen.insert(molecule.smiles()).second);
    CHECK(names_seen.insert(name).second);
    CHECK(molecule.heavy_atom_count() >= 7);
    CHECK(molecule.heavy_atom_count() <= 37);
    CHECK(theriac::chem::molecule(theriac::chem::molecular_graph(molecule)).smiles() == molecule.smiles());
  }
  CHECK(smiles_seen.size() == 224);
}
