#include "scoring/interactions.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/conformer.hpp"
#include "chem/pdbqt.hpp"
#include "chem/torsion_tree.hpp"
#include "chem/units.hpp"

using namespace theriac;
using namespace theriac::chem;
using namespace theriac::scoring;

namespace {

void add(Receptor& r, const char* residue, int number, const char* name, int element, const char* type,
         Vector3 p) {
  ReceptorAtom a;
  a.residue_name = residue;
  a.residue = {"A", number, ' '};
  a.name = name;
  a.element = element;
  a.autodock_type = type;
  a.position = p;
  r.atoms.push_back(a);
}

/// A regular hexagon of radius 1.39 around `centre` in the plane spanned by u and v.
std::vector<Vector3> hexagon(Vector3 centre, Vector3 u, Vector3 v) {
  std::vector<Vector3> out;
  for (int k = 0; k < 6; ++k) {
    const double a = k * units::pi / 3;
    out.push_back(centre + 1.39 * (std::cos(a) * u + std::sin(a) * v));
  }
  return out;
}

Receptor phenylalanine(Vector3 centre, Vector3 u, Vector3 v) {
  const char* const names[] = {"CG", "CD1", "CE1", "CZ", "CE2", "CD2"};
  Receptor r;
  const auto ring = hexagon(centre, u, v);
  for (int k = 0; k < 6; ++k) add(r, "PHE", 7, names[k], 6, "A", ring[k]);
  return r;
}

/// A carboxylate with its carbon at `c` and oxygens towards -x.
Receptor aspartate(Vector3 c) {
  Receptor r;
  add(r, "ASP", 25, "CB", 6, "C", c + Vector3{1.5, 0, 0});
  add(r, "ASP", 25, "CG", 6, "C", c);
  add(r, "ASP", 25, "OD1", 8, "OA", c + Vector3{-0.6, 1.1, 0});
  add(r, "ASP", 25, "OD2", 8, "OA", c + Vector3{-0.6, -1.1, 0});
  return r;
}

struct Probe {
  FlexibleLigand ligand;
  std::vector<Vector3> x;
  explicit Probe(const std::string& smiles) {
    const Molecule m = embedded(Molecule::from_smiles(smiles));
    ligand = flexible_ligand(m);
    x = m.coordinates();
  }
};

/// Benzene in the xy plane around the origin.
Probe flat_benzene() {
  Probe p("c1ccccc1");
  const auto ring = hexagon({0, 0, 0}, {1, 0, 0}, {0, 1, 0});
  for (int k = 0; k < 6; ++k) {
    p.x[k] = ring[k];
    p.x[k + 6] = 1.78 * ring[k];
  }
  return p;
}

bool contains(const std::vector<Interaction>& all, InteractionKind kind) {
  return std::any_of(all.begin(), all.end(), [&](const Interaction& i) { return i.kind == kind; });
}

}  // namespace

TEST_CASE("ligand features do not depend on the drawn protonation") {
  for (const char* smiles : {"CC[NH3+]", "CCN", "CCN(C)C", "NC(=N)NCC", "NC(=[NH2+])c1ccccc1"}) {
    INFO(smiles);
    const auto f = ligand_features(Probe(smiles).ligand);
    REQUIRE(f.charged_groups.size() == 1);
    CHECK(f.charged_groups[0].charge == 1);
  }
  for (const char* smiles : {"CC(=O)O", "CC(=O)[O-]", "CP(=O)(O)O", "CS(=O)(=O)O"}) {
    INFO(smiles);
    const auto f = ligand_features(Probe(smiles).ligand);
    REQUIRE(f.charged_groups.size() == 1);
    CHECK(f.charged_groups[0].charge == -1);
  }
  for (const char* smiles :
       {"CC(=O)NC", "Nc1ccccc1", "CS(=O)(=O)NC", "CC(=O)OC", "c1ccncc1", "C[N+](=O)[O-]"}) {
    INFO(smiles);
    CHECK(ligand_features(Probe(smiles).ligand).charged_groups.empty());
  }
}

