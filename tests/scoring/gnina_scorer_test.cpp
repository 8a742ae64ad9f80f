// Poses judged by gnina's networks: ensembles, coordinates that move with the pose, poses far from the
// receptor.
#include "scoring/gnina_scorer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/torsion_tree.hpp"
#include "random_gnina_network.hpp"
#include "scoring/gnina_atoms.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

std::shared_ptr<const GninaEnsemble> ensemble() {
  std::vector<GninaNetwork> networks;
  networks.emplace_back(random_gnina_weights(GninaArchitecture::default2018, 1));
  networks.emplace_back(random_gnina_weights(GninaArchitecture::dense, 2));
  return std::make_shared<GninaEnsemble>("two", std::move(networks));
}

chem::Receptor receptor() {
  chem::Receptor out;
  out.name = "shell";
  const std::vector<std::string> types{"C", "OA", "N", "HD", "A", "SA", "Zn"};
  for (int i = 0; i < 200; ++i) {
    const double angle = 2.4 * i, z = 1 - 2 * (i + 0.5) / 200, r = std::sqrt(1 - z * z);
    chem::ReceptorAtom atom;
    atom.autodock_type = types[static_cast<std::size_t>(i) % types.size()];
    atom.position = 7 * chem::Vector3{r * std::cos(angle), r * std::sin(angle), z};
    out.atoms.push_back(atom);
  }
  return out;
}

PreparedLigand prepared(const std::string& smiles) {
  PreparedLigand out;
  out.molecule = chem::embedded(chem::Molecule::from_smiles(smiles));
  out.flexible = chem::flexible_ligand(*out.molecule);
  return out;
}

Pose pose_of(const PreparedLigand& ligand, chem::Vector3 moved = {}) {
  Pose pose;
  for (const auto& atom : ligand.flexible.atoms) pose.coordinates.push_back(atom.position + moved);
  return pose;
}

}  // namespace

TEST_CASE("an ensemble gives means and the variance of a population") {
  const auto verdict = gnina_verdict({{0.2, 4}, {0.6, 7}, {0.7, 7}});
  CHECK(verdict.score == Approx(0.5));
  CHECK(verdict.affinity == Approx(6));
  CHECK(verdict.affinity_variance == Approx(2));
  CHECK(gnina_verdict({{0.25, 5}}).affinity_variance == 0);
  CHECK_THROWS_AS(gnina_verdict({}), UsageError);
  CHECK_THROWS_AS(GninaEnsemble("none", {}), ModelError);
}

TEST_CASE("names of ensembles are gnina's") {
  const std::vector<std::string> known{"dense", "dense_1_3", "dense_1_3_PT_KD_3", "dense_3",
                                       "redock_default2018_2"};
  CHECK(gnina_model_names("fast", known) == std::vector<std::string>{"all_default_to_default_1_3_1"});
  CHECK(gnina_model_names("default", known).size() == 3);
  CHECK(gnina_model_names("default1.0", known).size() == 5);
  CHECK(gnina_model_names("dense_1.3", known) == std::vector<std::string>{"dense_1_3"});
  CHECK(gnina_model_names("dense_1.3_ensemble", known) ==
        std::vector<std::string>{"dense_1_3", "dense_1_3_PT_KD_3"});
  CHECK(gnina_model_names("dense_ensemble", known).size() == 4);
  CHECK(gnina_model_names("other_ensemble", known).empty());
}

TEST_CASE("channels, radii and the centre are gnina's") {
  using chem::SminaType;
  const auto drawn = [](SminaType type, DensitySide side) { return density_atom({{}, "", type, 0}, side); };
  CHECK(drawn(SminaType::PolarHydrogen, DensitySide::ligand).channel == -1);
  CHECK(drawn(SminaType::Bromine, DensitySide::receptor).channel == 4);
  CHECK(drawn(SminaType::Bromine, DensitySide::ligand).channel == 18);
  CHECK(drawn(SminaType::Zinc, DensitySide::receptor).channel == 12);
  CHECK(drawn(SminaType::GenericMetal, DensitySide::ligand).channel == 27);
  CHECK(drawn(SminaType::Boron, DensitySide::ligand).radius == 1.92);
  // hydrogens count
  const auto centre = density_centre({{{0, 0, 0}, 1.9, 14}, {{3, 6, 9}, 0, -1}, {{0, 0, 0}, 1.9, 14}});
  CHECK(centre.y == Approx(2));
  CHECK_THROWS_AS(density_centre({}), UsageError);
}

