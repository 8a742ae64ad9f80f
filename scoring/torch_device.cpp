#include "scoring/torch_device.hpp"

#include <fmt/format.h>
#include <torch/version.h>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

[[noreturn]] void refuse_device(const std::string& name) {
  if (name.rfind("cuda", 0) != 0)
    throw DeviceError(fmt::format("LibTorch {} has no device '{}'", TORCH_VERSION, name),
                      "use --device cpu or cuda:0");
  if (!at::globalContext().hasCUDART())
    throw DeviceError(
        fmt::format("there is no device '{}': LibTorch {} here comes without CUDA", name, TORCH_VERSION),
        "use --device cpu, or build Theriac with a CUDA version of LibTorch (docs/gpu.md)");
  throw DeviceError(fmt::format("LibTorch {} finds no device '{}'", TORCH_VERSION, name),
                    "see whether nvidia-smi lists it and this job was granted it, or use --device cpu");
}

}  // namespace

torch::Device found_device(const std::string& name) {
  // GPUs would round the factors of convolutions to ten bits (TF32), which LibTorch allows them unless told.
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
  try {
    const torch::Device place(name);
    torch::ones({1}, torch::TensorOptions().device(place)).item<float>();  // also tries the driver
    return place;
  } catch (const c10::Error&) {
    refuse_device(name);
  }
}

torch::Tensor staged(torch::IntArrayRef sizes, torch::ScalarType type, const torch::Device& device) {
  return torch::empty(sizes, torch::TensorOptions().dtype(type).pinned_memory(device.is_cuda()));
}

torch::Tensor sent(const torch::Tensor& tensor, const torch::Device& device) {
  return tensor.to(device, device.is_cuda());
}

}  // namespace theriac::scoring
