#define KERNEL_WIDTH 4
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME docking_kernel_baseline
#include "scoring/docking_kernel.inc"
