#include "scoring/simd_level.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "scoring/docking_kernel.h"

extern const DockingKernel docking_kernel_scalar;
extern const DockingKernel docking_kernel_baseline;
#if defined(__x86_64__)
extern const DockingKernel docking_kernel_avx2;
extern const DockingKernel docking_kernel_avx512;
#endif

namespace theriac::scoring {
namespace {

std::vector<const DockingKernel*> available() {
  std::vector<const DockingKernel*> kernels{&docking_kernel_scalar, &docking_kernel_baseline};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) kernels.push_back(&docking_kernel_avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    kernels.push_back(&docking_kernel_avx512);
#endif
  return kernels;
}

}  // namespace

const DockingKernel& docking_kernel(const std::string& wanted) {
  const auto kernels = available();
  if (wanted == "auto") return *kernels.back();
  for (const auto* kernel : kernels)
    if (wanted == kernel->name) return *kernel;
  throw UsageError(fmt::format("SIMD level '{}' is unknown or not on this processor", wanted),
                   "known here: auto, " + fmt::format("{}", fmt::join(simd_levels(), ", ")));
}

std::vector<std::string> simd_levels() {
  std::vector<std::string> names;
  for (const auto* kernel : available()) names.push_back(kernel->name);
  return names;
}

}  // namespace theriac::scoring
