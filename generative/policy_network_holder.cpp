#include "generative/policy_network_holder.hpp"

#include <algorithm>
#include <numeric>

#include "chem/error.hpp"
#include "generative/device_sampler.hpp"
#include "generative/policy_optimiser.hpp"
#include "scoring/training_checkpoint.hpp"

namespace theriac::generative {
namespace {

constexpr const char* less_memory = "--device cpu needs little memory";

class Maker final : public PolicyEngineMaker {
  std::unique_ptr<PolicyEngine> make(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                                     std::uint64_t seed, const std::string& device) const override {
    const torch::Device place = device.empty() ? torch::Device(torch::kCPU) : scoring::found_device(device);
    torch::manual_seed(seed);
    auto engine = std::make_unique<PolicyNetworkHolder>(vocabulary, shape, place, device.empty());
    return engine;
  }
};

class Learner final : public PolicyLearnerEngine {
 public:
  Learner(std::shared_ptr<PolicyNetwork> network, double gradient_limit)
      : network_(std::move(network)), optimiser_(network_, gradient_limit) {}

  double step(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings,
              const std::function<double(std::size_t i, double log_probability)>& slope,
              double rate) override {
    // Strings of like length side by side: less is padded.
    std::vector<std::size_t> order(strings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return strings[a].size() < strings[b].size(); });
    const auto bounds = shard_bounds(strings.size(), *network_);
    std::vector<PolicyBatch> shards;
    for (const auto& [first, last] : bounds) {
      std::vector<std::vector<Action>> part;
      for (std::size_t i = first; i < last; ++i) part.push_back(strings[order[i]]);
      shards.push_back(policy_batch(plan, part));
    }
    const auto of_string = [&](std::size_t s, std::size_t m, double value) {
      return slope(order[bounds[s].first + m], value);
    };
    return scoring::on_device(network_->device, "the generator", less_memory,
                              [&] { return optimiser_.step(shards, of_string, rate); });
  }

 private:
  std::shared_ptr<PolicyNetwork> network_;
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
  for (std::size_t i = 0; i < network->names.size(); ++i)
    out.push_back({network->names[i], network->parameters[i].sizes().vec(),
                   scoring::numbers_of(network->parameters[i])});
  return out;
}

void PolicyNetworkHolder::set_weights(const std::vector<PolicyWeights>& weights) {
  for (const auto& [name, shape, numbers] : weights) {
    const auto place = std::find(network->names.begin(), network->names.end(), name);
    const auto i = static_cast<std::size_t>(place - network->names.begin());
    if (i == network->names.size() || network->parameters[i].sizes() != torch::IntArrayRef(shape))
      throw ModelError("the network has no tensor '" + name + "' of this shape");
    scoring::set_numbers(network->parameters[i], numbers);
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
    const auto values = scoring::on_device(network->device, "the generator", less_memory, [&] {
      const auto tensors = policy_tensors(batch, network->layout, network->device);
      return scoring::numbers_of(network->string_log_probabilities(tensors));
    });
    std::copy(values.begin(), values.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return out;
}

std::unique_ptr<PolicyLearnerEngine> PolicyNetworkHolder::learner(double gradient_limit) {
  return std::make_unique<Learner>(network, gradient_limit);
}

std::unique_ptr<StepNetwork> PolicyNetworkHolder::sampler() {
  return std::make_unique<DeviceSampler>(vocabulary, network);
}

}  // namespace theriac::generative
