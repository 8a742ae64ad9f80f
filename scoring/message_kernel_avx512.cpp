#define KERNEL_WIDTH 16
#define KERNEL_ROWS 12
#define KERNEL_LEVEL "avx512"
#define KERNEL_NAME message_kernel_avx512
#include "scoring/message_kernel.inc"
