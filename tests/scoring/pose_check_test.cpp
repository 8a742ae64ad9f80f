#include "scoring/pose_check.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/torsion_tree.hpp"
#include "chem/units.hpp"

using namespace theriac;
using namespace theriac::chem;
using scoring::check_pose;

namespace {

using Failed = std::vector<std::string>;

struct Probe {
  Molecule molecule;
  FlexibleLigand ligand;
  std::vector<Vector3> x;
  explicit Probe(const std::string& smiles)
      : molecule(embedded(Molecule::from_smiles(smiles))),
        ligand(flexible_ligand(molecule)),
        x(molecule.coordinates()) {}
};

Receptor atom_at(Vector3 p, int element, const std::string& type) {
  Receptor r;
  ReceptorAtom a;
  a.element = element;
  a.autodock_type = type;
  a.position = p;
  r.atoms.push_back(a);
  return r;
}

const Receptor far_away = atom_at({500, 0, 0}, 6, "C");

/// Turns fragment `f` and what hangs on it by `degrees` about its axis.
void turn(const FlexibleLigand& l, std::vector<Vector3>& x, std::size_t f, double degrees) {
  std::vector<char> moves(l.fragments.size(), 0);
  moves.at(f) = 1;
  for (std::size_t g = f + 1; g < moves.size(); ++g)
    moves[g] = l.fragments[g].parent >= 0 && moves[l.fragments[g].parent];
  const Vector3 o = x[l.fragments[f].axis_begin], d = x[l.fragments[f].axis_end] - o;
  const Vector3 k = (1.0 / norm(d)) * d;
  const double c = std::cos(degrees * units::radians_per_degree),
               s = std::sin(degrees * units::radians_per_degree);
  for (std::size_t g = 0; g < moves.size(); ++g)
    for (const int i : l.fragments[g].atoms)
      if (moves[g]) {
        const Vector3 r = x[i] - o;
        x[i] = o + c * r + s * cross(k, r) + (1 - c) * dot(k, r) * k;
      }
}

}  // namespace

TEST_CASE("turning every rotor leaves a pose valid") {
  const Probe p("C[C@H](N)C(=O)OCc1ccc(/C=C/C(=O)NC)cc1");
  auto x = p.x;
  for (std::size_t f = 1; f < p.ligand.fragments.size(); ++f) turn(p.ligand, x, f, 25);
  const auto report = check_pose(far_away, p.ligand, x);
  CHECK(report.failed == Failed{});
  CHECK(report.bond_length_deviation < 1e-9);
  CHECK(report.bond_angle_deviation < 1e-5);
}

TEST_CASE("a pose may have the geometry of any ring conformer") {
  const Probe p("CC1CCCCC1");
  REQUIRE(p.ligand.ring_conformers.size() == 1);
  const auto report = check_pose(far_away, p.ligand, p.ligand.ring_conformers[0]);
  CHECK(report.passed());
  CHECK(report.conformer == 1);
}

TEST_CASE("each kind of damage fails its own check") {
  const Probe alanine("C[C@H](N)C(=O)O");
  auto stretched = alanine.x;
  stretched[0] = stretched[1] + 1.1 * (stretched[0] - stretched[1]);
  CHECK(check_pose(far_away, alanine.ligand, stretched).failed.front() == "bond_lengths");

  auto mirrored = alanine.x;  // lengths and angles survive, handedness does not
  for (auto& p : mirrored) p.z = -p.z;
  CHECK(check_pose(far_away, alanine.ligand, mirrored).failed == Failed{"tetrahedral_chirality"});

  const Probe amide("CC(=O)NC");  // trans to cis about a bond that does not turn
  auto cis = amide.x;
  const Vector3 c = cis[1], axis = (1.0 / distance(cis[3], c)) * (cis[3] - c);
  for (std::size_t i = 0; i < cis.size(); ++i) {
    const bool far_side =
        i == 3 || i == 4 || distance(amide.x[i], amide.x[3]) < 1.1 || distance(amide.x[i], amide.x[4]) < 1.2;
    if (far_side) cis[i] = c + 2 * dot(cis[i] - c, axis) * axis - (cis[i] - c);
  }
  const auto report = check_pose(far_away, amide.ligand, cis);
  CHECK(report.failed == Failed{"double_bond_stereo"});

  const Probe benzene("Cc1ccccc1");
  auto bent = benzene.x;
  const Vector3 n = cross(bent[1] - bent[2], bent[3] - bent[2]);
  bent[4] = bent[4] + (0.6 / norm(n)) * n;
  const auto failed = check_pose(far_away, benzene.ligand, bent).failed;
  CHECK(std::find(failed.begin(), failed.end(), "planar_rings") != failed.end());

  auto lost = benzene.x;
  lost[0].x = std::numeric_limits<double>::quiet_NaN();
  CHECK(check_pose(far_away, benzene.ligand, lost).failed == Failed{"coordinates"});
}

TEST_CASE("two iodines in the way of each other clash, on the other side they do not") {
  const Probe p("Ic1ccccc1-c1ccccc1I");
  REQUIRE(p.ligand.fragments.size() == 2);
  int clashes = 0;
  for (int degrees = 0; degrees < 360; degrees += 5) {
    auto x = p.x;
    turn(p.ligand, x, 1, degrees);
    const auto failed = check_pose(far_away, p.ligand, x).failed;
    if (failed.empty()) continue;
    CHECK(failed == Failed{"internal_clash"});
    ++clashes;
  }
  CHECK(clashes > 2);
  CHECK(clashes < 36);
}

TEST_CASE("distances to the protein follow van der Waals radii, to metals covalent radii") {
  const Probe p("Cc1ccccc1");
  const Vector3 methyl = p.x[0], away = (1.0 / distance(p.x[0], p.x[1])) * (p.x[0] - p.x[1]);
  const auto report = [&](double r, int element, const char* type) {
    return check_pose(atom_at(methyl + r * away, element, type), p.ligand, p.x);
  };
  CHECK(report(3.0, 6, "C").passed());
  CHECK(report(3.0, 6, "C").protein_distance == Approx(3.0 / 3.4));
  CHECK(report(2.5, 6, "C").failed.front() == "protein_clash");
  CHECK(report(2.0, 30, "Zn").passed());
  CHECK(report(1.2, 30, "Zn").failed.front() == "protein_clash");
  CHECK(report(1.2, 1, "HD").passed());  // hydrogens are not looked at
  const auto inside = report(0.3, 6, "C");
  CHECK(inside.volume_overlap > 0.1);
  CHECK(inside.failed == Failed{"protein_clash", "volume_overlap"});
}

TEST_CASE("a flexible side chain is looked at where the pose puts it") {
  const Probe p("Cc1ccccc1");
  Receptor r = far_away;
  r.flexible_residues.emplace_back();
  LigandAtom a;
  a.element = 6;
  a.position = p.x[0];
  r.flexible_residues[0].chain.atoms.push_back(a);
  CHECK_FALSE(check_pose(r, p.ligand, p.x).passed());
  CHECK(check_pose(r, p.ligand, p.x, {{{100, 0, 0}}}).passed());
  CHECK_THROWS_AS(check_pose(r, p.ligand, p.x, {{}}), MoleculeError);
  CHECK_THROWS_AS(check_pose(r, p.ligand, {}), MoleculeError);
}
