#include "scoring/pose_reasons.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "chem/conformer.hpp"
#include "chem/torsion_tree.hpp"

using namespace theriac;
using namespace theriac::scoring;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using chem::Vector3;

namespace {

PoseScoreModel empty_model() {
  PoseScoreModel model;
  model.table.assign(static_cast<std::size_t>(contact_kind_count) * environment_size, 0);
  model.descriptors.assign(pose_descriptor_count, 0);
  return model;
}

double& weight(PoseScoreModel& model, PoseDescriptor d) {
  return model.descriptors[static_cast<std::size_t>(d)];
}

/// The same weight at every distance, or 1 at short ones.
void weigh_pair(PoseScoreModel& model, ContactKind ours, ContactKind theirs) {
  double* row = &model.table[static_cast<std::size_t>(ours) * environment_size +
                             static_cast<std::size_t>(theirs) * contact_shells];
  for (int k = 0; k < contact_shells; ++k) row[k] = contact_knots[static_cast<std::size_t>(k)] < 4.5 ? 1 : 0;
}

chem::ReceptorAtom atom(const std::string& name, const std::string& residue, chem::ResidueId id, int element,
                        const std::string& type, Vector3 position) {
  chem::ReceptorAtom a;
  a.name = name;
  a.residue_name = residue;
  a.residue = std::move(id);
  a.element = element;
  a.autodock_type = type;
  a.position = position;
  return a;
}

/// Methylammonium beside the aspartate of one chain, then moved to that of the other.
struct TwoAspartates {
  chem::Molecule molecule = chem::embedded(chem::Molecule::from_smiles("C[NH3+]"));
  chem::FlexibleLigand ligand = chem::flexible_ligand(molecule);
  chem::Receptor receptor;
  std::vector<Pose> poses;

  explicit TwoAspartates(const std::string& second_chain, int water = 0) {
    Pose pose;
    pose.coordinates = molecule.coordinates();
    Vector3 nitrogen;
    for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
      if (ligand.atoms[i].element == 7) nitrogen = pose.coordinates[i];
    const auto aspartate = [&](const std::string& chain, int number, Vector3 oxygen) {
      receptor.atoms.push_back(
          atom("CG", "ASP", {chain, number, ' '}, 6, "C", oxygen + Vector3{0.9, 0.9, 0}));
      receptor.atoms.push_back(atom("OD1", "ASP", {chain, number, ' '}, 8, "OA", oxygen));
      receptor.atoms.push_back(
          atom("OD2", "ASP", {chain, number, ' '}, 8, "OA", oxygen + Vector3{0.9, 2.1, 0}));
    };
    aspartate("A", 189, nitrogen + Vector3{2.8, 0, 0});
    aspartate(second_chain, 40, nitrogen + Vector3{22.8, 0, 0});
    if (water > 0)
      receptor.atoms.push_back(atom("O", "HOH", {"A", water, 'B'}, 8, "OA", nitrogen + Vector3{0, 2.9, 0}));
    poses = {pose, pose, pose};
    for (auto& p : poses[1].coordinates) p = p + Vector3{20, 0, 0};
    for (auto& p : poses[2].coordinates) p = p + Vector3{0, 0, 60};
  }
};

}  // namespace

TEST_CASE("a reason names the residue that makes it") {
  const TwoAspartates two("A");
  const PoseFeaturizer featurizer(two.receptor);
  const auto features = featurizer.features_with_shares(two.ligand, two.poses);
  PoseScoreModel model = empty_model();
  weigh_pair(model, ContactKind::cation, ContactKind::anion);
  const auto reasons = pose_reasons(model, features, featurizer.partners());
  REQUIRE(reasons.size() == 3);
  CHECK_THAT(reasons[0], StartsWith("cation near anion of Asp189 +"));
  CHECK_THAT(reasons[1], StartsWith("cation near anion of Asp40 +"));
  // a pose without contacts: what the others have
  CHECK_THAT(reasons[2], StartsWith("cation away from anion of Asp189 and Asp40 -") ||
                             StartsWith("cation away from anion of Asp40 and Asp189 -"));
}

TEST_CASE("chains are named where there are several") {
  const TwoAspartates two("B", 301);
  const PoseFeaturizer featurizer(two.receptor);
  CHECK(featurizer.partners().front() == "A:Asp189");
  CHECK(featurizer.partners()[1] == "B:Asp40");
  CHECK(featurizer.partners()[2] == "A:Hoh301B");
  const auto features = featurizer.features_with_shares(two.ligand, two.poses);
  PoseScoreModel model = empty_model();
  weight(model, PoseDescriptor::salt_bridges) = 2;
  weight(model, PoseDescriptor::lonely_polar) = -3;
  const auto reasons = pose_reasons(model, features, featurizer.partners());
  CHECK_THAT(reasons[1], StartsWith("more salt bridges with B:Asp40 +"));
  CHECK_THAT(reasons[2], StartsWith("fewer salt bridges with"));
}

