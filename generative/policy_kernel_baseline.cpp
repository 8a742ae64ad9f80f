#define KERNEL_WIDTH 4
#define KERNEL_COLUMNS 2
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME policy_kernel_baseline
#include "generative/policy_kernel.inc"
