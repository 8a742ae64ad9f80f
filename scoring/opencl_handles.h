// The C++ binding of OpenCL as Theriac uses it. Only for the files that talk to a device.
#pragma once
#define CL_HPP_ENABLE_EXCEPTIONS
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <CL/opencl.hpp>
#include <vector>

namespace theriac::scoring {

/// In the order in which `opencl:N` counts them.
std::vector<cl::Device> opencl_handles();

}  // namespace theriac::scoring