TEST_CASE("a group that is buried without partner is named") {
  TwoAspartates two("A");
  for (int x = -1; x <= 1; ++x)  // carbons all round the second place
    for (int y = -1; y <= 1; ++y)
      for (int z = -1; z <= 1; ++z)
        if (x != 0 || y != 0 || z != 0)
          two.receptor.atoms.push_back(
              atom("C", "LEU", {"A", 60, ' '}, 6, "C", Vector3{0.0 + 4 * x, 4.0 * y, 60 + 4.0 * z}));
  const PoseFeaturizer featurizer(two.receptor);
  const auto features = featurizer.features_with_shares(two.ligand, two.poses);
  PoseScoreModel model = empty_model();
  weight(model, PoseDescriptor::lonely_polar) = -3;
  weight(model, PoseDescriptor::scaled_gap) = -1;
  const auto reasons = pose_reasons(model, features, featurizer.partners());
  CHECK_THAT(reasons[2], StartsWith("more buried atoms without partner: charged N -"));
  CHECK_THAT(reasons[0], StartsWith("fewer buried atoms without partner: charged N +"));
}

TEST_CASE("shares of the partners add up to the features") {
  const TwoAspartates two("B", 301);
  const PoseFeaturizer featurizer(two.receptor);
  const auto plain = featurizer.features(two.ligand, two.poses);
  const auto shared = featurizer.features_with_shares(two.ligand, two.poses);
  for (std::size_t p = 0; p < plain.size(); ++p) {
    CHECK(plain[p].descriptors == shared[p].descriptors);
    CHECK(plain[p].shares.empty());
    std::map<int, double> sums, table;
    for (const auto& share : shared[p].shares) {
      sums[share.column] += share.amount;
      REQUIRE(share.partner >= 0);
      REQUIRE(static_cast<std::size_t>(share.partner) < featurizer.partners().size());
    }
    for (const auto& a : shared[p].atoms)
      for (int i = 0; i < contact_kind_count * contact_shells; ++i)
        table[static_cast<int>(pose_descriptor_count) + static_cast<int>(a.kind) * environment_size + i] +=
            a.counts[static_cast<std::size_t>(i)];
    for (const auto& [column, value] : table) CHECK(sums[column] == Approx(value).margin(1e-5));
    for (const auto d : {PoseDescriptor::hydrogen_bonds, PoseDescriptor::salt_bridges,
                         PoseDescriptor::lonely_polar, PoseDescriptor::lonely_receptor})
      CHECK(sums[static_cast<int>(d)] == Approx(shared[p][d]).margin(1e-5));
  }
}

TEST_CASE("parts that measure one thing are one reason and their direction is said") {
  std::vector<PoseFeatures> poses(2);
  for (auto& pose : poses) pose.descriptors.assign(pose_descriptor_count, 0);
  poses[1][PoseDescriptor::energy_gap] = 2;
  poses[1][PoseDescriptor::scaled_gap] = 1;
  poses[1][PoseDescriptor::gauss1] = -2;
  PoseScoreModel model = empty_model();
  weight(model, PoseDescriptor::energy_gap) = -0.5;
  weight(model, PoseDescriptor::scaled_gap) = -1;
  weight(model, PoseDescriptor::gauss1) = -0.3;
  const auto reasons = pose_reasons(model, poses, {});
  CHECK(reasons[0] == "lower docking energy +1.0; less attraction -0.3");
  CHECK(reasons[1] == "higher docking energy -1.0; more attraction +0.3");
  CHECK(pose_reasons(model, poses, {}, 1)[1] == "higher docking energy -1.0");
  poses.resize(1);
  CHECK(pose_reasons(model, poses, {}).front().empty());
}

TEST_CASE("every descriptor has a name among the reasons") {
  for (std::size_t d = 0; d < pose_descriptor_count; ++d) {
    std::vector<PoseFeatures> poses(2);
    for (auto& pose : poses) pose.descriptors.assign(pose_descriptor_count, 0);
    poses[1].descriptors[d] = 4;
    PoseScoreModel model = empty_model();
    model.descriptors[d] = 1;
    INFO(pose_descriptor_names()[d]);
    const auto reasons = pose_reasons(model, poses, {});
    CHECK_THAT(reasons[1], Contains(" +2.0"));
    CHECK(reasons[0].substr(0, 5) != reasons[1].substr(0, 5));  // more and less of it
  }
}
