// The network itself, in LibTorch. Inside `generative`: users want graph_policy.hpp.
//
//   action before, unit in focus, its parent, site, phase, numbers, conditions -> GRU -> logits of all
//   actions
//
// Additions share their vectors with the action embedding: what `add pyrrole` means as a past step and as a
// choice is learned together. A ring closure points at an earlier unit by the memory the network had when
// that unit was new (pointer network, O. Vinyals et al., NeurIPS 2015).
#pragma once
#include <torch/autograd.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "generative/graph_policy.hpp"
#include "generative/policy_input.hpp"

namespace theriac::generative {

/// Sizes that the vocabulary decides.
struct ActionLayout {
  std::int64_t actions = 0, additions = 0, sites = 0, entries = 0, units = 0, extras = 0;
  explicit ActionLayout(const ActionVocabulary& vocabulary);
};

/// A PolicyBatch as tensors; the first two indices are step and molecule.
struct PolicyTensors {
  torch::Tensor previous, unit, parent, site, phase;  ///< int64 [T, B]
  torch::Tensor numbers;                              ///< float [T, B, policy_numbers]
  torch::Tensor conditions;                           ///< int64 [B, properties]
  torch::Tensor placed;                               ///< int64 [B, U]
  torch::Tensor valid;      ///< int64 [V]: entries that are no padding, first those where a unit may be added
  torch::Tensor action;     ///< int64 [V]
  torch::Tensor legal;      ///< int64 [V, words]: bit a of word a / 64
  std::int64_t adding = 0;  ///< entries of `valid` where a unit may be added
};
PolicyTensors policy_tensors(const PolicyBatch& batch, const ActionLayout& layout);

class PolicyNetworkImpl : public torch::nn::Module {
 public:
  PolicyNetworkImpl(const ActionLayout& layout, const PolicyShape& shape);

  /// Log-probability of each action taken, [V], in the order of `batch.valid`.
  torch::Tensor log_probabilities(const PolicyTensors& batch);
  /// Of each string, [B]: the sum over its actions.
  torch::Tensor string_log_probabilities(const PolicyTensors& batch);

  // The parts, for sampling step by step.
  /// [..., width] from indices of any equal shape; `conditions` [B, properties] is added along the first
  /// index.
  torch::Tensor inputs(const torch::Tensor& previous, const torch::Tensor& unit, const torch::Tensor& parent,
                       const torch::Tensor& site, const torch::Tensor& phase, const torch::Tensor& numbers,
                       const torch::Tensor& conditions);
  /// One step: x [B, width], state [layers, B, hidden] -> hidden of the last layer [B, hidden], new state.
  std::pair<torch::Tensor, torch::Tensor> step(const torch::Tensor& x, const torch::Tensor& state);
  torch::Tensor simple_logits(const torch::Tensor& hidden);    ///< stop, next, sites, entries: [N, ...]
  torch::Tensor addition_logits(const torch::Tensor& hidden);  ///< [N, additions]
  torch::Tensor closure_queries(const torch::Tensor& hidden);  ///< [N, 2, key]
  torch::Tensor closure_keys(const torch::Tensor& hidden);     ///< [N, key]

  const ActionLayout layout;
  const PolicyShape shape;
  static constexpr std::int64_t key = 64;

 private:
  torch::nn::Embedding action_embedding_{nullptr}, unit_embedding_{nullptr}, parent_embedding_{nullptr},
      site_embedding_{nullptr}, phase_embedding_{nullptr}, condition_embedding_{nullptr};
  torch::nn::Linear number_layer_{nullptr}, simple_{nullptr}, addition_query_{nullptr},
      closure_query_{nullptr}, closure_key_{nullptr};
  torch::Tensor addition_bias_;
  torch::nn::GRU memory_{nullptr};
};
TORCH_MODULE(PolicyNetwork);

/// Threads that LibTorch may use from this thread on, until destroyed.
class TorchThreads {
 public:
  explicit TorchThreads(int threads) : before_(torch::get_num_threads()) { torch::set_num_threads(threads); }
  ~TorchThreads() { torch::set_num_threads(before_); }
  TorchThreads(const TorchThreads&) = delete;
  TorchThreads& operator=(const TorchThreads&) = delete;

 private:
  int before_;
};

}  // namespace theriac::generative
