#define KERNEL_WIDTH 16
#define KERNEL_ROWS 12
#define KERNEL_KEYS 8
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME protein_kernel_avx512
#include "scoring/protein_kernel.inc"
