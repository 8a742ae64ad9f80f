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
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "generative/policy_engine.hpp"
#include "generative/policy_input.hpp"
#include "generative/sampling_kernel.h"

namespace theriac::generative {

static_assert(sampling_kernel_lanes == sampling_lanes);

/// Names and shapes of the network's tensors, in the order of a file of weights; the numbers are left empty.
std::vector<PolicyWeights> policy_tensor_list(const ActionVocabulary& vocabulary, const PolicyShape& shape);

class SamplingNetwork {
 public:
  /// `weights` as `policy_tensor_list` names them. `simd` as for docking_kernel(). Throws ModelError when a
  /// tensor is missing or has another shape.
  SamplingNetwork(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                  const std::vector<PolicyWeights>& weights, const std::string& simd = "auto");

  /// What one batch remembers and computes. One per thread.
  class Batch {
   public:
    explicit Batch(const SamplingNetwork& network);
    /// Lane `l` forgets; `bins` as SamplingOptions::conditions.
    void clear(int l, const std::vector<std::uint8_t>& bins);
    /// What lane `l` sees at the next step.
    void show(int l, const PolicyInput& input);
    /// One step of all lanes; the logits of additions for the lanes listed.
    void step(const std::vector<int>& adding);

    /// Index as in the layer: stop, next focus, sites, entries.
    float simple_logit(int l, int index) const { return head(index, l); }
    /// Of the n-th addition; lane `place` of the list given to `step`.
    const float* addition_logits(std::size_t place) const {
      return additions_.data() + place * static_cast<std::size_t>(network_.addition_stride_);
    }
    /// The key of what is new at this step, `policy_key` numbers.
    void copy_key(int l, float* out) const;
    /// As SamplingKernel's.
    void exponentials(const float* in, int count, float shift, float scale, float* out) const {
      network_.kernel_->exponentials(in, count, shift, scale, out);
    }
    /// Product of a key with the lane's query for a closure of this order.
    double closure_logit(int l, int order, const float* key) const;

   private:
    float head(int row, int l) const {
      return heads_[static_cast<std::size_t>(row) * sampling_kernel_lanes + static_cast<std::size_t>(l)];
    }
    void first_starts();
    void add_logits(const std::vector<int>& adding);

    const SamplingNetwork& network_;
    std::vector<float> lane_sums_;                   ///< [lane][row]: what the tables add
    std::vector<float> told_;                        ///< [lane][row]: what the conditions add, with the bias
    std::vector<float> numbers_;                     ///< [number][lane]
    std::vector<float> starts_;                      ///< [row][lane]
    std::vector<std::vector<float>> hidden_, next_;  ///< per layer [unit][lane]
    std::vector<float> heads_;                       ///< [row][lane]
    std::vector<float> queries_;                     ///< packed as weights
    std::vector<float> additions_;                   ///< [place][addition]
  };

  static constexpr int policy_key = 64;

 private:
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
  std::vector<float> input_bias_;   ///< of the first layer, per row
  std::vector<Layer> layers_;
  std::vector<float> head_weights_, head_bias_;  ///< packed: simple, addition query, closure queries, key
  int head_rows_ = 0, query_row_ = 0, closure_row_ = 0, key_row_ = 0;
  std::vector<float> addition_panels_;  ///< [panel of 64 additions][embedding and bias][64]
  int addition_count_ = 0, addition_stride_ = 0;
};

}  // namespace theriac::generative
