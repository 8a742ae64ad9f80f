// ProGen2's network in LibTorch, for training. Inside `generative`: users want protein_training.hpp.
#pragma once
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "generative/protein_training.hpp"

namespace theriac::generative {

/// Rows without their padding: N tokens, of which L have a target.
struct ProteinTensors {
  torch::Tensor token;                    ///< int64 [N]
  std::vector<std::int64_t> bounds;       ///< first token of each segment, and N
  std::vector<std::size_t> place;         ///< [N]: of each token in the rows
  std::vector<std::size_t> target_place;  ///< [L]: of each token that has a target, in the rows
  torch::Tensor learned;                  ///< int64 [L]: those of the N tokens that have a target
  torch::Tensor target;                   ///< int64 [L]
};
/// Rows [first, last).
ProteinTensors protein_tensors(const ProteinRows& rows, std::int64_t first, std::int64_t last,
                               const torch::Device& device);

/// Weights by their published names, in a fixed order.
class ProteinNetwork {
 public:
  /// With random weights, the same on every device. `own_kernels`: attention and Adam by
  /// attention_kernels.hpp and policy_kernels.hpp, on the processor only; else by LibTorch's operations.
  ProteinNetwork(const ProteinShape& shape, std::uint64_t seed, const torch::Device& device,
                 bool own_kernels);

  /// Logits [places, 32] after those of the N tokens; after all when `places` is undefined.
  torch::Tensor logits(const ProteinTensors& batch, const torch::Tensor& places) const;

  /// What a GPU, which wants much at once, takes: scores of attention then fill 270 MB a layer at most, with
  /// the sizes that are trained by default.
  static constexpr std::int64_t tokens_on_device = 8192;

  ProteinShape shape;
  torch::Device device;
  bool own_kernels;
  std::vector<std::string> names;
  std::vector<torch::Tensor> parameters;
  bool is_matrix(std::size_t i) const;  ///< a weight inside a layer: Muon's

 private:
  struct Layer {
    torch::Tensor norm_weight, norm_bias, qkv, out, in_weight, in_bias, back_weight, back_bias;
  };
  torch::Tensor embedding_, final_weight_, final_bias_, head_weight_, head_bias_, cosines_, sines_;
  std::vector<Layer> layers_;
};

}  // namespace theriac::generative
