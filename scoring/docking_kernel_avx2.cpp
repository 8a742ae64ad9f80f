#define KERNEL_WIDTH 8
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME docking_kernel_avx2
#include "scoring/docking_kernel.inc"
