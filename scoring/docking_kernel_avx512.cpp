#define KERNEL_WIDTH 16
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME docking_kernel_avx512
#include "scoring/docking_kernel.inc"
