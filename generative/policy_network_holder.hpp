// The PolicyEngine in LibTorch: what a GraphPolicy holds, so that the program does without it. Inside
// `generative`, part of the library of networks.
#pragma once
#include "generative/policy_engine.hpp"
#include "generative/policy_network.hpp"

namespace theriac::generative {

struct PolicyNetworkHolder final : PolicyEngine {
  const ActionVocabulary& vocabulary;
  std::shared_ptr<PolicyNetwork> network;

  PolicyNetworkHolder(const ActionVocabulary& words, const PolicyShape& shape, const torch::Device& device,
                      bool own_kernels)
      : vocabulary(words),
        network(std::make_shared<PolicyNetwork>(ActionLayout(words), shape, device, own_kernels)) {}

  std::vector<PolicyWeights> weights() override;
  void set_weights(const std::vector<PolicyWeights>& weights) override;
  std::vector<double> log_likelihoods(const GenerationPlan& plan,
                                      const std::vector<std::vector<Action>>& strings) override;
  TrainingResult train(GraphPolicy& policy, const TrainingCorpus& corpus, const TrainingOptions& options,
                       const std::string& checkpoint, chem::StopToken stop,
                       const std::function<void(const TrainingPoint&)>& observe) override;
  std::unique_ptr<PolicyLearnerEngine> learner(double gradient_limit) override;
  std::unique_ptr<StepNetwork> sampler() override;
};

const PolicyEngineMaker& policy_engine_maker();

}  // namespace theriac::generative
