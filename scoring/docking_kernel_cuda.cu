// The docking kernel as CUDA: the same source as for the processor and for OpenCL. Compiled where there is an nvcc (THERIAC_CUDA) to show
// that it compiles; nothing calls it yet, and it has never run.
#define KERNEL_WIDTH 1
#define KERNEL_STRIDE 32
#include "scoring/docking_device.inc"
