#define KERNEL_WIDTH 4
#define KERNEL_ROWS 4
#define KERNEL_KEYS 4
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME protein_kernel_baseline
#include "scoring/protein_kernel.inc"
