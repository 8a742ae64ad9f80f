#define KERNEL_WIDTH 4
#define KERNEL_TILE 6
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME voxel_kernel_baseline
#include "scoring/voxel_kernel.inc"
