// Poses of other programs on our ligands: who belongs to whom, symmetry, stereochemistry, lost bond orders.
#include "chem/seed_pose.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "chem/conformer.hpp"
#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/pose_file.hpp"
#include "chem/seed_fit.hpp"
#include "chem/superposition.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"
#include "tests/chem/input_folder.hpp"

using Catch::Matchers::Contains;
using namespace theriac::chem;

namespace {

struct Ligand {
  Molecule molecule;
  FlexibleLigand flexible;

  explicit Ligand(const std::string& smiles, std::uint64_t seed = 1)
      : molecule(embedded(Molecule::from_smiles(smiles, "lig"),
                          [&] {
                            EmbedOptions options;
                            options.seed = seed;
                            return options;
                          }())),
        flexible(flexible_ligand(molecule)) {}
};

/// Turned and shifted, so that nothing agrees by being where it was.
std::vector<Vector3> elsewhere(std::vector<Vector3> x) {
  for (auto& p : x) p = Vector3{-p.y + 4, p.x - 7, p.z + 11};
  return x;
}

/// Another conformer of the same drawing, elsewhere, as a mol block in a file.
SeedPose seed_of(const Molecule& with_h, const std::vector<Vector3>& x, const std::string& name = "m") {
  InputFolder folder;
  Molecule molecule = with_h;
  molecule.set_name(name);
  const std::string path = folder.write("seed.sdf", sdf_record(molecule, flexible_ligand(molecule), x));
  return SeedFile(path).poses().at(0);
}

double distance_from_seed(const SeedPose& seed, const Ligand& ligand, const PlacedSeed& placed) {
  return ReferencePose(seed.molecule, ligand.molecule, ligand.flexible).rmsd(placed.coordinates);
}

/// Bare atoms joined by single bonds, as a program writes that knows coordinates only.
std::string without_bond_orders(const Molecule& molecule, const FlexibleLigand& ligand) {
  std::string atoms, bonds;
  std::vector<int> number(ligand.atoms.size(), 0);
  int count = 0, bond_count = 0;
  char line[100];
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i) {
    const auto& atom = ligand.atoms[i];
    if (atom.element == 1) continue;
    number[i] = ++count;
    const char* symbol = atom.element == 6 ? "C" : atom.element == 7 ? "N" : "O";
    std::snprintf(line, sizeof line, "%10.4f%10.4f%10.4f %-3s 0  0  0  0  0  0  0  0  0  0  0  0\n",
                  atom.position.x, atom.position.y, atom.position.z, symbol);
    atoms += line;
  }
  for (const auto& [a, b] : ligand.bonds) {
    if (!number[a] || !number[b]) continue;
    ++bond_count;
    std::snprintf(line, sizeof line, "%3d%3d  1  0\n", number[a], number[b]);
    bonds += line;
  }
  std::snprintf(line, sizeof line, "%3d%3d  0  0  0  0  0  0  0  0999 V2000\n", count, bond_count);
  return molecule.name() + "\n\n\n" + line + atoms + bonds + "M  END\n$$$$\n";
}

}  // namespace

