#include "scoring/opencl_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "chem/error.hpp"
#include "scoring/opencl_handles.h"

namespace theriac::scoring {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
  return text;
}

OpenClDevice description(const cl::Device& handle, int number) {
  OpenClDevice d;
  d.number = number;
  d.name = trimmed(handle.getInfo<CL_DEVICE_NAME>());
  d.platform = trimmed(cl::Platform(handle.getInfo<CL_DEVICE_PLATFORM>()).getInfo<CL_PLATFORM_NAME>());
  d.driver = trimmed(handle.getInfo<CL_DRIVER_VERSION>());
  d.memory_bytes = static_cast<double>(handle.getInfo<CL_DEVICE_GLOBAL_MEM_SIZE>());
  d.largest_buffer_bytes = static_cast<double>(handle.getInfo<CL_DEVICE_MAX_MEM_ALLOC_SIZE>());
  d.units = static_cast<int>(handle.getInfo<CL_DEVICE_MAX_COMPUTE_UNITS>());
  d.vector_width = static_cast<int>(handle.getInfo<CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT>());
  d.gpu = (handle.getInfo<CL_DEVICE_TYPE>() & CL_DEVICE_TYPE_GPU) != 0;
  d.doubles = handle.getInfo<CL_DEVICE_DOUBLE_FP_CONFIG>() != 0;
  d.exact_division =
      (handle.getInfo<CL_DEVICE_SINGLE_FP_CONFIG>() & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
  return d;
}

}  // namespace

std::vector<cl::Device> opencl_handles() {
  std::vector<cl::Device> all;
  std::vector<cl::Platform> platforms;
  cl::Platform::get(&platforms);
  for (const auto& platform : platforms) {
    std::vector<cl::Device> devices;
    try {
      platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
    } catch (const cl::Error&) {  // a driver without a device
    }
    all.insert(all.end(), devices.begin(), devices.end());
  }
  return all;
}

bool opencl_built() {
  return true;
}

std::vector<OpenClDevice> opencl_devices() {
  std::vector<OpenClDevice> devices;
  try {
    for (const auto& handle : opencl_handles())
      devices.push_back(description(handle, static_cast<int>(devices.size())));
  } catch (const cl::Error&) {  // no driver at all
  }
  return devices;
}

OpenClDevice opencl_device(const std::string& name) {
  static const std::regex form("opencl:([0-9]{1,3})(:fused)?");
  std::smatch parts;
  if (!std::regex_match(name, parts, form))
    throw UsageError(fmt::format("unknown device '{}'", name),
                     "devices for docking: auto, cpu, opencl:0, opencl:0:fused, opencl:1 ...; theriac doctor "
                     "lists them");
  auto devices = opencl_devices();
  const auto number = static_cast<std::size_t>(std::stoi(parts[1]));
  if (devices.empty())
    throw DeviceError(
        fmt::format("there is no OpenCL device, so no '{}'", name),
        "--device cpu docks without one; install the driver of the GPU, or pocl-opencl-icd, which "
        "runs OpenCL on the processor");
  if (number >= devices.size())
    throw DeviceError(fmt::format("there is no device '{}'; the last one is 'opencl:{}' ({})", name,
                                  devices.size() - 1, devices.back().name),
                      "theriac doctor lists the devices; --device cpu docks without one");
  if (!devices[number].doubles)
    throw DeviceError(fmt::format("device '{}' ({}) has no double precision", name, devices[number].name),
                      "docking needs it for its Monte Carlo decisions; use --device cpu");
  devices[number].fused = parts[2].matched;
  return devices[number];
}

std::string docking_device(const std::string& wanted) {
  if (wanted == "cpu") return wanted;
  if (wanted != "auto") {
    const auto device = opencl_device(wanted);
    return fmt::format("opencl:{}{}", device.number, device.fused ? ":fused" : "");
  }
  for (const auto& device : opencl_devices())
    if (device.gpu && device.doubles) return fmt::format("opencl:{}", device.number);
  return "cpu";
}

}  // namespace theriac::scoring
