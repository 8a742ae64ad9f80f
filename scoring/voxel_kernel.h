/* The long loops of gnina's networks: atoms drawn into a density grid, and convolutions over it.
 *
 * voxel_kernel.inc is the one source; it is compiled once per instruction set (voxel_kernel_baseline.cpp,
 * _avx2.cpp, _avx512.cpp). Sums run in one order, so equal input gives equal bytes on one instruction set;
 * between sets the last bits differ, because some have fused multiply-add.
 *
 * Volumes are channels-last: value (x, y, z, c) is at ((x * n + y) * n + z) * channels + c. Volumes that a
 * 3 x 3 x 3 convolution reads have a border of zeros one voxel wide, so n is the edge + 2.
 */
#pragma once
#include <stdint.h>

enum {
  voxel_grid = 48,        /* points on an edge of the density grid */
  voxel_pooled = 24,      /* and behind the first pooling */
  voxel_atom_span = 16    /* points on a line that one atom can reach: 2 * 1.5 * 2.2 / 0.5 + 1 = 14.2 at most */
};

/* Place of a value: at + x * x_step + y * y_step + z * z_step, channels side by side. */
struct VoxelRows {
  float* at;
  long x_step, y_step, z_step;
};

/* The grid behind the first pooling, [x][y][channel][z] with the border: lines along z. Only lines of channels that
 * `occupied` names somewhere along them need to be set. */
enum { voxel_padded = voxel_pooled + 2, voxel_channels = 28 };
struct VoxelLines {
  const float* at;
  const uint32_t* occupied; /* [x][y][z]: the bits of the channels that are not zero there */
};

/* One convolution with ReLU behind it; `outputs` is a multiple of `lanes` of the kernel. */
struct VoxelConvolution {
  int edge; /* 24, 12 or 6 */
  int inputs, outputs;
  /* [output / lanes][dx, dy][input][dz][output % lanes]; 1 x 1 x 1: [output / lanes][input][output % lanes] */
  const float* weights;
  /* [x][y][z of 3][output]: 0 at the first voxel of an axis, 1 inside, 2 at the last; 1 x 1 x 1: [output] */
  const float* bias;
};

/* One atom in units of the grid: its place counted from point (0, 0, 0), its radius. */
struct VoxelAtom {
  float x, y, z, radius; /* points; radius at most 4.6 */
};

struct VoxelKernel {
  const char* name;
  int lanes;
  /* grid[x][y][z] += density of the atom; clipped at the edges of the grid. */
  void (*draw)(const struct VoxelAtom* atom, float* grid);
  /* Mean or maximum of 2 x 2 x 2 grid points into the lines of one channel, and its bits. */
  void (*pool_grid)(const float* grid, int maximum, int channel, float* lines, uint32_t* occupied);
  /* The same of a channels-last volume of `edge` voxels, `channels` a multiple of 16. */
  void (*pool)(const float* in, int edge, int channels, int maximum, struct VoxelRows out);
  /* The first convolution, on the pooled grid; channels that are zero around a voxel are passed over. */
  void (*convolve_first)(const struct VoxelConvolution* layer, struct VoxelLines in, struct VoxelRows out);
  /* `in` begins at the border voxel (-1, -1, -1) of its padded volume, `out` at voxel (0, 0, 0). */
  void (*convolve3)(const struct VoxelConvolution* layer, struct VoxelRows in, struct VoxelRows out);
  /* edge: 24 or 12 */
  void (*convolve1)(const struct VoxelConvolution* layer, struct VoxelRows in, struct VoxelRows out);
};