TEST_CASE("aromatic rings, halogens and greasy carbons are found, also in PDBQT") {
  const Probe p("c1ccc2[nH]ccc2c1CC1CCNCC1");
  CHECK(ligand_features(p.ligand).aromatic_rings.size() == 2);  // indole, without its rim; no piperidine
  const FlexibleLigand file = read_pdbqt_ligand(write_pdbqt_ligand(p.ligand), "p.pdbqt");
  CHECK(ligand_features(file).aromatic_rings.size() == 2);
  CHECK(ligand_features(file).charged_groups.size() == 1);
  const auto f = ligand_features(Probe("FC(F)(F)c1ccc(Cl)cc1").ligand);
  CHECK(f.halogens.size() == 1);
  CHECK(f.hydrophobic.size() == 5);  // the ring without C-Cl; CF3 is not
  CHECK(ligand_features(Probe("CC(=O)N").ligand).acceptors.size() == 1);
}

TEST_CASE("an ammonium beside an aspartate is a salt bridge and not a hydrogen bond too") {
  Probe p("C[NH3+]");
  const Vector3 nitrogen = p.x[1];
  const auto all = interactions(aspartate(nitrogen + Vector3{3.4, 0, 0}), p.ligand, p.x);
  REQUIRE(all.size() >= 1);
  CHECK(all[0].kind == InteractionKind::salt_bridge);
  CHECK(all[0].distance == Approx(2.8).margin(1e-9));
  CHECK(text(all[0]) == "Asp25 salt-bridge 2.8");
  CHECK_FALSE(contains(all, InteractionKind::hydrogen_bond));
  CHECK(interactions(aspartate(nitrogen + Vector3{7, 0, 0}), p.ligand, p.x).empty());
}

TEST_CASE("hydrogen bonds need distance and direction") {
  const Probe p("CO");
  const Vector3 oxygen = p.x[1];
  Vector3 hydrogen;
  for (std::size_t i = 2; i < p.x.size(); ++i)
    if (p.ligand.atoms[i].autodock_type == "HD") hydrogen = p.x[i];
  const Vector3 along = (1.0 / distance(hydrogen, oxygen)) * (hydrogen - oxygen);
  Receptor ahead, behind, far;
  add(ahead, "GLY", 3, "O", 8, "OA", oxygen + 2.8 * along);
  add(behind, "GLY", 3, "O", 8, "OA", oxygen - 2.8 * along);
  add(far, "GLY", 3, "O", 8, "OA", oxygen + 4.3 * along);
  const auto bond = interactions(ahead, p.ligand, p.x);
  REQUIRE(bond.size() == 1);
  CHECK(text(bond) == "Gly3 hbond 2.8");
  CHECK(bond[0].ligand_gives_hydrogen);
  CHECK(interactions(behind, p.ligand, p.x).empty());
  CHECK(interactions(far, p.ligand, p.x).empty());
}

TEST_CASE("a receptor without hydrogens still donates, by the amino acid's plan") {
  const Probe p("CC(C)=O");
  const Vector3 oxygen = p.x[3], carbon = p.x[1];
  const Vector3 out = (1.0 / distance(oxygen, carbon)) * (oxygen - carbon);
  Receptor serine, with_hydrogen, wrong_way, proline;
  for (Receptor* r : {&serine, &with_hydrogen, &wrong_way}) {
    add(*r, "SER", 9, "OG", 8, "OA", oxygen + 2.8 * out);
    add(*r, "SER", 9, "CB", 6, "C", oxygen + 2.8 * out + Vector3{0, 0, 0} + 1.4 * out);
  }
  add(with_hydrogen, "SER", 9, "HG", 1, "HD", oxygen + 1.85 * out);
  add(wrong_way, "SER", 9, "HG", 1, "HD", oxygen + 3.75 * out);
  CHECK(text(interactions(serine, p.ligand, p.x)) == "Ser9 hbond 2.8");
  CHECK(text(interactions(with_hydrogen, p.ligand, p.x)) == "Ser9 hbond 2.8");
  CHECK_FALSE(contains(interactions(wrong_way, p.ligand, p.x), InteractionKind::hydrogen_bond));
  add(proline, "PRO", 9, "N", 7, "N", oxygen + 2.8 * out);
  CHECK(interactions(proline, p.ligand, p.x).empty());
}

