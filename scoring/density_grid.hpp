// The density grid that gnina's networks see: 28 channels of 48 x 48 x 48 points, 0.5 angstrom apart.
//
// Channels 0 to 13 are receptor atoms by kind, 14 to 27 ligand atoms (gnina_atoms.hpp). An atom of radius R
// at distance d adds, with u = d / R,
//
//     exp(-2 u^2)                    for u <= 1
//     exp(-2) (4 u^2 - 12 u + 9)     for 1 < u <= 1.5, else 0.
//
// M. Ragoza et al., J. Chem. Inf. Model. 57, 942 (2017); J. Sunseri, D. R. Koes, J. Chem. Inf. Model. 60,
// 1079 (2020). Point (i, j, k) lies at centre - 11.75 + 0.5 (i, j, k) angstrom; a grid is [channel][x][y][z].
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/vector3.hpp"

struct VoxelKernel;

namespace theriac::scoring {

constexpr int density_points = 48;       ///< on an edge
constexpr double density_spacing = 0.5;  ///< angstrom
constexpr int density_channels = 28, density_receptor_channels = 14;
constexpr int density_pooled = 24;            ///< points on an edge behind the first pooling of the networks
constexpr double density_reach = 1.5;         ///< radii
constexpr double density_radius_limit = 2.3;  ///< angstrom; larger than any atom's

struct DensityAtom {
  chem::Vector3 position;  ///< angstrom
  double radius = 0;       ///< angstrom, at most density_radius_limit
  int channel = -1;        ///< negative: not drawn
};

/// 28 x 48 x 48 x 48 numbers straight from the definition, in double precision: what the fast path is tested
/// against.
std::vector<double> reference_density(const std::vector<DensityAtom>& atoms, chem::Vector3 centre);

/// The grid behind the first layer of a network, mean or maximum of 2 x 2 x 2 points: 26 x 26 x 26 voxels,
/// the outer ones zero. A line that no channel bit points to holds anything.
struct PooledDensity {
  std::vector<float> lines;             ///< [x][y][channel][z]
  std::vector<std::uint32_t> occupied;  ///< [x][y][z]: bit c is set when channel c is not zero there
};

/// What is drawn for one pose.
struct DensityVolume {
  PooledDensity mean, maximum;  ///< empty when not asked for
  int receptor_atoms = 0;       ///< that reach into the grid
  int ligand_atoms = 0;         ///< that are drawn and whose centre lies in the grid
  int ligand_outside = 0;       ///< that would be drawn but lie outside it
};

/// Draws poses beside one receptor, whose atoms are kept by channel and culled to each grid. Safe to use from
/// many threads.
class DensityGrid {
 public:
  /// `simd` as for docking_kernel(): "auto", "baseline", "avx2", "avx512". Throws UsageError for an atom with
  /// an impossible channel or radius.
  explicit DensityGrid(const std::vector<DensityAtom>& receptor, const std::string& simd = "auto");

  DensityVolume pooled(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, bool mean,
                       bool maximum) const;
  /// The same into a volume that was drawn before with the same choice: its memory is used again.
  void pool(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, bool mean, bool maximum,
            DensityVolume& volume) const;
  /// Whether any receptor atom is drawn in a grid there.
  bool reaches_receptor(chem::Vector3 centre) const;
  /// The whole grid, [channel][x][y][z].
  std::vector<float> points(const std::vector<DensityAtom>& ligand, chem::Vector3 centre) const;

 private:
  /// Calls use(channel, its 48 x 48 x 48 points) for every channel with an atom in reach.
  template <class Use>
  void draw(const std::vector<DensityAtom>& ligand, chem::Vector3 centre, DensityVolume& counts,
            Use use) const;

  std::vector<std::vector<DensityAtom>> receptor_;  ///< by channel
  const VoxelKernel* kernel_;
};

/// The loops for an instruction set (voxel_kernel.h); throws as docking_kernel().
const VoxelKernel& voxel_kernel(const std::string& simd);

}  // namespace theriac::scoring
