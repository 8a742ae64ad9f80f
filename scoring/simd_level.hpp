// Which instruction set the docking kernel runs on: chosen at run time, the same results at every level.
#pragma once
#include <string>
#include <vector>

struct DockingKernel;

namespace theriac::scoring {

/// The kernel for `wanted`: "auto" (the widest this processor has), "scalar" (one chain at a time),
/// "baseline", "avx2" or "avx512". Throws UsageError when the name is unknown or the processor lacks it.
const DockingKernel& docking_kernel(const std::string& wanted = "auto");

/// Levels this build and this processor both have, narrowest first; "scalar" and "baseline" are always there.
std::vector<std::string> simd_levels();

}  // namespace theriac::scoring
