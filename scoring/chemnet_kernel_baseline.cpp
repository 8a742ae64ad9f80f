#define KERNEL_WIDTH 4
#define KERNEL_ROWS 4
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME chemnet_kernel_baseline
#include "scoring/chemnet_kernel.inc"
