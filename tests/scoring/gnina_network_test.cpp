// The fast grid and the fast networks against their plain definitions, on every instruction set.
#include "scoring/gnina_network.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "datasets/network_library.hpp"
#include "random_gnina_network.hpp"
#include "scoring/gnina_engine.hpp"
#include "scoring/simd_level.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

constexpr chem::Vector3 centre{12.3, -40.1, 77.7};

/// A receptor that reaches over all edges of the grid and a ligand, some of it outside.
std::vector<DensityAtom> receptor() {
  return random_density_atoms(600, 34, centre, 0, density_receptor_channels - 1, 1);
}
std::vector<DensityAtom> ligand() {
  auto atoms = random_density_atoms(40, 26, centre, density_receptor_channels, density_channels - 1, 2);
  atoms.push_back({centre, 0, -1});  // a hydrogen
  return atoms;
}

std::vector<std::string> levels() {
  auto names = simd_levels();
  names.erase(names.begin());  // "scalar" is the docking kernel's
  return names;
}

}  // namespace

TEST_CASE("the fast density grid is the defined one everywhere") {
  auto all = receptor();
  const auto more = ligand();
  all.insert(all.end(), more.begin(), more.end());
  const auto expected = reference_density(all, centre);
  for (const auto& simd : levels()) {
    const auto found = DensityGrid(receptor(), simd).points(ligand(), centre);
    REQUIRE(found.size() == expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      worst = std::max(worst, std::abs(double(found[i]) - expected[i]));
    INFO(simd);
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("the density of one atom is Gaussian, then a parabola, then nothing") {
  const double radius = 2;
  const chem::Vector3 corner = centre - chem::Vector3{11.75, 11.75, 11.75};
  const auto grid = reference_density({{corner, radius, 5}}, centre);
  const std::size_t first = 5 * std::size_t{48} * 48 * 48;
  CHECK(grid[first] == 1);
  CHECK(grid[first + 4] == Approx(std::exp(-2)));  // 2 angstrom along z
  CHECK(grid[first + 5 * 48] == Approx(std::exp(-2) * (4 * 1.5625 - 12 * 1.25 + 9)));
  CHECK(grid[first + 6 * 48 * 48] == Approx(0).margin(1e-15));
  CHECK(grid[first + 7] == 0);
}

TEST_CASE("volumes count what lies in the grid, and impossible atoms are refused") {
  const DensityGrid grid({{centre, 1.9, 0},
                          {centre + chem::Vector3{14, 0, 0}, 1.9, 1},
                          {centre + chem::Vector3{40, 0, 0}, 1.9, 0}});
  const auto volume = grid.pooled(
      {{centre, 1.9, 14}, {centre + chem::Vector3{0, 12, 0}, 1.9, 14}, {centre, 0, -1}}, centre, true, false);
  CHECK(volume.receptor_atoms == 2);
  CHECK(volume.ligand_atoms == 1);
  CHECK(volume.ligand_outside == 1);
  CHECK(volume.maximum.lines.empty());
  CHECK_THROWS_AS(DensityGrid({{centre, 1.9, 28}}), UsageError);
  CHECK_THROWS_AS(DensityGrid({{centre, 9, 2}}), UsageError);
  CHECK_THROWS_AS(grid.points({{centre, std::nan(""), 14}}, centre), UsageError);
}

TEST_CASE("fast networks are the defined ones on every instruction set") {
  for (const auto architecture : {GninaArchitecture::default2018, GninaArchitecture::dense}) {
    const auto weights = random_gnina_weights(architecture, 3);
    const auto layers =
        gnina_reference(weights, DensityGrid(receptor(), "baseline").points(ligand(), centre));
    const auto& logits = layers[layers.size() - 2].numbers;
    const double affinity = layers.back().numbers[0];
    for (const auto& simd : levels()) {
      INFO(name(architecture) << " " << simd);
      const GninaNetwork network(weights, simd);
      const DensityGrid grid(receptor(), simd);
      const auto volume = grid.pooled(ligand(), centre, network.reads_mean(), network.reads_maximum());
      const auto found = network.output(volume);
      CHECK(found.affinity == Approx(affinity).epsilon(1e-5).margin(1e-5));
      CHECK(found.score == Approx(gnina_score(logits[0], logits[1])).epsilon(1e-4).margin(1e-6));
      const auto again = network.output(volume);
      CHECK(again.affinity == found.affinity);

      // memory that another pose left behind changes nothing
      auto used = grid.pooled(random_density_atoms(30, 20, centre, 14, 27, 9),
                              centre + chem::Vector3{3, 0, 0}, network.reads_mean(), network.reads_maximum());
      network.output(used);
      grid.pool(ligand(), centre, network.reads_mean(), network.reads_maximum(), used);
      CHECK(network.output(used).affinity == found.affinity);
    }
  }
}

TEST_CASE("a network refuses a grid that was pooled for the other architecture") {
  const GninaNetwork network(random_gnina_weights(GninaArchitecture::dense, 4));
  const auto volume = DensityGrid({}).pooled({{centre, 1.9, 14}}, centre, true, false);
  CHECK_THROWS_AS(network.output(volume), UsageError);
}

TEST_CASE("LibTorch and the program's own kernels give the same scores") {
  const DensityGrid grid(receptor());
  std::vector<float> grids;
  std::vector<DensityVolume> volumes;
  for (unsigned pose = 0; pose < 5; ++pose) {  // more than LibTorch takes at once
    const auto atoms = random_density_atoms(35, 16, centre, 14, 27, 20 + pose);
    const auto points = grid.points(atoms, centre);
    grids.insert(grids.end(), points.begin(), points.end());
    volumes.push_back(grid.pooled(atoms, centre, true, true));
  }
  for (const auto architecture : {GninaArchitecture::default2018, GninaArchitecture::dense}) {
    const auto weights = random_gnina_weights(architecture, 8);
    const auto engine = datasets::network_maker<GninaEngineMaker>().make(weights, "cpu");
    const auto found = engine->outputs(grids);
    REQUIRE(found.size() == volumes.size());
    const GninaNetwork network(weights);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto expected = network.output(volumes[i]);
      CHECK(found[i].affinity == Approx(expected.affinity).epsilon(1e-4).margin(1e-4));
      CHECK(found[i].score == Approx(expected.score).epsilon(1e-3).margin(1e-5));
    }
  }
  CHECK_THROWS_AS(datasets::network_maker<GninaEngineMaker>().make(
                      random_gnina_weights(GninaArchitecture::dense, 1), "cuda:7"),
                  DeviceError);
}
