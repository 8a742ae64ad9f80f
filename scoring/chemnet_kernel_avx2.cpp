#define KERNEL_WIDTH 8
#define KERNEL_ROWS 4
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME chemnet_kernel_avx2
#include "scoring/chemnet_kernel.inc"
