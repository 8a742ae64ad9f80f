// One of gnina's networks in LibTorch, for a GPU. The library of networks implements it
// (datasets/network_library.hpp).
//
// On the processor GninaNetwork is faster and needs no LibTorch; tests hold the two together.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/gnina_network.hpp"

namespace theriac::scoring {

class GninaEngine {
 public:
  virtual ~GninaEngine() = default;
  /// One output per grid of 28 x 48 x 48 x 48 numbers, which follow each other. Safe to call from several
  /// threads. Throws DeviceError when the device fails, out of memory for example.
  virtual std::vector<GninaOutput> outputs(const std::vector<float>& grids) const = 0;
};

/// Found by datasets::network_maker<GninaEngineMaker>().
class GninaEngineMaker {
 public:
  static constexpr const char* network = "gnina";
  virtual ~GninaEngineMaker() = default;
  /// `device` as LibTorch names it, "cpu" or "cuda:0". Throws DeviceError when it is not there.
  virtual std::unique_ptr<GninaEngine> make(const GninaWeights& weights, const std::string& device) const = 0;
};

}  // namespace theriac::scoring
