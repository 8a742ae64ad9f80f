// theriac doctor --check DEVICE: does a device give the numbers of the processor, here and now?
//
// A GPU differs from the machines on which Theriac was tested: by its driver, its compiler, its libraries. So
// whoever has one can see in a minute what holds on it, before trusting a campaign to it.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct DeviceFinding {
  std::string part;    ///< "docking: energies"
  std::string result;  ///< "64 poses: the same bytes"
  bool good = false;   ///< within what docs/gpu.md states
  double seconds_there = 0,
         seconds_here = 0;  ///< of the device, after a warm-up, and of the processor; wall time, once
};

/// "opencl:N" or "opencl:N:fused": docking of starter molecules into the example receptor, beside the
/// processor's. "cuda:N": shipped networks beside LibTorch's on the processor; "libtorch": these beside
/// Theriac's own kernels. Throws UsageError for another name, DeviceError when the device is absent or fails,
/// ModelError when the library of networks or a shipped model is missing.
std::vector<DeviceFinding> check_device(const std::string& device);

}  // namespace theriac::cli
