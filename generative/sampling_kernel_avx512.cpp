#define KERNEL_WIDTH 16
#define KERNEL_COLUMNS 4
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME sampling_kernel_avx512
#include "generative/sampling_kernel.inc"
