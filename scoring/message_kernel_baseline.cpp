#define KERNEL_WIDTH 4
#define KERNEL_ROWS 6
#define KERNEL_LEVEL "baseline"
#define KERNEL_NAME message_kernel_baseline
#include "scoring/message_kernel.inc"
