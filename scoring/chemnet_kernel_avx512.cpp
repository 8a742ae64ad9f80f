#define KERNEL_WIDTH 16
#define KERNEL_ROWS 8
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME chemnet_kernel_avx512
#include "scoring/chemnet_kernel.inc"
