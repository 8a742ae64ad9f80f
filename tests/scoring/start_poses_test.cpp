// Start poses: freed of clashes, ranked with what the search finds, and never more than that.
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "docking_example.hpp"
#include "scoring/docking.hpp"
#include "scoring/start_refinement.hpp"

using namespace theriac::scoring;
using theriac::chem::FlexibleLigand;
using theriac::chem::Vector3;

namespace {

DockingOptions options(double exhaustiveness = 1) {
  DockingOptions o;
  o.exhaustiveness = exhaustiveness;
  return o;
}

std::vector<Vector3> shifted(std::vector<Vector3> x, Vector3 by) {
  for (auto& p : x) p = p + by;
  return x;
}

std::vector<Vector3> input_of(const FlexibleLigand& ligand) {
  std::vector<Vector3> x;
  for (const auto& atom : ligand.atoms) x.push_back(atom.position);
  return x;
}

double total(const Pose& pose) {
  return pose.terms.inter + pose.terms.intra;
}

bool equal(const DockedLigand& a, const DockedLigand& b) {
  if (a.poses.size() != b.poses.size()) return false;
  for (std::size_t i = 0; i < a.poses.size(); ++i)
    for (std::size_t k = 0; k < a.poses[i].coordinates.size(); ++k)
      if (squared_distance(a.poses[i].coordinates[k], b.poses[i].coordinates[k]) != 0) return false;
  return true;
}

}  // namespace

TEST_CASE("a pose that clashes is freed and the refinement never raises its energy") {
  const auto receptor = docking_example::bowl();
  const auto box = docking_example::box();
  const ReceptorField field(receptor, box, ScoringFunction::vina);
  auto ligand = docking_example::chain();
  for (auto& atom : ligand.atoms) atom.position = atom.position + Vector3{0, 0, -5};  // into the wall
  const PoseModel model(ligand, receptor);
  const auto energy = [&](const Conformation& c) {
    return pose_energy(model, field, box, 100, final_cap, model.heavy_coordinates(c), nullptr);
  };
  const double before = energy(model.input_pose());
  REQUIRE(before > 10);
  const double straight = minimised(model, field, box, model.input_pose(), 30).energy;
  const double freed = energy(refined_start(model, field, box, {}, 1, "chain", 0));
  CHECK(freed < 0);
  CHECK(freed <= straight);
  CHECK(energy(refined_start(model, field, box, {}, 1, "chain", 0)) == freed);
}

TEST_CASE("start poses are ranked with the poses found and do not change the search") {
  const auto ligand = docking_example::chain();
  const DockingEngine engine(docking_example::bowl(), docking_example::box(), options());
  const auto alone = engine.dock(ligand);
  REQUIRE(alone.poses.size() > 2);

  SECTION("a pose that was found merges") {
    const auto both = engine.dock(ligand, {alone.poses[0].coordinates});
    REQUIRE(both.starts.size() == 1);
    CHECK(both.starts[0].message.empty());
    CHECK(both.poses[0].starts == std::vector<int>{0});
    CHECK(both.poses[0].searched);
    CHECK(total(both.poses[0]) <= total(alone.poses[0]) + 1e-6);
    CHECK(both.evaluations == alone.evaluations);
  }
  SECTION("a wrong one loses and leaves the answer as it was") {
    const auto both = engine.dock(ligand, {shifted(input_of(ligand), {0, 0, 4.5})});
    CHECK(both.starts[0].message.empty());
    CHECK(both.starts[0].affinity > alone.poses[0].affinity);
    CHECK(both.poses[0].starts.empty());
    CHECK(both.poses[0].affinity == alone.poses[0].affinity);
  }
  SECTION("one outside the box is not used") {
    const auto both = engine.dock(ligand, {shifted(input_of(ligand), {50, 0, 0})});
    CHECK(both.starts[0].message == "outside the box");
    CHECK(std::isnan(both.starts[0].affinity));
    CHECK(equal(both, alone));
  }
  SECTION("a good one wins where the search was too short") {
    const DockingEngine thorough(docking_example::bowl(), docking_example::box(), options(16));
    const auto best = thorough.dock(ligand).poses.front();
    DockingOptions hasty = options(0.1);
    hasty.seed = 5;
    const DockingEngine quick(docking_example::bowl(), docking_example::box(), hasty);
    const auto helped = quick.dock(ligand, {best.coordinates});
    CHECK(total(helped.poses[0]) <= total(best) + 0.05);
    CHECK(total(helped.poses[0]) <= total(quick.dock(ligand).poses[0]) + 1e-9);
  }
  SECTION("many ligands in one call are those of one by one") {
    const StartPoses starts{alone.poses[1].coordinates, shifted(input_of(ligand), {0, 0, 4})};
    const auto many = engine.dock({ligand, ligand}, {starts, {}});
    CHECK(equal(many[0], engine.dock(ligand, starts)));
    CHECK(equal(many[1], alone));
    CHECK(many[0].starts.size() == 2);
    CHECK(many[1].starts.empty());
  }
}