TEST_CASE("rings stack face to face or edge to face, and not when shifted") {
  const Probe p = flat_benzene();
  const auto face = interactions(phenylalanine({0.5, 0, 3.6}, {1, 0, 0}, {0, 1, 0}), p.ligand, p.x);
  CHECK(contains(face, InteractionKind::pi_stack_face));
  CHECK_FALSE(contains(face, InteractionKind::hydrophobic));  // the stacked atoms are told once
  const auto edge = interactions(phenylalanine({0, 0, 4.9}, {1, 0, 0}, {0, 0, 1}), p.ligand, p.x);
  CHECK(contains(edge, InteractionKind::pi_stack_edge));
  CHECK(text(edge.front()) == "Phe7 pi-stack-edge 4.9");
  const auto shifted = interactions(phenylalanine({3.5, 0, 3.6}, {1, 0, 0}, {0, 1, 0}), p.ligand, p.x);
  CHECK_FALSE(contains(shifted, InteractionKind::pi_stack_face));
  const double s = std::sqrt(0.5);  // 45 degrees is neither
  const auto tilted = interactions(phenylalanine({0, 0, 4.5}, {1, 0, 0}, {0, s, s}), p.ligand, p.x);
  CHECK_FALSE(contains(tilted, InteractionKind::pi_stack_face));
  CHECK_FALSE(contains(tilted, InteractionKind::pi_stack_edge));
}

TEST_CASE("a lysine above a ring is a pi-cation contact") {
  const Probe p = flat_benzene();
  Receptor r;
  add(r, "LYS", 33, "NZ", 7, "N", {0, 0.5, 3.8});
  CHECK(contains(interactions(r, p.ligand, p.x), InteractionKind::pi_cation));
  Receptor beside;
  add(beside, "LYS", 33, "NZ", 7, "N", {4.5, 0, 0});
  CHECK_FALSE(contains(interactions(beside, p.ligand, p.x), InteractionKind::pi_cation));
}

TEST_CASE("chlorine points its sigma hole at a carbonyl") {
  const Probe p("Clc1ccccc1");
  const Vector3 along = (1.0 / distance(p.x[0], p.x[1])) * (p.x[0] - p.x[1]);
  const Vector3 aside = cross(along, cross(p.x[2] - p.x[1], along));
  const Vector3 side = (1.0 / norm(aside)) * aside;
  Receptor r;
  const Vector3 oxygen = p.x[0] + 3.1 * along;
  add(r, "LEU", 83, "O", 8, "OA", oxygen);
  add(r, "LEU", 83, "C", 6, "C", oxygen + 1.23 * (0.5 * along + 0.866 * side));
  const auto all = interactions(r, p.ligand, p.x);
  REQUIRE(contains(all, InteractionKind::halogen_bond));
  CHECK(text(all.front()) == "Leu83 halogen-bond 3.1");
  const Probe fluorine("Fc1ccccc1");
  CHECK_FALSE(contains(interactions(r, fluorine.ligand, fluorine.x), InteractionKind::halogen_bond));
}

TEST_CASE("zinc binds, lists are sorted and insertion codes are shown") {
  const Probe p("CCCCC(=O)NO");
  Receptor r;
  add(r, "LEU", 198, "CD1", 6, "C", p.x[0] + Vector3{0, 0, 3.7});
  add(r, "LEU", 198, "CG", 6, "C", p.x[0] + Vector3{0, 0, 5.2});
  add(r, "ZN", 301, "ZN", 30, "Zn", p.x[7] + Vector3{0, 0, 2.1});
  r.atoms.back().residue.insertion_code = 'B';
  const auto all = interactions(r, p.ligand, p.x);
  REQUIRE(all.size() >= 2);
  CHECK(text(all.front()) == "Zn301B metal 2.1");
  CHECK(all.back().kind == InteractionKind::hydrophobic);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].kind <= all[i].kind);
}
