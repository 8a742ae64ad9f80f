#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KERNEL_WIDTH 4
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME docking_kernel_baseline
#include "scoring/docking_kernel.inc"
#include "scoring/docking_maps.inc"
