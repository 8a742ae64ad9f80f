// A gated recurrent layer over whole strings, with its own way back, for the processor. Inside `generative`.
//
// LibTorch's own layer multiplies the recurrent weights' slope anew at each step and runs every gate as
// several passes over memory; here it is one product per layer, and one pass per step (policy_kernels.hpp).
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace theriac::generative {

/// Strings of unequal length without padding: the longest comes first, entries run step by step.
/// `active`: strings that have step 0, 1, ...; none after greater than the one before.
/// x [E, W], weights as torch::nn::GRU names them: ih [3H, W], hh [3H, H], biases [3H] -> memory after each
/// step [E, H], from nothing. Differentiable in all arguments.
torch::Tensor recurrent_layer(const torch::Tensor& x, const std::vector<std::int64_t>& active,
                              const torch::Tensor& weight_ih, const torch::Tensor& weight_hh,
                              const torch::Tensor& bias_ih, const torch::Tensor& bias_hh);

/// Several such layers, one on top of another, in LibTorch's operations, on any device: `weights` has those
/// of the first layer, then those of the second ...
torch::Tensor plain_recurrent_layers(const torch::Tensor& x, const std::vector<std::int64_t>& active,
                                     const std::vector<torch::Tensor>& weights);
/// Lays these weights side by side in one piece of memory, which CuDNN wants for its fast way; nothing on
/// other devices. The tensors stay what they are, in another place.
void join_recurrent_weights(const std::vector<torch::Tensor>& weights);

}  // namespace theriac::generative
