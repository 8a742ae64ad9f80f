// A copy of a GraphPolicy that goes on learning, from whatever loss its user has in mind: reinforcement
// learning, flow matching, imitation.
//
// The user gives strings and, for each, the slope of the loss with respect to the string's log-probability;
// what that probability is comes out of the same pass. The weights after a step are the same with any number
// of threads.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "generative/graph_policy.hpp"

namespace theriac::generative {

class PolicyLearnerEngine;

class PolicyLearner {
 public:
  /// Starts from the weights of `prior`, which it leaves alone. `gradient_limit`: norm to which a step's
  /// gradient is clipped.
  explicit PolicyLearner(const GraphPolicy& prior, double gradient_limit = 1);
  ~PolicyLearner();

  /// As learned so far.
  const GraphPolicy& policy() const { return policy_; }

  /// One step of Adam with learning rate `rate` on the loss whose slopes are given. `slope(i,
  /// log_probability)` is called once for each string, from several threads. Returns the mean log-probability
  /// of the strings before the step; NaN when the gradient was not finite, and then nothing changed. Throws
  /// ModelError for an illegal string, and UsageError for no string at all or a plan with one-off units.
  double step(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings,
              const std::function<double(std::size_t i, double log_probability)>& slope, double rate);

 private:
  GraphPolicy policy_;
  std::unique_ptr<PolicyLearnerEngine> engine_;
};

}  // namespace theriac::generative
