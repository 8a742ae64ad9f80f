// A policy network as sampling needs it: step by step, many molecules side by side in the lanes of a batch.
//
// Two compute it: sampling_network.hpp with kernels of our own and no LibTorch, and the library of networks
// on a device of LibTorch (PolicyEngine::sampler). Inside `generative`.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "generative/graph_policy.hpp"
#include "generative/policy_input.hpp"
#include "generative/sampling_kernel.h"

namespace theriac::generative {

constexpr int policy_key = 64;  ///< numbers of a pointer's key and query

/// Where the outputs of the last layer stand: stop, next focus, sites and entries come first.
struct HeadRows {
  int query = 0;    ///< of additions, as many numbers as an action's vector
  int closure = 0;  ///< queries for a closure by a single and by a double bond
  int key = 0;      ///< of the unit that is new
  int count = 0;
  HeadRows(const ActionVocabulary& vocabulary, const PolicyShape& shape);
};

/// What one batch remembers and computes. One per thread.
class StepBatch {
 public:
  virtual ~StepBatch() = default;
  /// Lane `l` forgets; `bins` as SamplingOptions::conditions.
  virtual void clear(int l, const std::vector<std::uint8_t>& bins) = 0;
  /// What lane `l` sees at the next step.
  virtual void show(int l, const PolicyInput& input) = 0;
  /// One step of all lanes; the logits of additions for the lanes listed.
  virtual void step(const std::vector<int>& adding) = 0;

  /// Index as in the layer: stop, next focus, sites, entries.
  float simple_logit(int l, int index) const { return head(index, l); }
  /// Of all additions; lane `place` of the list given to `step`.
  const float* addition_logits(std::size_t place) const { return additions_ + place * addition_stride_; }
  /// The key of what is new at this step, `policy_key` numbers.
  void copy_key(int l, float* out) const {
    for (int k = 0; k < policy_key; ++k) out[k] = head(head_rows_.key + k, l);
  }
  /// Product of a key with the lane's query for a closure by a bond of this order.
  double closure_logit(int l, int order, const float* key) const {
    double sum = 0;
    for (int k = 0; k < policy_key; ++k)
      sum += static_cast<double>(head(head_rows_.closure + (order - 1) * policy_key + k, l)) * key[k];
    return sum;
  }
  /// As SamplingKernel's.
  void exponentials(const float* in, int count, float shift, float scale, float* out) const {
    kernel_.exponentials(in, count, shift, scale, out);
  }

 protected:
  StepBatch(const HeadRows& rows, int lanes, const SamplingKernel& kernel)
      : head_rows_(rows), lanes_(static_cast<std::size_t>(lanes)), kernel_(kernel) {}
  float head(int row, int l) const {
    return heads_[static_cast<std::size_t>(row) * lanes_ + static_cast<std::size_t>(l)];
  }

  const HeadRows head_rows_;
  const std::size_t lanes_;
  const SamplingKernel& kernel_;
  const float* heads_ = nullptr;      ///< [row][lane]
  const float* additions_ = nullptr;  ///< [place][addition_stride_]
  std::size_t addition_stride_ = 0;
};

class StepNetwork {
 public:
  virtual ~StepNetwork() = default;
  /// Of a batch; fixed, so that a molecule's numbers do not depend on how many are asked for.
  virtual int lanes() const = 0;
  /// Must not outlive the network. Safe for many threads.
  virtual std::unique_ptr<StepBatch> batch() const = 0;
};

}  // namespace theriac::generative
