// Sampling on a device of LibTorch: the network there, legal actions and choices on the processor. Inside
// `generative`, part of the library of networks.
//
// Every step sends what the molecules of a batch look like and fetches the outputs of the last layer: a few
// numbers a molecule, and the logits of all additions for those that may add a unit. A GPU is asked for many
// molecules at once; while it computes for one thread, others work out legal actions. A batch always has the
// same number of rows, busy or not, so that a molecule does not depend on how many are asked for.
#pragma once
#include <memory>

#include "generative/policy_network.hpp"
#include "generative/step_network.hpp"

namespace theriac::generative {

class DeviceSampler final : public StepNetwork {
 public:
  /// Uses the network's weights as they are at each step.
  DeviceSampler(const ActionVocabulary& vocabulary, std::shared_ptr<PolicyNetwork> network);

  int lanes() const override { return 256; }
  /// Steps throw DeviceError when the device fails.
  std::unique_ptr<StepBatch> batch() const override;

 private:
  const HeadRows head_rows_;
  std::shared_ptr<PolicyNetwork> network_;
};

}  // namespace theriac::generative
