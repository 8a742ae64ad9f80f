#include "generative/policy_network_holder.hpp"

#include <algorithm>

#include "chem/error.hpp"

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

}  // namespace

const PolicyEngineMaker& policy_engine_maker() {
  static const Maker maker;
  return maker;
}

PolicyNetworkHolder& GraphPolicy::network() {
  return static_cast<PolicyNetworkHolder&>(*engine_);
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
    const auto values = network->log_probabilities(tensors).to(torch::kFloat64).contiguous();
    const double* value = values.data_ptr<double>();
    for (std::size_t i = 0, v = 0; i < batch.action.size(); ++i)
      if (batch.action[i] >= 0) out[first + i % n] += value[v++];
  }
  return out;
}

}  // namespace theriac::generative
