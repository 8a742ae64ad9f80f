// Devices of LibTorch for tests of `--device` where there is no GPU. What a test on it shows, and what not,
// stands in tests/pretend_device/pretend_device.cpp.
//
//     const auto engine = datasets::network_maker<MessageEngineMaker>().make(shape, seed, pretend_device());
//
// A test program gets it by `theriac_pretend_device(NAME)` in CMake.
#pragma once
#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "datasets/network_library.hpp"
#include "tests/pretend_device/pretend_device_use.hpp"

namespace theriac {

inline void* pretend_device_library() {
  static void* const library = [] {
    datasets::network_library();  // LibTorch, which it extends
    void* opened = dlopen(THERIAC_PRETEND_DEVICE, RTLD_NOW | RTLD_LOCAL);
    if (!opened) throw std::runtime_error(dlerror());
    return opened;
  }();
  return library;
}

/// Its name for LibTorch; the first call makes it known there. To be called before anything in the process
/// learns, on the processor too: LibTorch counts its devices at the first backward pass.
inline std::string pretend_device() {
  pretend_device_library();
  return "privateuseone:0";
}

/// There are two, as in a computer with two GPUs. This one is not the one that LibTorch takes unless told.
inline std::string second_pretend_device() {
  pretend_device_library();
  return "privateuseone:1";
}

/// Until now, in this process.
inline PretendDeviceUse pretend_device_use() {
  using Use = PretendDeviceUse (*)();
  return reinterpret_cast<Use>(dlsym(pretend_device_library(), "theriac_pretend_device_use"))();
}

/// What a GPU would refuse and it does not: an operation given tensors of both places; empty as it should be.
inline std::string pretend_device_accepts() {
  using Accepts = const char* (*)();
  return reinterpret_cast<Accepts>(dlsym(pretend_device_library(), "theriac_pretend_device_accepts"))();
}

}  // namespace theriac
