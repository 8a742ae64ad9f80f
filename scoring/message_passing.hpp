// The message-passing network itself, in LibTorch. Inside `scoring`, part of the library of networks; users
// want message_engine.hpp.
#pragma once
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "scoring/message_batch.hpp"
#include "scoring/message_engine.hpp"

namespace theriac::scoring {

/// A MessageBatch as tensors on a device.
struct MessageTensors {
  std::int64_t molecules = 0, atoms = 0;
  torch::Tensor kind, bond;                    ///< float [kinds, 72] and [E, 14]
  torch::Tensor kind_of_atom, kind_of_source;  ///< int64 [A] and [E]
  torch::Tensor source, target, reverse;       ///< int64 [E]
  torch::Tensor molecule;                      ///< int64 [A]
  torch::Tensor share;                         ///< float [M, 1]: one over the atoms of a molecule
  torch::Tensor extras;                        ///< float [M, extras]; undefined without
};
/// `extras`: one row of `shape.extras` numbers per molecule; may be null when there are none.
MessageTensors message_tensors(const MessageBatch& batch, const float* extras, const MessageShape& shape,
                               const torch::Device& device);

/// The weights and what they compute.
class MessagePassing {
 public:
  MessagePassing(const MessageShape& shape, std::uint64_t seed, const torch::Device& device);

  /// [M, outputs]. `kept`: undefined, or what dropout leaves of the molecule's vector [M, ...] and of the
  /// layer behind it, as factors.
  torch::Tensor outputs(const MessageTensors& batch, const torch::Tensor& molecule_kept = {},
                        const torch::Tensor& head_kept = {}) const;

  MessageShape shape;
  torch::Device device;
  std::vector<torch::Tensor> parameters;  ///< in the order of message_tensor_list

 private:
  torch::Tensor molecule_vectors(const MessageTensors& batch) const;
};

}  // namespace theriac::scoring
