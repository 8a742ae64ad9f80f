#define KERNEL_WIDTH 8
#define KERNEL_ROWS 6
#define KERNEL_KEYS 4
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME protein_kernel_avx2
#include "scoring/protein_kernel.inc"
