#include "scoring/density_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/docking_kernel.h"
#include "scoring/simd_level.hpp"
#include "scoring/voxel_kernel.h"

extern const VoxelKernel voxel_kernel_baseline;
#if defined(__x86_64__)
extern const VoxelKernel voxel_kernel_avx2;
extern const VoxelKernel voxel_kernel_avx512;
#endif

namespace theriac::scoring {
namespace {

static_assert(density_points == voxel_grid && density_pooled == voxel_pooled &&
              density_channels == voxel_channels);
constexpr std::size_t channel_points = std::size_t{voxel_grid} * voxel_grid * voxel_grid;
constexpr double half_edge = density_spacing * (density_points - 1) / 2;  // angstrom

void check(const DensityAtom& atom) {
  if (atom.channel >= density_channels)
    throw UsageError(fmt::format("an atom has channel {}, there are {}", atom.channel, density_channels));
  if (atom.channel >= 0 && !(atom.radius > 0 && atom.radius <= density_radius_limit))
    throw UsageError(fmt::format("an atom has radius {} angstrom, it may be at most {}", atom.radius,
                                 density_radius_limit));
}

bool within(chem::Vector3 from_centre, double limit) {
  return std::abs(from_centre.x) < limit && std::abs(from_centre.y) < limit &&
         std::abs(from_centre.z) < limit;
}

bool reaches(const DensityAtom& atom, chem::Vector3 centre) {
  return within(atom.position - centre, half_edge + density_reach * atom.radius);
}

VoxelAtom on_grid(const DensityAtom& atom, chem::Vector3 centre) {
  const auto points = [](double from_centre) {
    return static_cast<float>((from_centre + half_edge) / density_spacing);
  };
  const auto from_centre = atom.position - centre;
  return {points(from_centre.x), points(from_centre.y), points(from_centre.z),
          static_cast<float>(atom.radius / density_spacing)};
}

void prepare(PooledDensity& pooled) {
  constexpr std::size_t voxels = std::size_t{voxel_padded} * voxel_padded * voxel_padded;
  pooled.lines.resize(voxels * density_channels);
  pooled.occupied.assign(voxels, 0);
}

}  // namespace

const VoxelKernel& voxel_kernel(const std::string& simd) {
  const std::string name = docking_kernel(simd).name;  // checks it
#if defined(__x86_64__)
  const bool fused = __builtin_cpu_supports("fma");  // the docking kernel's levels do not ask for it
  if (name == "avx512" && fused) return voxel_kernel_avx512;
  if (name == "avx2" && fused) return voxel_kernel_avx2;
#endif
  return voxel_kernel_baseline;
}

DensityGrid::DensityGrid(const std::vector<DensityAtom>& receptor, const std::string& simd)
    : receptor_(density_channels), kernel_(&voxel_kernel(simd)) {
  for (const auto& atom : receptor) {
    check(atom);
    if (atom.channel >= 0) receptor_[static_cast<std::size_t>(atom.channel)].push_back(atom);
  }
}

template <class Use>
void DensityGrid::draw(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, DensityVolume& counts,
                       Use use) const {
  for (const auto& atom : ligand) {
    check(atom);
    if (atom.channel < 0) continue;
    ++(within(atom.position - centre, half_edge) ? counts.ligand_atoms : counts.ligand_outside);
  }
  thread_local std::vector<float> grid(channel_points);  // once a thread: pages are slow to come by
  std::vector<VoxelAtom> atoms;
  for (int channel = 0; channel < density_channels; ++channel) {
    atoms.clear();
    for (const auto& atom : receptor_[static_cast<std::size_t>(channel)])
      if (reaches(atom, centre)) atoms.push_back(on_grid(atom, centre));
    counts.receptor_atoms += static_cast<int>(atoms.size());
    for (const auto& atom : ligand)
      if (atom.channel == channel && reaches(atom, centre)) atoms.push_back(on_grid(atom, centre));
    if (atoms.empty()) continue;
    std::fill(grid.begin(), grid.end(), 0.0F);
    for (const auto& atom : atoms) kernel_->draw(&atom, grid.data());
    use(channel, grid.data());
  }
}

void DensityGrid::pool(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, bool mean, bool maximum,
                       DensityVolume& volume) const {
  volume.receptor_atoms = volume.ligand_atoms = volume.ligand_outside = 0;
  if (mean) prepare(volume.mean);
  if (maximum) prepare(volume.maximum);
  draw(ligand, centre, volume, [&](int channel, const float* grid) {
    for (const int most : {0, 1}) {
      if (!(most ? maximum : mean)) continue;
      PooledDensity& pooled = most ? volume.maximum : volume.mean;
      kernel_->pool_grid(grid, most, channel, pooled.lines.data(), pooled.occupied.data());
    }
  });
}

DensityVolume DensityGrid::pooled(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, bool mean,
                                  bool maximum) const {
  DensityVolume volume;
  pool(ligand, centre, mean, maximum, volume);
  return volume;
}

bool DensityGrid::reaches_receptor(chem::Vector3 centre) const {
  return std::any_of(receptor_.begin(), receptor_.end(), [&](const std::vector<DensityAtom>& atoms) {
    return std::any_of(atoms.begin(), atoms.end(),
                       [&](const DensityAtom& atom) { return reaches(atom, centre); });
  });
}

std::vector<float> DensityGrid::points(const std::vector<DensityAtom>& ligand, chem::Vector3 centre) const {
  std::vector<float> grid(density_channels * channel_points);
  DensityVolume counts;
  draw(ligand, centre, counts, [&](int channel, const float* one) {
    std::copy(one, one + channel_points,
              grid.begin() + static_cast<std::ptrdiff_t>(channel * channel_points));
  });
  return grid;
}

}  // namespace theriac::scoring
