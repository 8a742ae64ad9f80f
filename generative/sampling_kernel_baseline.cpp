#define KERNEL_WIDTH 4
#define KERNEL_COLUMNS 2
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME sampling_kernel_baseline
#include "generative/sampling_kernel.inc"
