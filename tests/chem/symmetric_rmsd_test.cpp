#include "chem/symmetric_rmsd.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/torsion_tree.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::chem;

namespace {

struct Docked {
  Molecule molecule;
  FlexibleLigand ligand;
  std::vector<Vector3> x;
  explicit Docked(const std::string& smiles)
      : molecule(embedded(Molecule::from_smiles(smiles))),
        ligand(flexible_ligand(molecule)),
        x(molecule.coordinates()) {}
};

/// Of heavy atoms; `a` and `b` have all atoms.
double symmetric_rmsd(const Docked& d, const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  const auto heavy = [&](const std::vector<Vector3>& x) {
    std::vector<Vector3> out;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (d.ligand.atoms[i].element > 1) out.push_back(x[i]);
    return out;
  };
  return SymmetricDistance(d.ligand).rmsd(heavy(a), heavy(b));
}

double plain_rmsd(const FlexibleLigand& l, const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  return vina_rmsd(l, a, b).upper;
}

}  // namespace

TEST_CASE("a shift by one angstrom is an RMSD of one angstrom") {
  const Docked d("CCO");
  auto moved = d.x;
  for (auto& p : moved) p = p + Vector3{0, 0, 1};
  CHECK(symmetric_rmsd(d, d.x, moved) == Approx(1));
  CHECK(symmetric_rmsd(d, d.x, d.x) == 0);
  CHECK_THROWS_WITH(SymmetricDistance(d.ligand).rmsd(d.x, {{0, 0, 0}}),
                    Contains("1 positions for a ligand of 3 atoms"));
}

TEST_CASE("a flipped phenyl ring and exchanged carboxylate oxygens are the same pose") {
  const Docked d("Cc1ccccc1");
  auto flipped = d.x;  // ortho and meta carbons exchanged
  std::swap(flipped[2], flipped[6]);
  std::swap(flipped[3], flipped[5]);
  CHECK(plain_rmsd(d.ligand, d.x, flipped) > 1);
  CHECK(symmetric_rmsd(d, d.x, flipped) == Approx(0).margin(1e-12));
  const Docked acid("CCC(=O)O");
  auto exchanged = acid.x;
  std::swap(exchanged[3], exchanged[4]);
  CHECK(symmetric_rmsd(acid, acid.x, exchanged) == Approx(0).margin(1e-12));
  CHECK(vina_rmsd(acid.ligand, acid.x, exchanged).lower == Approx(0).margin(1e-12));
}

TEST_CASE("a reference pose with another atom order, without hydrogens and as an ion is recognised") {
  const Docked d("CC(=O)Oc1ccccc1C(=O)O");
  // the same molecule written from the other end, as the anion, placed on the docked coordinates
  const Molecule other = embedded(Molecule::from_smiles("[O-]C(=O)c1ccccc1OC(C)=O", "aspirin"));
  const FlexibleLigand other_ligand = flexible_ligand(other);
  const ReferencePose reference(other, d.molecule, d.ligand);
  CHECK(reference.mappings() == 2);
  const double rmsd = reference.rmsd(d.x);
  const ReferencePose back(d.molecule, other, other_ligand);
  CHECK(back.rmsd(other.coordinates()) == Approx(rmsd));
  const ReferencePose self(d.molecule, d.molecule, d.ligand);
  CHECK(self.rmsd(d.x) == 0);
  auto shifted = d.x;
  for (auto& p : shifted) p = p + Vector3{3, 0, 4};
  CHECK(self.rmsd(shifted) == Approx(5).margin(1e-9));
}

TEST_CASE("a ligand from PDBQT is measured by elements and connections") {
  const Docked d("CC(=O)Oc1ccccc1C(=O)O");
  const FlexibleLigand from_file = read_pdbqt_ligand(write_pdbqt_ligand(d.ligand), "aspirin.pdbqt");
  const ReferencePose reference(d.molecule, from_file);
  std::vector<Vector3> x;
  for (const auto& a : from_file.atoms) x.push_back(a.position);
  CHECK(reference.rmsd(x) < 0.001);
}

TEST_CASE("another molecule is refused by name") {
  const Docked d("CCO");
  const Molecule other = embedded(Molecule::from_smiles("CCN", "ethylamine"));
  CHECK_THROWS_WITH(ReferencePose(other, d.molecule, d.ligand),
                    "the reference 'ethylamine CCN' is not the docked molecule 'CCO'");
  CHECK_THROWS_WITH(ReferencePose(Molecule::from_smiles("CCO"), d.molecule, d.ligand),
                    Contains("has no coordinates"));
}
