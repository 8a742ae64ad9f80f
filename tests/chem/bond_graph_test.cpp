// Atom and bond vectors of message-passing networks, against values derived by hand.
#include "chem/bond_graph.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "chem/topological_descriptors.hpp"

using namespace theriac::chem;

namespace {

BondGraph graph_of(const std::string& smiles) {
  return bond_graph(Molecule::from_smiles(smiles));
}

/// Slots that are set, without the mass.
std::set<int> set_slots(const AtomTraits& atom) {
  const auto v = atom_vector(atom);
  std::set<int> out;
  for (int i = 0; i < AtomSlots::mass; ++i)
    if (v[static_cast<std::size_t>(i)] != 0) out.insert(i);
  return out;
}

std::set<int> set_slots(const BondTraits& bond) {
  const auto v = bond_vector(bond);
  std::set<int> out;
  for (int i = 0; i < bond_vector_size; ++i)
    if (v[static_cast<std::size_t>(i)] != 0) out.insert(i);
  return out;
}

/// Vectors of all atoms in an order that does not depend on how they were numbered.
std::multiset<std::array<float, atom_vector_size>> atom_vectors(const BondGraph& graph) {
  std::multiset<std::array<float, atom_vector_size>> out;
  for (const auto& atom : graph.atoms) out.insert(atom_vector(atom));
  return out;
}

}  // namespace

TEST_CASE("the atom vector of ethanol's carbons and oxygen") {
  const auto graph = graph_of("CCO");
  REQUIRE(graph.atom_count() == 3);
  // CH3: carbon (slot 5), four neighbours (38 + 4), neutral (45 + 4), no handedness (51), three hydrogens
  // (56 + 3), sp3 (62 + 4)
  CHECK(set_slots(graph.atoms[0]) == std::set<int>{5, 42, 49, 51, 59, 66});
  CHECK(set_slots(graph.atoms[1]) == std::set<int>{5, 42, 49, 51, 58, 66});
  // OH: oxygen (slot 7), two neighbours, one hydrogen, sp3
  CHECK(set_slots(graph.atoms[2]) == std::set<int>{7, 40, 49, 51, 57, 66});
  CHECK(atom_vector(graph.atoms[0])[AtomSlots::mass] == Approx(0.12011));
  CHECK(atom_vector(graph.atoms[2])[AtomSlots::mass] == Approx(0.15999));
}

TEST_CASE("charges, iodine, metals and aromatic atoms have their slots") {
  const auto ammonium = graph_of("C[NH3+]").atoms[1];
  CHECK(set_slots(ammonium) == std::set<int>{6, 42, 47, 51, 59, 66});  // +1 is the third charge
  const auto acetate = graph_of("CC(=O)[O-]").atoms[3];
  CHECK(set_slots(acetate) == std::set<int>{7, 39, 45, 51, 56, 64});  // -1 is the first; conjugated: sp2
  const auto iodine = graph_of("CI").atoms[1];
  CHECK(set_slots(iodine).count(36) == 1);
  const auto mercury = graph_of("[Hg+2]").atoms[0];
  CHECK(set_slots(mercury).count(37) == 1);  // other element
  CHECK(set_slots(mercury).count(48) == 1);  // +2
  const auto benzene = graph_of("c1ccccc1").atoms[0];
  CHECK(set_slots(benzene) == std::set<int>{5, 41, 49, 51, 57, 64, 70});
  CHECK(set_slots(graph_of("[Fe+3]").atoms[0]).count(50) == 1);  // other charge
}

TEST_CASE("bond vectors tell order, conjugation, rings and double-bond geometry") {
  CHECK(set_slots(graph_of("CC").bonds[0]) == std::set<int>{1, 7});
  CHECK(set_slots(graph_of("C=C").bonds[0]) == std::set<int>{2, 7});
  CHECK(set_slots(graph_of("C#N").bonds[0]) == std::set<int>{3, 7});
  CHECK(set_slots(graph_of("c1ccccc1").bonds[0]) == std::set<int>{4, 5, 6, 7});
  CHECK(set_slots(graph_of("C1CC1").bonds[0]) == std::set<int>{1, 6, 7});
  CHECK(set_slots(graph_of("C=CC=C").bonds[1]) == std::set<int>{1, 5, 7});
  CHECK(set_slots(graph_of("F/C=C\\F").bonds[1]).count(9) == 1);  // Z
  CHECK(set_slots(graph_of("F/C=C/F").bonds[1]).count(10) == 1);  // E
}

TEST_CASE("handedness is the CIP label, however the molecule is written down") {
  // L-alanine is S, in both orders of writing; RDKit's own tag differs between them
  for (const std::string smiles : {"C[C@H](N)C(=O)O", "N[C@@H](C)C(=O)O"}) {
    const auto graph = graph_of(smiles);
    const auto centre = std::find_if(graph.atoms.begin(), graph.atoms.end(),
                                     [](const AtomTraits& a) { return a.handedness != 0; });
    REQUIRE(centre != graph.atoms.end());
    CHECK(centre->handedness == 2);
  }
  CHECK(atom_vectors(graph_of("C[C@H](N)C(=O)O")) == atom_vectors(graph_of("N[C@@H](C)C(=O)O")));
  CHECK(atom_vectors(graph_of("C[C@H](N)C(=O)O")) != atom_vectors(graph_of("C[C@@H](N)C(=O)O")));
}

TEST_CASE("explicit hydrogens change nothing and no atoms give an empty graph") {
  CHECK(atom_vectors(graph_of("[H]C([H])([H])O[H]")) == atom_vectors(graph_of("CO")));
  const auto nothing = bond_graph(Molecule::without_atoms());
  CHECK(nothing.atom_count() == 0);
  CHECK(nothing.bond_count() == 0);
}

TEST_CASE("topological descriptors have one number per name and known values for benzene") {
  const auto& names = topological_descriptor_names();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  const auto values = topological_descriptors(Molecule::from_smiles("c1ccccc1"));
  REQUIRE(values.size() == names.size());
  const auto value = [&](const std::string& name) {
    return values[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
  };
  CHECK(value("mw") == Approx(78.114));
  CHECK(value("heavy_atoms") == 6);
  CHECK(value("chi0v") == Approx(6 / std::sqrt(3.0)));  // six atoms of valence delta 3
  CHECK(value("chi1v") == Approx(2.0));                 // six bonds of 1 / 3
  CHECK(value("kappa1") > 0);
  CHECK(value("mqn1") == 6);  // carbons
}
