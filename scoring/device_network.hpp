// A trained message-passing network on a device of LibTorch: what `--device cuda:0` of `theriac predict` asks
// for.
//
// MessageNetwork (message_network.hpp) computes on the processor and needs no LibTorch. Here the same weights
// go through the library of networks (datasets/network_library.hpp), which is opened for the first of these.
// Tests hold the two to 1e-4 of an output. On a GPU sums come in any order, so the last digits of a float32
// are not fixed, and they depend on which molecules share a batch.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/message_network.hpp"

namespace theriac::scoring {

class DeviceNetwork {
 public:
  /// `device` as LibTorch names it: "cuda:0"; "cpu" is LibTorch on the processor. Throws DeviceError when it
  /// is not there and ModelError when the library of networks is not.
  DeviceNetwork(const MessageNetwork& network, const std::string& device);
  ~DeviceNetwork();

  /// As MessageNetwork::predict. Throws DeviceError when the device fails.
  std::vector<double> predict(const std::vector<chem::Molecule>& molecules,
                              const std::vector<float>& extras = {}) const;

 private:
  std::vector<MessageTask> tasks_;
  std::unique_ptr<MessageEngine> engine_;
};

/// True for "cpu", "auto" and "cuda:N".
bool names_prediction_device(const std::string& name);

/// Where networks compute for a user who asks for this: "cpu" (Theriac's own kernels, without LibTorch) and
/// "cuda:N" as they are; "auto" is "cuda:0" where LibTorch has it and else "cpu", also without the library of
/// networks. Throws UsageError for another name, and for a GPU what DeviceNetwork throws.
std::string prediction_device(const std::string& wanted);

}  // namespace theriac::scoring
