#define KERNEL_WIDTH 8
#define KERNEL_COLUMNS 2
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME sampling_kernel_avx2
#include "generative/sampling_kernel.inc"
