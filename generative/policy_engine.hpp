// The network behind a GraphPolicy where gradients are needed, as the program sees it. The library of
// networks implements it in LibTorch (datasets/network_library.hpp); users want graph_policy.hpp.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/graph_policy.hpp"

namespace theriac::generative {

class StepNetwork;
class TrainingCorpus;
struct TrainingOptions;
struct TrainingPoint;
struct TrainingResult;

/// One tensor of the network, row by row.
struct PolicyWeights {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// The learning side of PolicyLearner: weights of an engine that change, with the memory that Adam has of
/// them.
class PolicyLearnerEngine {
 public:
  virtual ~PolicyLearnerEngine() = default;
  /// As PolicyLearner's.
  virtual double step(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings,
                      const std::function<double(std::size_t i, double log_probability)>& slope,
                      double rate) = 0;
};

class PolicyEngine {
 public:
  virtual ~PolicyEngine() = default;

  virtual std::vector<PolicyWeights> weights() = 0;
  /// Names and shapes as `weights()` gives them, in that order.
  virtual void set_weights(const std::vector<PolicyWeights>& weights) = 0;

  /// As GraphPolicy's.
  virtual std::vector<double> log_likelihoods(const GenerationPlan& plan,
                                              const std::vector<std::vector<Action>>& strings) = 0;
  /// As train() in policy_training.hpp, of the policy that holds this engine.
  virtual TrainingResult train(GraphPolicy& policy, const TrainingCorpus& corpus,
                               const TrainingOptions& options, const std::string& checkpoint,
                               chem::StopToken stop,
                               const std::function<void(const TrainingPoint&)>& observe) = 0;
  /// Changes this engine's weights, and must not outlive it.
  virtual std::unique_ptr<PolicyLearnerEngine> learner(double gradient_limit) = 0;
  /// Samples with the weights as they are at each step. Must not outlive the engine.
  virtual std::unique_ptr<StepNetwork> sampler() = 0;
};

/// Found by datasets::network_maker<PolicyEngineMaker>().
class PolicyEngineMaker {
 public:
  static constexpr const char* network = "graph policy";
  virtual ~PolicyEngineMaker() = default;
  /// With random weights, the same on every device (GraphPolicy::compute_on). The vocabulary must outlive the
  /// engine. Throws DeviceError when LibTorch cannot put numbers on this device.
  virtual std::unique_ptr<PolicyEngine> make(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                                             std::uint64_t seed, const std::string& device) const = 0;
};

}  // namespace theriac::generative
