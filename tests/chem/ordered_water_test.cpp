// The rule for ordered waters, term by term, and the receptor with and without them.
#include "chem/ordered_water.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"

using namespace theriac::chem;
using Catch::Matchers::Contains;

namespace {

StructureAtom atom(const std::string& residue, int number, const std::string& name, int element,
                   Vector3 place, double b = 20) {
  StructureAtom a;
  a.residue_name = residue;
  a.residue = {"A", number, ' '};
  a.name = name;
  a.element = element;
  a.position = place;
  a.b_factor = b;
  return a;
}

/// Two acceptors and a donor 2.8 angstrom from the origin, and carbons whose B-factors spread from 10 to 30.
Structure site() {
  Structure s;
  s.atoms = {atom("ASP", 189, "OD1", 8, {2.8, 0, 0}), atom("GLY", 219, "O", 8, {0, 2.8, 0}),
             atom("SER", 190, "OG", 8, {0, 0, 2.8}), atom("ALA", 5, "CA", 6, {9, 9, 9}, 10),
             atom("ALA", 6, "CA", 6, {12, 9, 9}, 30)};
  return s;
}

StructureAtom water(int number, Vector3 place, double b = 22, double occupancy = 1) {
  StructureAtom a = atom("HOH", number, "O", 8, place, b);
  a.hetero = true;
  a.occupancy = occupancy;
  return a;
}

const Box box{{0, 0, 0}, {16, 16, 16}, "test"};

SiteWater only(Structure structure, const StructureAtom& w) {
  structure.atoms.push_back(w);
  const auto waters = site_waters(structure, box);
  REQUIRE(waters.size() == 1);
  return waters[0];
}

}  // namespace

TEST_CASE("a water with three polar contacts and a low B-factor is ordered") {
  const SiteWater w = only(site(), water(301, {0, 0, 0}));
  CHECK(w.ordered);
  CHECK(w.contacts.size() == 3);
  CHECK(w.label() == "A:HOH301");
  CHECK_THAT(w.text(), Contains("A:HOH301 ordered: B 22.0, 3 polar contacts (A:ASP189 OD1 2.8, "));
}

TEST_CASE("too few contacts or a high B-factor or half of a water are left out with the reason") {
  CHECK(only(site(), water(301, {-3, -3, -3})).reason == "0 polar contacts");
  CHECK(only(site(), water(301, {5.5, 0, 0})).reason == "1 polar contact");
  CHECK_THAT(only(site(), water(301, {0, 0, 0}, 40)).reason, Contains("B above"));
  CHECK(only(site(), water(301, {0, 0, 0}, 22, 0.4)).reason == "occupancy 0.40");
  Structure flat = site();  // a model: every B-factor the same
  for (auto& a : flat.atoms) a.b_factor = 0;
  CHECK(only(flat, water(301, {0, 0, 0}, 40)).ordered);
}

TEST_CASE("two places of one water are one water and one atom in two places is one contact") {
  Structure s = site();
  s.atoms.push_back(s.atoms[0]);  // OD1 again
  s.atoms.back().alternate = 'B';
  StructureAtom a = water(301, {0, 0, 0}, 22, 0.4), b = water(301, {0.3, 0, 0}, 22, 0.6);
  a.alternate = 'A';
  b.alternate = 'B';
  s.atoms.push_back(a);
  s.atoms.push_back(b);
  const auto waters = site_waters(s, box);
  REQUIRE(waters.size() == 1);
  CHECK(waters[0].occupancy == Approx(1.0));
  CHECK(waters[0].position.x == Approx(0.3));
  CHECK(waters[0].contacts.size() == 3);
}

TEST_CASE("waters outside the box and ligands and other waters do not count") {
  Structure s = site();
  s.atoms.push_back(water(301, {0, 0, 0}));
  s.atoms.push_back(water(302, {0, 0, 20}));
  s.atoms.push_back(atom("LIG", 1, "O1", 8, {-2.8, 0, 0}));
  s.atoms.push_back(water(303, {0, -2.8, 0}));
  const auto waters = site_waters(s, box);
  REQUIRE(waters.size() == 2);
  CHECK(waters[0].contacts.size() == 3);
  CHECK(waters[1].contacts.empty());
  Structure zinc = site();
  zinc.atoms.push_back(atom("ZN", 400, "ZN", 30, {-2.1, 0, 0}));
  CHECK(only(zinc, water(301, {0, 0, 0})).contacts.front().atom == "ZN");
}

TEST_CASE("listed waters become donors and acceptors of the prepared receptor") {
  const std::string path = THERIAC_EXAMPLES "/2xnb_receptor.pdb";
  Structure structure = read_structure(path);
  structure.atoms.push_back(water(901, {31.428, 34.341, 21.816}));
  structure.atoms.push_back(water(902, {20, 20, 50}));
  const Box around{{27, 30, 27}, {20, 20, 20}, "test"};
  const auto waters = site_waters(structure, around);
  REQUIRE(waters.size() == 1);
  REQUIRE(waters[0].ordered);
  PreparationOptions options;
  options.waters = WaterRule::listed;
  options.listed_waters = {waters[0].residue};
  const Receptor wet = prepare_receptor(structure, options).receptor;
  const auto of_water = [](const Receptor& receptor) {
    return std::count_if(receptor.atoms.begin(), receptor.atoms.end(),
                         [](const ReceptorAtom& a) { return a.residue_name == "HOH"; });
  };
  CHECK(of_water(wet) == 3);
  for (const auto& a : wet.atoms)
    if (a.residue_name == "HOH") CHECK(a.autodock_type == (a.element == 8 ? "OA" : "HD"));
  CHECK(of_water(with_waters(wet, {})) == 0);
  CHECK(with_waters(wet, {}).atoms.size() == wet.atoms.size() - 3);
  CHECK(of_water(with_waters(wet, options.listed_waters)) == 3);
}
