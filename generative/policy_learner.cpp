#include "generative/policy_learner.hpp"

#include "chem/error.hpp"
#include "generative/policy_engine.hpp"

namespace theriac::generative {

PolicyLearner::PolicyLearner(const GraphPolicy& prior, double gradient_limit)
    : policy_(prior.copy()), engine_(policy_.engine().learner(gradient_limit)) {}

PolicyLearner::~PolicyLearner() = default;

double PolicyLearner::step(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings,
                           const std::function<double(std::size_t i, double log_probability)>& slope,
                           double rate) {
  if (strings.empty()) throw UsageError("there is nothing to learn from no string");
  if (!plan.extras.empty()) throw UsageError("molecules with one-off units have no likelihood");
  return engine_->step(plan, strings, slope, rate) / static_cast<double>(strings.size());
}

}  // namespace theriac::generative
