// The network of a GraphPolicy as sampling needs it: step by step, for a batch of molecules, without
// LibTorch.
//
// The same numbers as policy_network.hpp up to rounding (tests compare likelihoods), in another order of
// work:
//   - what an embedding adds to the first layer is multiplied out once, so that a step adds table rows;
//   - the logits of additions, thousands, are computed only for molecules that may add a unit now;
//   - weights are packed once for sampling_kernel.h.
// Inside `generative`.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generative/policy_engine.hpp"
#include "generative/step_network.hpp"

namespace theriac::generative {

static_assert(sampling_kernel_lanes == sampling_lanes);

/// Names and shapes of the network's tensors, in the order of a file of weights; the numbers are left empty.
std::vector<PolicyWeights> policy_tensor_list(const ActionVocabulary& vocabulary, const PolicyShape& shape);

/// `simd` as for docking_kernel(). Throws UsageError for an unknown one.
const SamplingKernel& sampling_kernel(const std::string& simd);

class SamplingNetwork final : public StepNetwork {
 public:
  /// `weights` as `policy_tensor_list` names them. `simd` as for docking_kernel(). Throws ModelError when a
  /// tensor is missing or has another shape.
  SamplingNetwork(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                  const std::vector<PolicyWeights>& weights, const std::string& simd = "auto");

  int lanes() const override { return sampling_lanes; }
  std::unique_ptr<StepBatch> batch() const override;

 private:
  class Batch;
  struct Layer {
    std::vector<float> input_weights, input_bias;  ///< packed; the first layer has tables instead
    std::vector<float> hidden_weights, hidden_bias;
  };
  /// Rows of an embedding, each multiplied through the first layer: [entry][row].
  struct Table {
    std::vector<float> rows;
  };
  class Reader;
  void read_tables(const Reader& reader);
  void read_heads(const Reader& reader);
  void read_additions(const Reader& reader, const ActionVocabulary& vocabulary);
  const float* row(const Table& table, std::int64_t entry) const { return table.rows.data() + entry * rows_; }

  const SamplingKernel* kernel_;
  PolicyShape shape_;
  int units_ = 0;  ///< hidden units, padded to an even number
  int rows_ = 0;   ///< three gates of them
  Table action_, unit_, parent_, site_, phase_, condition_;
  std::vector<float> number_weights_, number_bias_;  ///< the small layer, as it is
  int number_units_ = 0;
  std::vector<float> number_rows_;  ///< packed: its units through the first layer
  std::vector<Layer> layers_;
  std::vector<float> head_weights_, head_bias_;  ///< packed: simple, addition query, closure queries, key
  HeadRows head_rows_;
  std::vector<float> addition_panels_;  ///< [panel of 64 additions][embedding and bias][64]
  int addition_count_ = 0, addition_padded_ = 0;
};

}  // namespace theriac::generative
