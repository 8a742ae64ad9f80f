#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KERNEL_WIDTH 16
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME docking_kernel_avx512
#include "scoring/docking_kernel.inc"
#include "scoring/docking_maps.inc"
