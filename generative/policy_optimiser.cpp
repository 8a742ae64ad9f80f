#include "generative/policy_optimiser.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "generative/plain_adam.hpp"
#include "generative/policy_kernels.hpp"

namespace theriac::generative {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
constexpr std::size_t shard_most = 128, shards_least = 2, device_shard_most = 512;

}  // namespace

struct PolicyOptimiser::ShardOutcome {
  double sum = 0;
  std::vector<torch::Tensor> slopes;
};

std::vector<std::pair<std::size_t, std::size_t>> shard_bounds(std::size_t n, const PolicyNetwork& network) {
  const std::size_t most = network.own_kernels ? shard_most : device_shard_most;
  const std::size_t least = network.own_kernels ? shards_least : 1;
  const std::size_t shards = std::min(n, std::max(least, (n + most - 1) / most));
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t s = 0; s < shards; ++s) out.emplace_back(s * n / shards, (s + 1) * n / shards);
  return out;
}

PolicyOptimiser::PolicyOptimiser(std::shared_ptr<PolicyNetwork> network, double gradient_limit)
    : names(network->names),
      parameters(network->parameters),
      network_(std::move(network)),
      gradient_limit_(gradient_limit) {
  for (const auto& p : parameters) {
    mean.push_back(torch::zeros_like(p));
    square.push_back(torch::zeros_like(p));
  }
}

PolicyOptimiser::ShardOutcome PolicyOptimiser::learned(const PolicyBatch& shard, std::size_t s,
                                                       const Slope& slope) {
  const TorchThreads one(1);
  const auto tensors = policy_tensors(shard, network_->layout, network_->device);
  const auto values = network_->string_log_probabilities(tensors);
  const auto here = values.detach().cpu();
  auto slopes = scoring::staged(values.sizes(), torch::kFloat32, network_->device);
  ShardOutcome outcome;
  for (std::int64_t m = 0; m < here.size(0); ++m) {
    const double value = here.data_ptr<float>()[m];
    outcome.sum += value;
    slopes.data_ptr<float>()[m] = static_cast<float>(slope(s, static_cast<std::size_t>(m), value));
  }
  outcome.slopes = torch::autograd::grad({values}, parameters, {scoring::sent(slopes, network_->device)},
                                         false, false, true);
  return outcome;
}

double PolicyOptimiser::step(const std::vector<PolicyBatch>& shards, const Slope& slope, double rate) {
  const TorchThreads single(1);
  std::vector<ShardOutcome> outcomes(shards.size());
  if (network_->own_kernels)
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, shards.size(), 1),
        [&](const auto& range) {
          for (std::size_t s = range.begin(); s < range.end(); ++s)
            outcomes[s] = learned(shards[s], s, slope);
        },
        tbb::simple_partitioner());
  else
    for (std::size_t s = 0; s < shards.size(); ++s) outcomes[s] = learned(shards[s], s, slope);
  const torch::NoGradGuard no_gradients;
  double sum = 0, norm = 0;
  std::vector<torch::Tensor> total(parameters.size());
  for (const auto& outcome : outcomes) {
    sum += outcome.sum;
    for (std::size_t i = 0; i < total.size(); ++i) {
      if (!outcome.slopes[i].defined()) continue;
      if (total[i].defined())
        total[i].add_(outcome.slopes[i]);
      else
        total[i] = outcome.slopes[i].contiguous().clone();
    }
  }
  for (const auto& t : total)
    if (t.defined()) norm += std::pow(t.norm().item<double>(), 2);
  norm = std::sqrt(norm);
  if (!std::isfinite(norm)) return std::numeric_limits<double>::quiet_NaN();
  update(total, norm > gradient_limit_ ? gradient_limit_ / norm : 1, rate);
  return sum;
}

void PolicyOptimiser::update(const std::vector<torch::Tensor>& slopes, double scale, double rate) {
  ++steps;
  const auto t = static_cast<double>(steps);
  const AdamRates rates{static_cast<float>(rate),
                        static_cast<float>(beta1),
                        static_cast<float>(beta2),
                        static_cast<float>(epsilon),
                        static_cast<float>(1 - std::pow(beta1, t)),
                        static_cast<float>(1 - std::pow(beta2, t))};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!slopes[i].defined()) continue;
    if (!network_->own_kernels) {
      plain_adam_step(parameters[i], slopes[i].mul_(scale), mean[i], square[i], rates);
      continue;
    }
    float *weights = parameters[i].data_ptr<float>(), *m = mean[i].data_ptr<float>(),
          *v = square[i].data_ptr<float>();
    const float* g = slopes[i].data_ptr<float>();
    tbb::parallel_for(
        tbb::blocked_range<std::int64_t>(0, parameters[i].numel(), 1 << 16), [&](const auto& range) {
          const std::int64_t at = range.begin();
          adam_step(range.end() - at, weights + at, g + at, static_cast<float>(scale), m + at, v + at, rates);
        });
  }
}

}  // namespace theriac::generative
