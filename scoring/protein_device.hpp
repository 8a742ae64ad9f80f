// The passes of a protein language model on a device of LibTorch: what `--device cuda:0` of `theriac protein`
// asks for.
//
// ProteinEngine (protein_engine.hpp) computes on the processor and needs no LibTorch. Here the same weights
// go through the library of networks (datasets/network_library.hpp), which is opened for the first of these.
// Tests hold the two to 1e-4 in logits. On a GPU sums come in any order, so the last digits of a float32 are
// not fixed, and they depend on which sequences share a batch.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/protein_engine.hpp"

namespace theriac::scoring {

class ProteinLanguageModel;

class ProteinDevice {
 public:
  virtual ~ProteinDevice() = default;
  /// Both as ProteinEngine. Safe to call from several threads. Throw DeviceError when the device fails, out
  /// of memory for example.
  virtual std::vector<float> hidden_states(const std::vector<TokenRow>& rows) const = 0;
  virtual std::vector<float> logits(const std::vector<float>& hidden) const = 0;
};

/// Found by datasets::network_maker<ProteinDeviceMaker>().
class ProteinDeviceMaker {
 public:
  static constexpr const char* network = "protein language model on a device";
  virtual ~ProteinDeviceMaker() = default;
  /// Throws DeviceError when LibTorch cannot put numbers on this device, "cpu" or "cuda:0", here and now.
  virtual std::unique_ptr<ProteinDevice> make(const ProteinWeights& weights,
                                              const std::string& device) const = 0;
};

/// `device` as LibTorch names it; "cpu" is LibTorch on the processor. Throws as the maker, and ModelError
/// when the library of networks is not there.
std::unique_ptr<ProteinDevice> protein_device(const ProteinWeights& weights, const std::string& device);

/// A model of weights, or as ProteinLanguageModel::read; `device` as a user names it (device_network.hpp):
/// "cpu" is Theriac's own kernels, "auto" a GPU where there is one.
ProteinLanguageModel model_on(ProteinWeights weights, const std::string& device);
ProteinLanguageModel read_protein_model(const std::string& path, const std::string& device);

}  // namespace theriac::scoring