TEST_CASE("a superposition undoes a rigid motion and leaves the least distance") {
  CounterRandom random(5, "points", "test");
  std::vector<Vector3> a;
  for (int i = 0; i < 12; ++i)
    a.push_back({random.uniform(-4, 4), random.uniform(-4, 4), random.uniform(-4, 4)});
  const auto b = elsewhere(a);
  const RigidMotion motion = superposition(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(distance(motion.moved(a[i]), b[i]) < 1e-9);
  REQUIRE_THROWS_AS(superposition(a, {}), theriac::MoleculeError);
}

TEST_CASE("a conformer is turned onto another one torsion by torsion") {
  const Ligand ligand("CC(C)Cc1ccc(cc1)C(C)C(=O)NCCc1ccncc1");
  // all torsions elsewhere: what the fit has to find
  const Ligand other("CC(C)Cc1ccc(cc1)C(C)C(=O)NCCc1ccncc1", 9);
  std::vector<Vector3> start, target;
  for (const auto& atom : ligand.flexible.atoms) start.push_back(atom.position);
  for (const auto& atom : other.flexible.atoms) target.push_back(atom.position);
  const FittedPose fit = fitted_pose(ligand.flexible, start, elsewhere(target));
  REQUIRE(fit.rmsd < 0.5);  // bond angles of the two conformers differ a little
  for (const auto& [a, b] : ligand.flexible.bonds)
    REQUIRE(distance(fit.coordinates[a], fit.coordinates[b]) ==
            Approx(distance(start[a], start[b])).margin(1e-9));
}

TEST_CASE("a pose in another atom order without hydrogens is taken over within 0.3 angstrom") {
  const Ligand ligand("CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)NCCc1ccncc1");
  const Ligand drawn("n1ccc(CCNC(=O)[C@H](C)c2ccc(CC(C)C)cc2)cc1", 4);
  const SeedPose seed = seed_of(drawn.molecule, elsewhere(drawn.molecule.coordinates()), "pose_1");
  REQUIRE(seed.label() == "seed 1 (pose_1)");
  const auto placed = placed_seed(seed, ligand.molecule, ligand.flexible);
  REQUIRE(placed);
  REQUIRE(placed->message.empty());
  REQUIRE_FALSE(placed->fitted);
  REQUIRE(distance_from_seed(seed, ligand, *placed) < 0.3);
  // hydrogens went along
  for (const auto& [a, b] : ligand.flexible.bonds)
    REQUIRE(distance(placed->coordinates[a], placed->coordinates[b]) < 1.7);
  REQUIRE(placed_seed(seed, ligand.molecule, ligand.flexible)->coordinates[0].x == placed->coordinates[0].x);
}

TEST_CASE("protonation and tautomer and lost bond orders do not hide a ligand") {
  const Ligand acid("[O-]C(=O)c1ccc(cc1)C[NH3+]");
  const Ligand neutral("OC(=O)c1ccc(cc1)CN", 3);
  REQUIRE(placed_seed(seed_of(neutral.molecule, neutral.molecule.coordinates()), acid.molecule, acid.flexible)
              ->message.empty());
  const Ligand lactam("O=c1cccc[nH]1"), lactim("Oc1ccccn1", 2);
  const auto shifted =
      placed_seed(seed_of(lactim.molecule, lactim.molecule.coordinates()), lactam.molecule, lactam.flexible);
  REQUIRE(shifted);
  REQUIRE(shifted->message.empty());

  InputFolder folder;
  const std::string path = folder.write("bare.sdf", without_bond_orders(neutral.molecule, neutral.flexible));
  const SeedFile bare(path);
  const auto found = placed_seed(bare.poses().at(0), acid.molecule, acid.flexible);
  REQUIRE(found);
  REQUIRE(found->message.empty());
  REQUIRE(ReferencePose(neutral.molecule, acid.molecule, acid.flexible).rmsd(found->coordinates) < 0.3);

  const Ligand benzene("Cc1ccccc1"), cyclohexane("CC1CCCCC1");
  const auto refused = placed_seed(seed_of(cyclohexane.molecule, cyclohexane.molecule.coordinates()),
                                   benzene.molecule, benzene.flexible);
  REQUIRE(refused);
  REQUIRE_THAT(refused->message, Contains("another molecule"));
  REQUIRE_FALSE(placed_seed(seed_of(lactim.molecule, lactim.molecule.coordinates()), benzene.molecule,
                            benzene.flexible));
}

TEST_CASE("the wrong stereoisomer is refused and an open centre takes the pose's") {
  const Ligand r("C[C@H](F)c1ccccc1"), s("C[C@@H](F)c1ccccc1"), open("CC(F)c1ccccc1");
  const SeedPose seed = seed_of(s.molecule, s.molecule.coordinates());
  REQUIRE(placed_seed(seed, s.molecule, s.flexible)->message.empty());
  REQUIRE(placed_seed(seed, r.molecule, r.flexible)->message == "another stereoisomer");
  REQUIRE(placed_seed(seed, open.molecule, open.flexible)->message.empty());
  const Ligand z("F/C=C\\c1ccccc1"), e("F/C=C/c1ccccc1");
  REQUIRE(placed_seed(seed_of(z.molecule, z.molecule.coordinates()), e.molecule, e.flexible)->message ==
          "another stereoisomer");
  // both ends of a symmetric molecule: the mapping that keeps the centres is found
  const Ligand meso("C[C@H](O)CC[C@@H](C)O");
  REQUIRE(placed_seed(seed_of(meso.molecule, elsewhere(meso.molecule.coordinates())), meso.molecule,
                      meso.flexible)
              ->message.empty());
}

TEST_CASE("a wrecked pose is replaced by the ligand's own shape turned onto it") {
  const Ligand ligand("CC(=O)Oc1ccccc1C(=O)O");
  auto x = ligand.molecule.coordinates();
  for (auto& p : x) p = 0.5 * p;  // every bond half as long
  const SeedPose seed = seed_of(ligand.molecule, x);
  const auto placed = placed_seed(seed, ligand.molecule, ligand.flexible);
  REQUIRE(placed);
  REQUIRE(placed->message.empty());
  REQUIRE(placed->fitted);
  REQUIRE(placed->rmsd < 2);
  for (const auto& [a, b] : ligand.flexible.bonds)
    REQUIRE(
        distance(placed->coordinates[a], placed->coordinates[b]) ==
        Approx(distance(ligand.flexible.atoms[a].position, ligand.flexible.atoms[b].position)).margin(1e-6));
}

TEST_CASE("a ligand without bond orders is matched by elements and connections") {
  const Ligand drawn("CCOCCNCCC", 6);
  const SeedPose seed = seed_of(drawn.molecule, elsewhere(drawn.molecule.coordinates()));
  const Ligand same("CCCNCCOCC");
  const auto placed = placed_seed(seed, {}, same.flexible);
  REQUIRE(placed);
  REQUIRE(placed->fitted);
  REQUIRE(placed->rmsd < 0.5);
  REQUIRE_FALSE(placed_seed(seed, {}, Ligand("CCCNCCCOC").flexible));
}

TEST_CASE("seed files: every record is a pose or has a reason") {
  InputFolder folder;
  const Ligand ligand("CC(=O)Oc1ccccc1C(=O)O");
  const std::string good = sdf_record(ligand.molecule, ligand.flexible, ligand.molecule.coordinates());
  const std::string flat =
      "flat\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 C   0  0\n    "
      "1.5000    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  END\n$$$$\n";
  const std::string path = folder.write("seeds.sdf", good + flat + "broken\n\n\n  x\nM  END\n$$$$\n" + good);
  const SeedFile file(path);
  REQUIRE(file.poses().size() == 2);
  REQUIRE(file.poses()[1].number == 4);
  REQUIRE(file.unread().size() == 2);
  REQUIRE(file.unread()[0].number == 2);
  REQUIRE_THAT(file.unread()[0].message, Contains("no 3D coordinates"));
  REQUIRE(file.alike(ligand.flexible).size() == 2);
  REQUIRE(file.alike(Ligand("CCO").flexible).empty());
  REQUIRE_THROWS_WITH(SeedFile(folder.write("none.sdf", flat)), Contains("no pose in"));
  REQUIRE_THROWS_AS(SeedFile(folder.path("absent.sdf")), theriac::InputError);
}
