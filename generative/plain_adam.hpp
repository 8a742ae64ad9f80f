// Adam in LibTorch's operations, on any device. Inside `generative`, part of the library of networks.
#pragma once
#include <torch/types.h>

#include "generative/policy_kernels.hpp"

namespace theriac::generative {

/// adam_step() of policy_kernels.hpp on one tensor; the slope is already scaled. To be called without
/// gradients.
inline void plain_adam_step(const torch::Tensor& weights, const torch::Tensor& slope,
                            const torch::Tensor& mean, const torch::Tensor& square, const AdamRates& rates) {
  mean.mul_(rates.beta1).add_(slope, 1 - rates.beta1);
  square.mul_(rates.beta2).addcmul_(slope, slope, 1 - rates.beta2);
  const auto spread = (square / rates.correction2).sqrt_().add_(rates.epsilon);
  weights.addcdiv_(mean, spread, -rates.rate / rates.correction1);
}

}  // namespace theriac::generative
