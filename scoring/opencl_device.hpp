// The OpenCL devices of this machine, numbered as `--device opencl:N` names them.
#pragma once
#include <string>
#include <vector>

namespace theriac::scoring {

struct OpenClDevice {
  int number = 0;  ///< over all platforms, in the order the system lists them
  std::string name, platform, driver;
  double memory_bytes = 0;
  double largest_buffer_bytes = 0;
  int units = 0;         ///< compute units: cores of a processor, multiprocessors of a GPU
  int vector_width = 1;  ///< floats that it likes to take side by side; 1 on most GPUs
  bool gpu = false;
  bool doubles = false;         ///< docking needs them for its Monte Carlo decisions
  bool exact_division = false;  ///< float division and square root round as IEEE 754 says
  /// Asked for: the device's compiler may fuse a * b + c and divide less exactly. Faster where it does, and
  /// no longer the bytes of the processor.
  bool fused = false;
};

/// False when this build has no OpenCL.
bool opencl_built();

/// All devices; empty when there is none or this build has no OpenCL. Never throws.
std::vector<OpenClDevice> opencl_devices();

/// The device that "opencl:N" or "opencl:N:fused" names. Throws UsageError for another form, DeviceError when
/// it is absent or cannot run the docking kernel.
OpenClDevice opencl_device(const std::string& name);

/// What `--device` means here: "cpu" stays, "opencl:N" and "opencl:N:fused" are looked up as above, "auto" is
/// the first GPU that can dock, else "cpu".
std::string docking_device(const std::string& wanted);

}  // namespace theriac::scoring
