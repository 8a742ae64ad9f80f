#include "generative/policy_network_holder.hpp"

#include <algorithm>
#include <numeric>

#include "chem/error.hpp"
#include "generative/policy_optimiser.hpp"

namespace theriac::generative {
namespace {

class Maker final : public PolicyEngineMaker {
  std::unique_ptr<PolicyEngine> make(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                                     std::uint64_t seed) const override {
    torch::manual_seed(seed);
    auto engine = std::make_unique<PolicyNetworkHolder>(vocabulary, shape);
    engine->network->eval();
    return engine;
  }
};

class Learner final : public PolicyLearnerEngine {
 public:
  Learner(PolicyNetwork network, double gradient_limit)
      : network_(std::move(network)), optimiser_(network_, gradient_limit) {}

  double step(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings,
              const std::function<double(std::size_t i, double log_probability)>& slope,
              double rate) override {
    // Strings of like length side by side: less is padded.
    std::vector<std::size_t> order(strings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return strings[a].size() < strings[b].size(); });
    const auto bounds = shard_bounds(strings.size());
    std::vector<PolicyBatch> shards;
    for (const auto& [first, last] : bounds) {
      std::vector<std::vector<Action>> part;
      for (std::size_t i = first; i < last; ++i) part.push_back(strings[order[i]]);
      shards.push_back(policy_batch(plan, part));
    }
    return optimiser_.step(
        shards,
        [&](std::size_t s, std::size_t m, double value) { return slope(order[bounds[s].first + m], value); },
        rate);
  }

 private:
  PolicyNetwork network_;
  PolicyOptimiser optimiser_;
};

}  // namespace

const PolicyEngineMaker& policy_engine_maker() {
  static const Maker maker;
  return maker;
}

PolicyNetworkHolder& GraphPolicy::network() {
  return static_cast<PolicyNetworkHolder&>(engine());
}

std::vector<PolicyWeights> PolicyNetworkHolder::weights() {
  std::vector<PolicyWeights> out;
  for (const auto& parameter : network->named_parameters()) {
    const auto tensor = parameter.value().detach().contiguous();
    const float* data = tensor.data_ptr<float>();
    out.push_back({parameter.key(), tensor.sizes().vec(), {data, data + tensor.numel()}});
  }
  return out;
}

void PolicyNetworkHolder::set_weights(const std::vector<PolicyWeights>& weights) {
  const torch::NoGradGuard no_gradients;
  auto parameters = network->named_parameters();
  for (const auto& [name, shape, numbers] : weights) {
    torch::Tensor* tensor = parameters.find(name);
    if (!tensor || tensor->sizes() != torch::IntArrayRef(shape))
      throw ModelError("the network has no tensor '" + name + "' of this shape");
    std::copy(numbers.begin(), numbers.end(), tensor->data_ptr<float>());
  }
}

std::vector<double> PolicyNetworkHolder::log_likelihoods(const GenerationPlan& plan,
                                                         const std::vector<std::vector<Action>>& strings) {
  constexpr std::size_t at_once = 256;
  const torch::InferenceMode inference;
  std::vector<double> out(strings.size(), 0);
  for (std::size_t first = 0; first < strings.size(); first += at_once) {
    const std::size_t n = std::min(at_once, strings.size() - first);
    const auto begin = strings.begin() + static_cast<std::ptrdiff_t>(first);
    const auto batch = policy_batch(plan, {begin, begin + static_cast<std::ptrdiff_t>(n)});
    const auto tensors = policy_tensors(batch, network->layout);
    const auto values = network->string_log_probabilities(tensors);
    std::copy_n(values.data_ptr<float>(), n, out.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return out;
}

std::unique_ptr<PolicyLearnerEngine> PolicyNetworkHolder::learner(double gradient_limit) {
  return std::make_unique<Learner>(network, gradient_limit);
}

}  // namespace theriac::generative
