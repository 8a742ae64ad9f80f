// The LibTorch that is loaded, by its own word. Inside `scoring`, part of the library of networks.
#pragma once
#include "datasets/network_library.hpp"

namespace theriac::scoring {

/// Looks for GPUs, which starts their driver.
datasets::LoadedLibTorch loaded_libtorch();

}  // namespace theriac::scoring
