#include "scoring/docking_kernel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "docking_example.hpp"
#include "scoring/chain_group.hpp"
#include "scoring/docking.hpp"
#include "scoring/simd_level.hpp"

using namespace theriac::scoring;
using theriac::chem::CounterRandom;
using theriac::chem::Vector3;

namespace {

struct Bench {
  theriac::chem::Receptor receptor = docking_example::bowl();
  theriac::chem::FlexibleLigand ligand = docking_example::chain();
  theriac::chem::Box box = docking_example::box();
  ReceptorField field{receptor, box, ScoringFunction::vina};
  PoseModel model{ligand, receptor};
};

Conformation random_pose(const PoseModel& model, CounterRandom& random) {
  return docking_example::random_conformation(model, random, 2);
}

void set_trial(KernelChains& k, int lane, const Conformation& c) {
  for (int i = 0; i < 3; ++i) k.trial[i * k.width + lane] = static_cast<float>(c.position[i]);
  for (int i = 0; i < 4; ++i) k.trial[(3 + i) * k.width + lane] = static_cast<float>(c.orientation[i]);
  for (std::size_t t = 0; t < c.torsions.size(); ++t)
    k.trial[(7 + t) * k.width + lane] = static_cast<float>(c.torsions[t]);
}

/// Trilinear interpolation in double precision with the wall and the cap: what the kernel must give.
double interpolated(const AffinityGrids& grids, AtomType type, Vector3 p, double cap) {
  const KernelGrid& g = grids.shape();
  double t[3], wall = 0;
  int cell[3];
  for (int k = 0; k < 3; ++k) {
    const double s = (p[k] - g.low[k]) * g.inverse_spacing, last = g.points[k] - 1;
    const double inside = std::min(std::max(s, 0.0), last);
    wall += std::abs(s - inside) * g.wall / g.inverse_spacing;
    cell[k] = std::min(static_cast<int>(inside), g.points[k] - 2);
    t[k] = inside - cell[k];
  }
  double e = 0;
  for (int dx = 0; dx < 2; ++dx)
    for (int dy = 0; dy < 2; ++dy)
      for (int dz = 0; dz < 2; ++dz)
        e += (dx ? t[0] : 1 - t[0]) * (dy ? t[1] : 1 - t[1]) * (dz ? t[2] : 1 - t[2]) *
             grids.map(type)[grids.index(cell[0] + dx, cell[1] + dy, cell[2] + dz)];
  double ignored;
  return capped(e, cap, ignored) + wall;
}

double reference_energy(const PoseModel& model, const AffinityGrids& grids, const Conformation& c,
                        double cap) {
  const auto x = model.heavy_coordinates(c);
  double total = 0, ignored;
  for (std::size_t i = 0; i < x.size(); ++i) total += interpolated(grids, model.types()[i], x[i], cap);
  for (const auto& pair : model.pairs())
    total += capped(pair_terms(model.types()[pair.first], model.types()[pair.second],
                               distance(x[pair.first], x[pair.second]), ScoringFunction::vina)
                        .sum(),
                    cap, ignored);
  return total;
}

}  // namespace

TEST_CASE("affinity maps hold the sum of the pair terms at every grid point") {
  const Bench bench;
  for (const auto& level : simd_levels()) {
    const AffinityGrids grids(bench.field, bench.box, 0.75, docking_kernel(level));
    for (const AtomType type : {AtomType::C_H, AtomType::O_DA, AtomType::N_A})
      for (int x = 0; x < grids.shape().points[0]; x += 3)
        for (int z = 0; z < grids.shape().points[2]; z += 2) {
          const double exact = bench.field.terms(type, grids.point(x, 5, z)).sum();
          CHECK(grids.map(type)[grids.index(x, 5, z)] == Approx(exact).epsilon(1e-4).margin(1e-4));
        }
  }
}

TEST_CASE("a map has the same bytes alone and made with others, at every SIMD level") {
  const Bench bench;
  const std::vector<AtomType> types = {AtomType::C_H, AtomType::O_DA, AtomType::C_P,
                                       AtomType::N_A, AtomType::O_A,  AtomType::Cl_H};
  const AffinityGrids first(bench.field, bench.box, 0.75, docking_kernel(simd_levels().front()));
  const std::size_t n =
      first.index(first.shape().points[0] - 1, first.shape().points[1] - 1, first.shape().points[2] - 1) + 1;
  for (const auto& level : simd_levels()) {
    const AffinityGrids together(bench.field, bench.box, 0.75, docking_kernel(level));
    together.prepare(types);
    for (const AtomType type : types) {
      const float *alone = first.map(type), *made = together.map(type);
      CHECK(std::equal(alone, alone + n, made));
    }
  }
}

