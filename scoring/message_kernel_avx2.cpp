#define KERNEL_WIDTH 8
#define KERNEL_ROWS 6
#define KERNEL_LEVEL "avx2"
#define KERNEL_NAME message_kernel_avx2
#include "scoring/message_kernel.inc"
