// One step of learning for the policy network, whatever is to be learned: the loss is known by its slope with
// respect to the log-probability of each string. Inside `generative`.
//
// A batch is cut into shards of fixed size that run side by side, each on one thread, and their slopes are
// summed in order: the weights come out the same, byte for byte, with any number of threads. On a device of
// LibTorch shards are larger and run one after another.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "generative/policy_network.hpp"

namespace theriac::generative {

/// Begin and end of the shards of `n` strings: two at least, of 128 strings at most; on a device of LibTorch
/// as few as there can be, of 512 at most.
std::vector<std::pair<std::size_t, std::size_t>> shard_bounds(std::size_t n, const PolicyNetwork& network);

class PolicyOptimiser {
 public:
  PolicyOptimiser(std::shared_ptr<PolicyNetwork> network, double gradient_limit);

  /// Slope of the loss with respect to the log-probability of string `m` of shard `s`, which is `value`.
  /// Called from several threads.
  using Slope = std::function<double(std::size_t s, std::size_t m, double value)>;
  /// One step of Adam; returns the sum of all log-probabilities before it. A step whose slopes are not finite
  /// changes nothing and returns NaN.
  double step(const std::vector<PolicyBatch>& shards, const Slope& slope, double rate);

  // Everything that decides the next step, for checkpoints.
  std::int64_t steps = 0;
  std::vector<std::string> names;
  std::vector<torch::Tensor> parameters, mean, square;

 private:
  struct ShardOutcome;
  ShardOutcome learned(const PolicyBatch& shard, std::size_t s, const Slope& slope);
  void update(const std::vector<torch::Tensor>& slopes, double scale, double rate);

  std::shared_ptr<PolicyNetwork> network_;
  double gradient_limit_;
};

}  // namespace theriac::generative
