// Atom types of smina by hand: what bonds make of a type, and names that it does not know.
#include "chem/smina_type.hpp"

#include <catch2/catch.hpp>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pose_file.hpp"
#include "chem/torsion_tree.hpp"

using namespace theriac;
using namespace theriac::chem;

namespace {

/// Names of the heavy atoms' types, in their order.
std::vector<std::string> heavy_types(const std::vector<SminaAtom>& atoms) {
  std::vector<std::string> out;
  for (const auto& atom : atoms)
    if (atom.type != SminaType::PolarHydrogen && atom.type != SminaType::Hydrogen)
      out.emplace_back(name(atom.type));
  return out;
}

std::vector<std::string> types_of(const std::string& smiles) {
  const auto molecule = embedded(Molecule::from_smiles(smiles));
  const auto record = sdf_record(molecule, flexible_ligand(molecule), molecule.coordinates());
  return heavy_types(smina_ligand_by_open_babel(record, "sdf"));
}

UntypedAtoms atoms(const std::vector<std::pair<std::string, Vector3>>& list) {
  UntypedAtoms out;
  for (const auto& [type, position] : list)
    out.atoms.push_back({position, type, {}, static_cast<int>(out.atoms.size())});
  return out;
}

}  // namespace

TEST_CASE("types of small molecules through Open Babel") {
  CHECK(types_of("CCO") == std::vector<std::string>{"AliphaticCarbonXSHydrophobe",
                                                    "AliphaticCarbonXSNonHydrophobe",
                                                    "OxygenXSDonorAcceptor"});
  CHECK(types_of("CC(=O)NC") ==
        std::vector<std::string>{"AliphaticCarbonXSHydrophobe", "AliphaticCarbonXSNonHydrophobe",
                                 "OxygenXSAcceptor", "NitrogenXSDonor", "AliphaticCarbonXSNonHydrophobe"});
  CHECK(types_of("c1ccncc1Br") ==
        std::vector<std::string>{"AromaticCarbonXSHydrophobe", "AromaticCarbonXSHydrophobe",
                                 "AromaticCarbonXSNonHydrophobe", "NitrogenXSAcceptor",
                                 "AromaticCarbonXSNonHydrophobe", "AromaticCarbonXSNonHydrophobe",
                                 "Bromine"});
}

TEST_CASE("names that smina does not know are metals, longer ones are refused") {
  const auto typed = smina_typed(atoms({{"Si", {0, 0, 0}},
                                        {"Na", {9, 0, 0}},
                                        {"NA", {18, 0, 0}},
                                        {"ZN", {27, 0, 0}},
                                        {"Zn", {36, 0, 0}},
                                        {"Se", {45, 0, 0}}}));
  const std::vector<SminaType> expected{
      SminaType::GenericMetal, SminaType::GenericMetal, SminaType::NitrogenXSAcceptor,
      SminaType::GenericMetal, SminaType::Zinc,         SminaType::Sulfur};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(typed[i].type == expected[i]);
  CHECK_THROWS_AS(smina_typed(atoms({{"Xyz", {0, 0, 0}}})), MoleculeError);
  CHECK_THROWS_AS(smina_typed(atoms({{"", {0, 0, 0}}})), MoleculeError);
}

TEST_CASE("bonds come from distances, not through a third atom and not across a torsion") {
  // a carbon at 1.5 angstrom of an oxygen
  CHECK(smina_typed(atoms({{"C", {0, 0, 0}}, {"OA", {1.5, 0, 0}}}))[0].type ==
        SminaType::AliphaticCarbonXSNonHydrophobe);
  // boron makes no carbon polar
  CHECK(smina_typed(atoms({{"C", {0, 0, 0}}, {"B", {1.5, 0, 0}}}))[0].type ==
        SminaType::AliphaticCarbonXSHydrophobe);
  CHECK(smina_typed(atoms({{"C", {0, 0, 0}}, {"OA", {1.7, 0, 0}}}))[0].type ==
        SminaType::AliphaticCarbonXSHydrophobe);
  // a heavy atom between them breaks the bond, a hydrogen does not
  CHECK(smina_typed(atoms({{"C", {0, 0, 0}}, {"I", {2.2, 0, 0}}, {"C", {1.1, 0.4, 0}}}))[0].type ==
        SminaType::AliphaticCarbonXSHydrophobe);
  CHECK(smina_typed(atoms({{"C", {0, 0, 0}}, {"I", {2.2, 0, 0}}, {"HD", {1.1, 0.4, 0}}}))[0].type ==
        SminaType::AliphaticCarbonXSNonHydrophobe);
  // two atoms of fragments that turn against each other
  auto turning = atoms({{"C", {0, 0, 0}}, {"C", {0, 1.5, 0}}, {"C", {1.4, 1.5, 0}}, {"OA", {1.4, 0, 0}}});
  turning.fragments = {0, 0, 1, 1};
  turning.rotatable = {{1, 2}};
  CHECK(smina_typed(turning)[0].type == SminaType::AliphaticCarbonXSHydrophobe);
  turning.fragments.clear();
  CHECK(smina_typed(turning)[0].type == SminaType::AliphaticCarbonXSNonHydrophobe);
}

TEST_CASE("receptor PDBQT is read by its columns") {
  const std::string good =
      "ATOM      1  N   GLY A   1      11.000  12.000  13.000  1.00  0.00    -0.350 NA\n"
      "ATOM      2  HN1 GLY A   1      11.900  12.000  13.000  1.00  0.00     0.163 HD\n";
  const auto typed = smina_receptor_of_pdbqt(good, "rec.pdbqt");
  REQUIRE(typed.size() == 2);
  CHECK(typed[0].type == SminaType::NitrogenXSDonorAcceptor);
  CHECK(typed[0].position.z == 13);
  CHECK_THROWS_WITH(smina_receptor_of_pdbqt(good.substr(0, 60) + "\n", "rec.pdbqt"),
                    Catch::Contains("columns 78-79") && Catch::Contains("rec.pdbqt, line 1"));
  CHECK_THROWS_WITH(
      smina_receptor_of_pdbqt("ATOM      1  N   GLY A   1      11.000  nan     13.0x0\n", "rec.pdbqt"),
      Catch::Contains("not a number"));
  CHECK_THROWS_AS(smina_ligand_by_open_babel("nonsense", "sdf"), MoleculeError);
}
