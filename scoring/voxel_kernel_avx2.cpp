#define KERNEL_WIDTH 8
#define KERNEL_TILE 12
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME voxel_kernel_avx2
#include "scoring/voxel_kernel.inc"
