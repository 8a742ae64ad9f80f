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
#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "generative/graph_policy.hpp"
#include "generative/policy_input.hpp"
#include "generative/step_network.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::generative {

/// Sizes that the vocabulary decides.
struct ActionLayout {
  std::int64_t actions = 0, additions = 0, sites = 0, entries = 0, units = 0, extras = 0;
  explicit ActionLayout(const ActionVocabulary& vocabulary);
};

/// A PolicyBatch as tensors, without its padding: E entries run step by step, the longest string first
/// (recurrent_layer.hpp). Of them, V are choices; where one action alone is legal there is nothing to choose.
struct PolicyTensors {
  std::int64_t molecules = 0, steps = 0;
  std::vector<std::int64_t> active;                   ///< strings that have step 0, 1, ...
  torch::Tensor previous, unit, parent, site, phase;  ///< int64 [E]
  torch::Tensor numbers;                              ///< float [E, policy_numbers]
  torch::Tensor molecule;                             ///< int64 [E]: its place in the batch
  torch::Tensor conditions;                           ///< int64 [B, properties]
  torch::Tensor placed;     ///< int64 [B, U]: the entry whose input first shows the unit; 0: none
  torch::Tensor choice;     ///< int64 [V]: entries, first those where a unit may be added
  torch::Tensor chooser;    ///< int64 [V]: their molecules
  torch::Tensor grid;       ///< int64 [V]: molecule * steps + step
  torch::Tensor action;     ///< int64 [V]
  torch::Tensor legal;      ///< int64 [V, words]: bit a of word a / 64
  std::int64_t adding = 0;  ///< entries of `choice` where a unit may be added
};
PolicyTensors policy_tensors(const PolicyBatch& batch, const ActionLayout& layout,
                             const torch::Device& device);

/// What L molecules see at one step, and what they were asked to be.
struct PolicyStepTensors {
  torch::Tensor previous, unit, parent, site, phase;  ///< int64 [L]
  torch::Tensor numbers;                              ///< float [L, policy_numbers]
  torch::Tensor conditions;                           ///< int64 [L, properties]
};

class PolicyNetwork {
 public:
  /// With random weights, the same on every device: LibTorch's generator of random numbers decides them.
  /// `own_kernels`: gates and choices by policy_kernels.hpp, on the processor only; else by LibTorch's
  /// operations.
  PolicyNetwork(const ActionLayout& layout, const PolicyShape& shape, const torch::Device& device,
                bool own_kernels);

  /// Of each string, [B]: the sum over its actions. The batch is on the network's device.
  torch::Tensor string_log_probabilities(const PolicyTensors& batch) const;

  /// One step of L molecules. `memory`: [L, hidden] per layer, before and after. Gives the outputs of the
  /// last layer in the order of HeadRows, [L, rows].
  torch::Tensor stepped(const PolicyStepTensors& step, std::vector<torch::Tensor>& memory) const;
  /// Of all additions, [L, additions]; `queries` [L, embedding].
  torch::Tensor addition_logits(const torch::Tensor& queries) const;

  const ActionLayout layout;
  const PolicyShape shape;
  const torch::Device device;
  const bool own_kernels;
  std::vector<std::string> names;         ///< in the order of a file of weights
  std::vector<torch::Tensor> parameters;  ///< of each name
  static constexpr std::int64_t key = policy_key;

 private:
  /// y = W x + b
  struct Dense {
    torch::Tensor weight, bias;
    torch::Tensor operator()(const torch::Tensor& x) const { return torch::addmm(bias, x, weight.t()); }
  };
  torch::Tensor parameter(const std::string& name) const;
  Dense dense(const std::string& name) const;
  torch::Tensor told(const torch::Tensor& conditions) const;
  torch::Tensor memories(const PolicyTensors& batch) const;
  torch::Tensor closure_logits(const PolicyTensors& batch, const torch::Tensor& memory,
                               const torch::Tensor& chosen) const;
  torch::Tensor choice_log_probabilities(const PolicyTensors& batch) const;

  torch::Tensor action_, unit_, parent_, site_, phase_, condition_, addition_bias_;
  Dense numbers_, simple_, addition_query_, closure_query_, closure_key_;
  std::vector<torch::Tensor> memory_;  ///< four a layer, as torch::gru takes them
};

using scoring::TorchThreads;

}  // namespace theriac::generative