TEST_CASE("the kernel's energy and gradient follow the plain reference at every SIMD level") {
  const Bench bench;
  CounterRandom random(3, "kernel", "test");
  for (const auto& level : simd_levels()) {
    const DockingKernel& kernel = docking_kernel(level);
    const AffinityGrids grids(bench.field, bench.box, 0.375, kernel);
    const KernelLigand ligand(bench.model, grids, ScoringFunction::vina);
    ChainMemory memory(ligand.view(), kernel.width);
    KernelChains& k = memory.view();
    std::vector<Conformation> poses;
    for (int lane = 0; lane < kernel.width; ++lane) {
      memory.set_geometry(lane, bench.model.geometries()[0]);
      poses.push_back(random_pose(bench.model, random));
      set_trial(k, lane, poses.back());
      k.cap[lane] = 10;
    }
    kernel.evaluate(&ligand.view(), &k);
    for (int lane = 0; lane < kernel.width; ++lane) {
      const double expected = reference_energy(bench.model, grids, poses[lane], 10);
      CHECK(k.trial_energy[lane] == Approx(expected).epsilon(2e-4).margin(2e-4));
      for (int t = 0; t < bench.model.torsion_count(); ++t) {  // central difference along a torsion
        const double h = 1e-4;
        Conformation up = poses[lane], down = poses[lane];
        up.torsions[t] += h;
        down.torsions[t] -= h;
        const double numeric =
            (reference_energy(bench.model, grids, up, 10) - reference_energy(bench.model, grids, down, 10)) /
            (2 * h);
        CHECK(k.trial_gradient[(6 + t) * k.width + lane] == Approx(numeric).epsilon(2e-2).margin(5e-2));
      }
      for (int axis = 0; axis < 3; ++axis) {
        const double h = 1e-4;
        Conformation up = poses[lane], down = poses[lane];
        up.position[axis] += h;
        down.position[axis] -= h;
        const double numeric =
            (reference_energy(bench.model, grids, up, 10) - reference_energy(bench.model, grids, down, 10)) /
            (2 * h);
        CHECK(k.trial_gradient[axis * k.width + lane] == Approx(numeric).epsilon(2e-2).margin(5e-2));
      }
    }
  }
}

TEST_CASE("the plain reference's gradient is the derivative of the exact terms") {
  const Bench bench;
  CounterRandom random(5, "reference", "test");
  std::vector<Vector3> forces;
  const auto exact = [&](const Conformation& at) {
    const auto x = bench.model.heavy_coordinates(at);
    double total = 0, ignored;
    for (std::size_t i = 0; i < x.size(); ++i)
      total += capped(bench.field.terms(bench.model.types()[i], x[i]).sum(), 10, ignored);
    for (const auto& pair : bench.model.pairs())
      total += capped(pair_terms(bench.model.types()[pair.first], bench.model.types()[pair.second],
                                 distance(x[pair.first], x[pair.second]), ScoringFunction::vina)
                          .sum(),
                      10, ignored);
    return total;
  };
  double squared_difference = 0, squared_gradient = 0;
  int compared = 0;
  while (compared < 15) {
    const Conformation c = random_pose(bench.model, random);
    if (exact(c) > 0) continue;  // below 1 angstrom the tables are coarse, as Vina's are
    ++compared;
    pose_energy(bench.model, bench.field, bench.box, 0, 10, bench.model.heavy_coordinates(c), &forces);
    const auto g = bench.model.gradient(c, forces);
    for (int t = 0; t < bench.model.torsion_count(); ++t) {
      Conformation up = c, down = c;
      up.torsions[t] += 1e-6;
      down.torsions[t] -= 1e-6;
      const double numeric = (exact(up) - exact(down)) / 2e-6;
      squared_difference += (g[6 + t] - numeric) * (g[6 + t] - numeric);
      squared_gradient += numeric * numeric;
    }
  }
  CHECK(std::sqrt(squared_difference / squared_gradient) < 0.02);
}

