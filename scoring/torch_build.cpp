#include "scoring/torch_build.hpp"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <filesystem>

namespace theriac::scoring {
namespace {

/// What stands between `before` and the next of `ends` in the description of a build; empty: nowhere.
std::string value_after(const std::string& description, const std::string& before, const char* ends) {
  const auto found = description.find(before);
  if (found == std::string::npos) return {};
  const auto start = found + before.size();
  return description.substr(start, description.find_first_of(ends, start) - start);
}

std::string file_of_libtorch() {
  Dl_info place{};
  if (!dladdr(reinterpret_cast<const void*>(&at::show_config), &place) || !place.dli_fname) return {};
  std::error_code failed;
  const auto path = std::filesystem::canonical(place.dli_fname, failed);
  return failed ? place.dli_fname : path.string();
}

}  // namespace

datasets::LoadedLibTorch loaded_libtorch() {
  const std::string description = at::show_config();
  datasets::LoadedLibTorch out;
  out.version = value_after(description, "TORCH_VERSION=", ", \n");
  out.headers = TORCH_VERSION;
  out.file = file_of_libtorch();
  const std::string mkl = value_after(description, "Math Kernel Library Version ", " -\n");
  if (!mkl.empty()) out.blas = "Intel MKL " + mkl;
  out.cuda_part = at::globalContext().hasCUDART();
  out.cuda = value_after(description, "CUDA_VERSION=", ", \n");
  out.gpus = static_cast<int>(torch::cuda::device_count());
  return out;
}

}  // namespace theriac::scoring
