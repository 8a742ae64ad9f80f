#include "chem/torsion_tree.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pdbqt.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::chem;

namespace {

Molecule with_h(const std::string& smiles) {
  return with_hydrogens(Molecule::from_smiles(smiles));
}

std::size_t rotors(const std::string& smiles, const TorsionOptions& options = {}) {
  return rotatable_bonds(with_h(smiles), options).size();
}

std::string type_of(const std::string& smiles, int atom) {
  return autodock_types(with_h(smiles))[atom];
}

FlexibleLigand ligand(const std::string& smiles, const TorsionOptions& options = {}) {
  EmbedOptions one;
  one.ring_conformers = 1;
  return flexible_ligand(embedded(Molecule::from_smiles(smiles), one), options);
}

}  // namespace

TEST_CASE("rotors follow the AutoDock rules") {
  CHECK(rotors("CC") == 0);
  CHECK(rotors("CCO") == 1);  // the hydroxyl turns, the methyl does not count
  CHECK(rotors("CCN") == 1);
  CHECK(rotors("CCS") == 1);
  CHECK(rotors("c1ccccc1C") == 0);
  CHECK(rotors("c1ccccc1-c1ccccc1") == 1);
  CHECK(rotors("c1ccccc1[N+](=O)[O-]") == 1);
  CHECK(rotors("CC(=O)NC") == 0);      // amide
  CHECK(rotors("CC(=S)NC") == 0);      // thioamide
  CHECK(rotors("CC(=N)NC") == 0);      // amidine; =NH does not turn
  CHECK(rotors("NC(=N)NCC") == 1);     // guanidine: N-CH2 only
  CHECK(rotors("CC(=O)OCC") == 2);     // ester: C-O and O-CH2
  CHECK(rotors("CCC(=O)O") == 2);      // with its OH
  CHECK(rotors("CS(=O)(=O)NC") == 1);  // sulphonamide S-N turns
  CHECK(rotors("CCC#N") == 0);         // nothing hangs on the nitrile's axis but itself
  CHECK(rotors("CCC#CCC") == 1);       // one rotor for two collinear bonds
  CHECK(rotors("FC(F)(F)c1ccccc1") == 0);
  CHECK(rotors("CC(C)(C)c1ccccc1") == 1);  // tert-butyl does turn
}

TEST_CASE("options release tertiary amides and halogen tops") {
  TorsionOptions amides, tops;
  amides.tertiary_amides = true;
  tops.halogen_tops = true;
  CHECK(rotors("CC(=O)N(C)Cc1ccccc1") == 2);
  CHECK(rotors("CC(=O)N(C)Cc1ccccc1", amides) == 3);
  CHECK(rotors("CC(=O)N(C)C", amides) == 0);  // equal groups: turning changes nothing
  CHECK(rotors("CC(=O)NC", amides) == 0);
  CHECK(rotors("FC(F)(F)c1ccccc1", tops) == 1);
}

TEST_CASE("atom types follow AutoDock 4") {
  CHECK(type_of("c1ccccc1", 0) == "A");
  CHECK(type_of("CC", 0) == "C");
  CHECK(type_of("CCO", 2) == "OA");
  CHECK(type_of("n1ccccc1", 0) == "NA");
  CHECK(type_of("c1cc[nH]c1", 3) == "N");
  CHECK(type_of("CC(=O)NC", 3) == "N");
  CHECK(type_of("Nc1ccccc1", 0) == "N");
  CHECK(type_of("CN(C)C", 1) == "NA");
  CHECK(type_of("C[NH3+]", 1) == "N");
  CHECK(type_of("CC#N", 2) == "NA");
  CHECK(type_of("CSC", 1) == "SA");
  CHECK(type_of("c1ccsc1", 3) == "S");
  CHECK(type_of("CS(C)(=O)=O", 1) == "S");
  CHECK(type_of("CO", 5) == "HD");
  CHECK(type_of("CO", 2) == "H");
  CHECK(type_of("ClC(F)(Br)I", 0) == "Cl");
  CHECK(type_of("COP(=O)(O)O", 2) == "P");
}

