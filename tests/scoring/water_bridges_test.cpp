// What is said of the waters of a pose.
#include "scoring/water_bridges.hpp"

#include <catch2/catch.hpp>

using namespace theriac;

namespace {

chem::SiteWater water_at(chem::Vector3 place) {
  chem::SiteWater water;
  water.residue = {"A", 301, ' '};
  water.name = "HOH";
  water.position = place;
  water.contacts = {{{"A", 189, ' '}, "ASP", "OD1", 2.8},
                    {{"A", 189, ' '}, "ASP", "OD2", 3.1},
                    {{"A", 219, ' '}, "GLY", "O", 3.0}};
  return water;
}

/// C-O-HD and C-N without hydrogen (an amide's): polar are the oxygen only.
chem::FlexibleLigand ligand() {
  chem::FlexibleLigand out;
  const char* types[] = {"C", "OA", "HD", "N"};
  const int elements[] = {6, 8, 1, 7};
  for (int i = 0; i < 4; ++i) {
    chem::LigandAtom atom;
    atom.autodock_type = types[i];
    atom.element = elements[i];
    out.atoms.push_back(atom);
  }
  out.bonds = {{0, 1}, {1, 2}, {0, 3}};
  return out;
}

}  // namespace

TEST_CASE("a water near a polar atom bridges and one near a carbon is kept") {
  const std::vector<chem::Vector3> pose = {{0, 0, 0}, {1.4, 0, 0}, {1.9, 0.8, 0}, {-1.4, 0, 0}};
  const auto text = [&](chem::Vector3 place, bool kept) {
    return scoring::water_text({water_at(place)}, kept, ligand(), pose);
  };
  CHECK(text({4.2, 0, 0}, true) == "A:HOH301 bridges A:ASP189 A:GLY219");
  CHECK(text({-4.2, 0, 0}, true) == "A:HOH301 kept");  // the nitrogen neither gives nor takes
  CHECK(text({-9, 0, 0}, true).empty());
  CHECK(text({-9, 0, 0}, false) == "without waters");
  CHECK(text({-3.0, 0, 0}, false) == "without waters; displaces A:HOH301");
}
