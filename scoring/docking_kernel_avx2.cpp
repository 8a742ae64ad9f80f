#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KERNEL_WIDTH 8
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME docking_kernel_avx2
#include "scoring/docking_kernel.inc"
#include "scoring/docking_maps.inc"
