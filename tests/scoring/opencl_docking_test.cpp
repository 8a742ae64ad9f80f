#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "chem/error.hpp"
#include "docking_example.hpp"
#include "scoring/chain_group.hpp"
#include "scoring/docking.hpp"
#include "scoring/energy_agreement.hpp"
#include "scoring/opencl_search.hpp"

using namespace theriac::scoring;
using Catch::Matchers::Contains;
using theriac::chem::CounterRandom;

namespace {

/// PoCL runs OpenCL on the processor: the device of these tests.
std::string pocl() {
  for (const auto& device : opencl_devices())
    if (device.platform.find("Portable Computing Language") != std::string::npos && device.doubles)
      return "opencl:" + std::to_string(device.number);
  WARN((opencl_built() ? "skipped: needs PoCL, apt install pocl-opencl-icd"
                       : "skipped: this build has no OpenCL"));
  return {};
}

struct Site {
  theriac::chem::Receptor receptor = docking_example::bowl();
  theriac::chem::FlexibleLigand ligand = docking_example::chain();
  theriac::chem::Box box = docking_example::box();
  ReceptorField field{receptor, box, ScoringFunction::vina};
  AffinityGrids grids{field, box, 0.375, docking_kernel("scalar")};
  PoseModel model{ligand, receptor};
};

/// A search that goes all its rounds, so that chains take over the poses of others.
SearchTask task_of(const PoseModel& model, const std::string& key) {
  SearchTask task = {&model, search_effort(1, model, 9), 5, key};
  task.effort.agreeing_share = 2;
  return task;
}

void check_same(const SearchResult& found, const SearchResult& expected) {
  CHECK(found.evaluations == expected.evaluations);
  CHECK(found.agreeing_chains == expected.agreeing_chains);
  REQUIRE(found.poses.size() == expected.poses.size());
  REQUIRE(!expected.poses.empty());
  bool same = true;
  for (std::size_t p = 0; p < expected.poses.size(); ++p) {
    const FoundPose &a = found.poses[p], &b = expected.poses[p];
    same = same && a.energy == b.energy && a.conformation.conformer == b.conformation.conformer &&
           a.conformation.orientation == b.conformation.orientation &&
           a.conformation.torsions == b.conformation.torsions &&
           a.coordinates.size() == b.coordinates.size() &&
           std::memcmp(a.coordinates.data(), b.coordinates.data(),
                       sizeof a.coordinates[0] * a.coordinates.size()) == 0;
  }
  CHECK(same);
}

std::string bytes_of(const DockedLigand& docked) {
  std::string out;
  const auto add = [&](double x) { out.append(reinterpret_cast<const char*>(&x), sizeof x); };
  for (const auto& pose : docked.poses) {
    add(pose.affinity);
    add(pose.terms.inter);
    for (const auto& p : pose.coordinates) add(p.x), add(p.y), add(p.z);
    for (const auto& residue : pose.flexible_residues)
      for (const auto& p : residue) add(p.x), add(p.y), add(p.z);
  }
  return out;
}

}  // namespace

TEST_CASE("energies and gradients on PoCL are those of the scalar kernel bit for bit") {
  const std::string name = pocl();
  if (name.empty()) return;
  for (const int width : {1, 0}) {  // as a GPU gets it, and as this processor likes it
    const auto found = energy_agreement(opencl_device(name), docking_example::bowl(), docking_example::box(),
                                        docking_example::chain(), width);
    CHECK(found.poses == 64);
    CHECK(found.same_bytes);
    CHECK(found.energy == 0);
    CHECK(found.gradient == 0);
    CHECK(found.within_tolerance());
  }
}

TEST_CASE("a compiler that fuses and divides less exactly stays within the tolerance stated for GPUs") {
  const std::string name = pocl();
  if (name.empty()) return;
  for (const int width : {1, 0}) {
    const auto found = energy_agreement(opencl_device(name + ":fused"), docking_example::bowl(),
                                        docking_example::box(), docking_example::chain(), width);
    CHECK_FALSE(found.same_bytes);  // else nothing was fused
    CHECK(found.energy > 0);
    CHECK(found.within_tolerance());
  }
}

TEST_CASE("an energy that is no number is not within the tolerance") {
  EnergyAgreement found;
  CHECK(found.within_tolerance());
  found.energy = std::nan("");
  CHECK_FALSE(found.within_tolerance());
  found.energy = 0;
  found.gradient = 2 * stated_gradient_deviation;
  CHECK_FALSE(found.within_tolerance());
}