TEST_CASE("each pose is judged where it lies, whatever stands beside it") {
  const auto ligand = prepared("CC(=O)Nc1ccc(O)cc1");
  const GninaScorer scorer(ensemble(), receptor());
  CHECK_THAT(scorer.name(), Catch::StartsWith("gnina networks: random_default2018 (") &&
                                Catch::Contains("), random_dense ("));
  CHECK(scorer.warnings().empty());
  const std::vector<Pose> poses{pose_of(ligand), pose_of(ligand, {1, 0.5, -0.7}),
                                pose_of(ligand, {0, 0, 90})};
  const auto together = scorer.judge(ligand, poses);
  REQUIRE(together.size() == 3);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto alone = scorer.judge(ligand, {poses[i]});
    CHECK(alone[0].probability == together[i].probability);
    CHECK(alone[0].affinity == together[i].affinity);
    CHECK(together[i].spread > 0);
    CHECK(together[i].reasons.empty());
  }
  CHECK(together[0].affinity != together[1].affinity);
  CHECK(std::isnan(together[2].probability));
  CHECK_THAT(together[2].reasons, Catch::Contains("outside the receptor"));
  CHECK(scorer.judge(ligand, {}).empty());

  // a rigid shift of everything changes nothing but rounding
  auto moved = receptor();
  for (auto& atom : moved.atoms) atom.position = atom.position + chem::Vector3{16, -8, 32};
  const auto shifted = GninaScorer(ensemble(), moved).judge(ligand, {pose_of(ligand, {16, -8, 32})});
  CHECK(shifted[0].affinity == Approx(together[0].affinity).epsilon(1e-4));
}

TEST_CASE("LibTorch judges poses like the program's own kernels") {
  const auto ligand = prepared("CCOc1ccncc1");
  const std::vector<Pose> poses{pose_of(ligand), pose_of(ligand, {0, 1, 0})};
  const auto expected = GninaScorer(ensemble(), receptor()).judge(ligand, poses);
  const auto found = GninaScorer(ensemble(), receptor(), gnina_libtorch_cpu).judge(ligand, poses);
  for (std::size_t i = 0; i < poses.size(); ++i) {
    CHECK(found[i].probability == Approx(expected[i].probability).epsilon(1e-3));
    CHECK(found[i].affinity == Approx(expected[i].affinity).epsilon(1e-4));
  }
  CHECK_THROWS_AS(GninaScorer(ensemble(), receptor(), "cuda:5"), DeviceError);
}

TEST_CASE("side chains that move are drawn where the pose has them") {
  const auto ligand = prepared("CCO");
  auto rigid = receptor();
  auto flexible = rigid;
  chem::FlexibleResidue residue;
  for (int i = 0; i < 2; ++i) {
    const auto& atom = rigid.atoms[static_cast<std::size_t>(198 + i)];
    residue.chain.atoms.push_back({atom.name, atom.autodock_type, atom.element, 0, atom.position, -1});
  }
  flexible.atoms.resize(198);
  flexible.flexible_residues.push_back(residue);
  auto pose = pose_of(ligand);
  const auto expected = GninaScorer(ensemble(), rigid).judge(ligand, {pose});
  pose.flexible_residues = {{rigid.atoms[198].position, rigid.atoms[199].position}};
  const GninaScorer scorer(ensemble(), flexible);
  CHECK(scorer.judge(ligand, {pose})[0].affinity == Approx(expected[0].affinity).epsilon(1e-5));
  pose.flexible_residues[0][0].x += 2;
  CHECK(scorer.judge(ligand, {pose})[0].affinity != Approx(expected[0].affinity).epsilon(1e-6));
}

TEST_CASE("a receptor without hydrogens is warned about") {
  auto bare = receptor();
  for (auto& atom : bare.atoms)
    if (atom.autodock_type == "HD") atom.autodock_type = "C";
  REQUIRE(GninaScorer(ensemble(), bare).warnings().size() == 1);
  CHECK_THAT(GninaScorer(ensemble(), bare).warnings()[0], Catch::Contains("no polar hydrogens"));
}