TEST_CASE(
    "minimising with the kernel never raises the energy and ends at a small gradient or its last step") {
  const Bench bench;
  const DockingKernel& kernel = docking_kernel();
  const AffinityGrids grids(bench.field, bench.box, 0.375, kernel);
  const KernelLigand ligand(bench.model, grids, ScoringFunction::vina);
  ChainMemory memory(ligand.view(), kernel.width);
  KernelChains& k = memory.view();
  CounterRandom random(9, "minimise", "test");
  std::vector<double> before;
  for (int lane = 0; lane < kernel.width; ++lane) {
    memory.set_geometry(lane, bench.model.geometries()[0]);
    const auto pose = random_pose(bench.model, random);
    set_trial(k, lane, pose);
    before.push_back(reference_energy(bench.model, grids, pose, 10));
    k.cap[lane] = 10;
    k.phase[lane] = kernel_start;
    k.iterations[lane] = 200;
  }
  k.evaluations = 2000;
  kernel.minimise(&ligand.view(), &k);
  for (int lane = 0; lane < kernel.width; ++lane)
    if (k.phase[lane] == kernel_done) CHECK(k.energy[lane] <= before[lane] + 1e-3);
}

TEST_CASE("docking gives the same bytes at every SIMD level, and for any number of threads") {
  const Bench bench;
  const auto bytes = [&](const std::string& level) {
    DockingOptions options;
    options.simd = level;
    options.exhaustiveness = 2;
    const DockingEngine engine(bench.receptor, bench.box, options);
    const DockedLigand docked = engine.dock(bench.ligand);
    REQUIRE(!docked.poses.empty());
    std::string out;
    const auto add = [&](double x) { out.append(reinterpret_cast<const char*>(&x), sizeof x); };
    for (const auto& pose : docked.poses) {
      add(pose.affinity);
      add(pose.terms.inter);
      for (const auto& p : pose.coordinates) add(p.x), add(p.y), add(p.z);
    }
    return out;
  };
  const std::string baseline = bytes("baseline");
  for (const auto& level : simd_levels()) CHECK(bytes(level) == baseline);
  CHECK(bytes("auto") == baseline);
}

TEST_CASE("docking finds the lowest energy that a long search finds") {
  const Bench bench;
  DockingOptions quick, thorough;
  thorough.exhaustiveness = 64;
  thorough.seed = 99;
  const auto a = DockingEngine(bench.receptor, bench.box, quick).dock(bench.ligand);
  const auto b = DockingEngine(bench.receptor, bench.box, thorough).dock(bench.ligand);
  CHECK(a.poses.front().affinity == Approx(b.poses.front().affinity).margin(0.15));
  for (std::size_t i = 1; i < a.poses.size(); ++i) {
    CHECK(a.poses[i].affinity >= a.poses[i - 1].affinity);
    CHECK(a.poses[i].affinity <= a.poses[0].affinity + quick.energy_range);
  }
}

TEST_CASE("a docked pose keeps every bond length of the input") {
  const Bench bench;
  const auto docked = DockingEngine(bench.receptor, bench.box, {}).dock(bench.ligand);
  for (const auto& pose : docked.poses)
    for (const auto& [a, b] : bench.ligand.bonds)
      CHECK(distance(pose.coordinates[a], pose.coordinates[b]) ==
            Approx(distance(bench.ligand.atoms[a].position, bench.ligand.atoms[b].position)).margin(1e-3));
}

TEST_CASE("boxes without extent, too large boxes and unknown elements are refused with what to do") {
  using Catch::Matchers::Contains;
  const Bench bench;
  auto flat = bench.box;
  flat.size.y = 0;
  CHECK_THROWS_WITH(DockingEngine(bench.receptor, flat, {}), Contains("every edge must be positive"));
  auto huge = bench.box;
  huge.size = {500, 500, 500};
  CHECK_THROWS_WITH(DockingEngine(bench.receptor, huge, {}), Contains("at most 126 A"));
  auto boron = bench.ligand;
  boron.atoms[4].autodock_type = "B";
  CHECK_THROWS_WITH(DockingEngine(bench.receptor, bench.box, {}).dock(boron),
                    Contains("atom 'C4' of 'chain' has type 'B'"));
  auto large = bench.ligand;
  for (int i = 0; i < 300; ++i) large.atoms.push_back(large.atoms[0]);
  CHECK_THROWS_WITH(DockingEngine(bench.receptor, bench.box, {}).dock(large), Contains("at most 300"));
  CHECK_THROWS_WITH(preset_exhaustiveness("quick"), Contains("unknown preset 'quick'"));
}
