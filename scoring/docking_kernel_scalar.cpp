#include <string.h>

#define KERNEL_WIDTH 1
#define KERNEL_LEVEL "scalar"
#define KERNEL_NAME docking_kernel_scalar
#include "scoring/docking_kernel.inc"
#include "scoring/docking_maps.inc"
