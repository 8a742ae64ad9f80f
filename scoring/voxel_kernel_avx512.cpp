#define KERNEL_WIDTH 16
#define KERNEL_TILE 24
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME voxel_kernel_avx512
#include "scoring/voxel_kernel.inc"
