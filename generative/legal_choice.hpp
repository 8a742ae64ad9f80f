// The choice among legal actions as the last layer of the policy network. Inside `generative`.
#pragma once
#include <torch/types.h>

namespace theriac::generative {

/// How many actions of each kind, in the order of their numbers after stop and next (action_vocabulary.hpp).
struct ChoiceLayout {
  std::int64_t additions = 0, sites = 0, entries = 0;
  std::int64_t closures = 0;        ///< number of the first closure
  std::int64_t closure_stride = 0;  ///< closures by a bond of one order
};

/// Log-probability of `action` [N] among the legal ones (`legal` int64 [N, words], bit a of word a / 64):
/// `simple` [N, 2 + sites + entries], `closures` [N, 2, U], `additions` [N, additions] or undefined where no
/// row may add. Differentiable in the three; logits of illegal actions get no slope.
torch::Tensor choice_log_probability(const torch::Tensor& simple, const torch::Tensor& additions,
                                     const torch::Tensor& closures, const torch::Tensor& legal,
                                     const torch::Tensor& action, const ChoiceLayout& layout);

/// The same in LibTorch's operations, on any device.
torch::Tensor plain_choice_log_probability(const torch::Tensor& simple, const torch::Tensor& additions,
                                           const torch::Tensor& closures, const torch::Tensor& legal,
                                           const torch::Tensor& action, const ChoiceLayout& layout);

}  // namespace theriac::generative
