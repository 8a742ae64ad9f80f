// A gated recurrent layer over whole strings, with its own way back. Inside `generative`.
//
// LibTorch's own layer multiplies the recurrent weights' slope anew at each step and runs every gate as
// several passes over memory; here it is one product per layer, and one pass per step (policy_kernels.hpp).
#pragma once
#include <torch/types.h>

namespace theriac::generative {

/// x [T, B, W], weights as torch::nn::GRU names them: ih [3H, W], hh [3H, H], biases [3H] -> memory after
/// each step [T, B, H], from nothing. Differentiable in all arguments.
torch::Tensor recurrent_layer(const torch::Tensor& x, const torch::Tensor& weight_ih,
                              const torch::Tensor& weight_hh, const torch::Tensor& bias_ih,
                              const torch::Tensor& bias_hh);

/// One step, without a way back: x [B, W], memory [B, H] -> new memory [B, H].
torch::Tensor recurrent_step(const torch::Tensor& x, const torch::Tensor& memory,
                             const torch::Tensor& weight_ih, const torch::Tensor& weight_hh,
                             const torch::Tensor& bias_ih, const torch::Tensor& bias_hh);

}  // namespace theriac::generative