TEST_CASE("elements without a docking type are named") {
  CHECK_THROWS_WITH(autodock_types(with_h("OB(O)c1ccccc1")),
                    "atom 2 is 'B', an element without a docking type");
  CHECK_THROWS_WITH(autodock_types(with_h("C[Si](C)(C)C")), Contains("'Si'"));
  CHECK_THROWS_WITH(autodock_types(with_h("[Zn+2]")), Contains("'Zn'"));
  CHECK_THROWS_WITH(flexible_ligand(Molecule::from_smiles("CCO")), "the molecule has no 3D coordinates");
  CHECK_THROWS_WITH(ligand("CCO.CC"), "the molecule has 2 disconnected parts");
}

TEST_CASE("the torsion tree is rooted in the middle and holds every atom once") {
  const FlexibleLigand l = ligand("c1ccccc1CCCCc1ccncc1");  // six rotors in a row: rings at depth three
  REQUIRE(l.fragments.size() == 6);
  std::set<int> seen;
  std::vector<int> depth(l.fragments.size(), 0);
  for (std::size_t f = 0; f < l.fragments.size(); ++f) {
    const auto& fragment = l.fragments[f];
    for (const int i : fragment.atoms) CHECK(seen.insert(i).second);
    if (f == 0) continue;
    REQUIRE(fragment.parent >= 0);
    REQUIRE(fragment.parent < static_cast<int>(f));
    depth[f] = depth[fragment.parent] + 1;
    const auto& parent = l.fragments[fragment.parent].atoms;
    CHECK(std::find(parent.begin(), parent.end(), fragment.axis_begin) != parent.end());
    CHECK(std::find(fragment.atoms.begin(), fragment.atoms.end(), fragment.axis_end) != fragment.atoms.end());
  }
  CHECK(seen.size() == l.atoms.size());
  CHECK(*std::max_element(depth.begin(), depth.end()) == 3);
  CHECK(l.key == Molecule::from_smiles("c1ccccc1CCCCc1ccncc1").smiles());
}

TEST_CASE("symmetries see through drawn resonance") {
  CHECK(ligand("CC(=O)[O-]").symmetries.size() == 2);
  CHECK(ligand("CC(=O)O").symmetries.size() == 2);
  CHECK(ligand("CC[N+](=O)[O-]").symmetries.size() == 2);
  CHECK(ligand("CCNC(=[NH2+])N").symmetries.size() == 2);
  CHECK(ligand("COP(=O)(O)[O-]").symmetries.size() == 6);
  CHECK(ligand("CC(=O)OC").symmetries.size() == 1);
  CHECK(ligand("O=C1CCC(O)CC1").symmetries.size() == 2);  // mirror only, carbonyl and carbinol stay apart
  CHECK(ligand("CC(C)(C)c1ccccc1").symmetries.size() == 12);
  CHECK(ligand("CC(=C)c1ccccc1").symmetries.size() == 2);
}

TEST_CASE("charges add up to the formal charge") {
  for (const auto& [smiles, charge] :
       {std::pair<const char*, double>{"CC(=O)[O-]", -1}, {"C[NH3+]", 1}, {"CCO", 0}}) {
    double total = 0;
    for (const auto& a : ligand(smiles).atoms) total += a.charge;
    CHECK(total == Approx(charge).margin(1e-3));
  }
}

TEST_CASE("a ligand written as PDBQT comes back with its bonds, rotors and symmetry") {
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "CN1CCC(CC1)Oc1ccc(Cl)cc1C#N", "OCC(O)C(O)C(O)C(O)CO"}) {
    INFO(smiles);
    const FlexibleLigand a = ligand(smiles);
    const FlexibleLigand b = read_pdbqt_ligand(write_pdbqt_ligand(a), "a.pdbqt");
    CHECK(b.fragments.size() == a.fragments.size());
    CHECK(b.heavy_atom_count() == a.heavy_atom_count());
    std::size_t bonds = 0;
    for (const auto& [i, j] : a.bonds)
      bonds += a.atoms[i].autodock_type != "H" && a.atoms[j].autodock_type != "H";
    CHECK(b.bonds.size() == bonds);
  }
}