TEST_CASE("a search on PoCL finds the poses of the scalar search bit for bit whatever shares its batch") {
  const std::string name = pocl();
  if (name.empty()) return;
  const Site site;
  std::vector<SearchTask> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(task_of(site.model, "molecule " + std::to_string(i)));
  std::vector<SearchResult> expected;
  for (int i = 0; i < 5; ++i)
    expected.push_back(search_poses(site.model, site.grids, docking_kernel("scalar"), site.box,
                                    ScoringFunction::vina, tasks[i].effort, tasks[i].seed, tasks[i].key));
  for (const int width : {1, 0}) {  // as a GPU gets it, and as this processor likes it
    OpenClSearch device(opencl_device(name), site.grids, site.box, ScoringFunction::vina, width);
    const auto results = device.search(tasks);
    REQUIRE(results.size() == tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) check_same(results[i], expected[i]);
  }
}

TEST_CASE("a batch holds what keeps the device busy and fits its memory") {
  if (!opencl_built()) {
    WARN("skipped: this build has no OpenCL");
    return;
  }
  OpenClDevice gpu;
  gpu.gpu = true;
  gpu.units = 100;
  gpu.memory_bytes = 16e9;
  gpu.largest_buffer_bytes = 4e9;
  CHECK(ligands_per_batch(gpu, 16e9, 5e5) == 1600);  // busy: 16 a unit
  CHECK(ligands_per_batch(gpu, 0.4e9, 5e5) == 280);  // 35 % of what is free
  CHECK(ligands_per_batch(gpu, 16e9, 4e7) == 100);   // one buffer
  CHECK(ligands_per_batch(gpu, 1e6, 5e8) == 1);
  OpenClDevice processor = gpu;
  processor.gpu = false;
  processor.units = 2;
  CHECK(ligands_per_batch(processor, 16e9, 5e5) == 16);
}

TEST_CASE("devices that are not there are refused with what to do") {
  CHECK_THROWS_AS(opencl_device("opencl:999"), theriac::DeviceError);
  if (opencl_built())
    for (const char* wrong : {"opencl:0:fast", "opencl:0:", "opencl::fused", "opencl:0:fused:fused"})
      CHECK_THROWS_AS(opencl_device(wrong), theriac::UsageError);
  CHECK_THROWS_WITH(opencl_device("opencl:999"), Contains("'opencl:999'"));
  if (opencl_built()) CHECK_THROWS_WITH(opencl_device("cuda:0"), Contains("unknown device 'cuda:0'"));
}

TEST_CASE(
    "docking on PoCL gives the bytes of docking on the processor, also when ligands fail in the batch") {
  const std::string name = pocl();
  if (name.empty()) return;
  const Site site;
  std::vector<theriac::chem::FlexibleLigand> ligands(4, site.ligand);
  for (std::size_t i = 0; i < ligands.size(); ++i) ligands[i].key += std::to_string(i);
  ligands[2].atoms[4].autodock_type = "B";
  DockingOptions options;
  options.exhaustiveness = 1;
  options.simd = "scalar";
  const auto expected = DockingEngine(site.receptor, site.box, options).dock(ligands);
  options.device = name;
  const DockingEngine engine(site.receptor, site.box, options);
  CHECK(engine.device_batch() > 0);
  const auto docked = engine.dock(ligands);
  for (std::size_t i = 0; i < ligands.size(); ++i) {
    CHECK(bytes_of(docked[i]) == bytes_of(expected[i]));
    CHECK(docked[i].message == expected[i].message);
    CHECK(docked[i].poses.empty() == (i == 2));
  }
  CHECK(bytes_of(engine.dock(ligands[0])) == bytes_of(expected[0]));
}

TEST_CASE(
    "a device that fails mid-run is reported and its batch redone on the processor with the same bytes") {
  const std::string name = pocl();
  if (name.empty()) return;
  const Site site;
  std::vector<theriac::chem::FlexibleLigand> ligands(3, site.ligand);
  for (std::size_t i = 0; i < ligands.size(); ++i) ligands[i].key += std::to_string(i);
  DockingOptions options;
  options.exhaustiveness = 1;
  const auto expected = DockingEngine(site.receptor, site.box, options).dock(ligands);
  options.device = name;
  std::vector<std::string> failures;
  options.on_device_failure = [&](const std::string& what) { failures.push_back(what); };
  options.before_device_launch = [&](int launch) {
    if (launch == 3) throw theriac::DeviceError("device fault for a test");
  };
  const DockingEngine engine(site.receptor, site.box, options);
  for (std::size_t run = 1; run <= 3; ++run) {
    const auto docked = engine.dock(ligands);
    for (std::size_t i = 0; i < ligands.size(); ++i) CHECK(bytes_of(docked[i]) == bytes_of(expected[i]));
    CHECK(failures.size() == std::min<std::size_t>(run, 2));  // opened anew once, then given up
  }
  CHECK_THAT(failures[0], Contains("device fault for a test; 3 ligands are docked on the processor instead"));
  CHECK_THAT(failures[1], Contains("and all that follow"));
}
