// Learning from slopes: the gradient is the true one, and no thread changes it.
#include "generative/policy_learner.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "chem/error.hpp"
#include "generative/policy_engine.hpp"
#include "tests/generative/policy_fixtures.hpp"

using namespace theriac;
using namespace theriac::generative;

namespace {

using Strings = std::vector<std::vector<Action>>;

Strings sampled(const GraphPolicy& policy, const GenerationPlan& plan, std::size_t n) {
  Strings out;
  for (const auto& m : policy.sample(plan, 0, n)) out.push_back(m.actions);
  return out;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("the first step goes against the gradient in every weight, as finite differences see it") {
  // Adam's first step is the sign of the gradient times the rate.
  GraphPolicy policy = small_policy();
  const GenerationPlan plan(starter_vocabulary(), 30);
  const Strings strings = sampled(policy, plan, 24);
  std::vector<double> slopes;
  for (std::size_t i = 0; i < strings.size(); ++i) slopes.push_back(i % 3 == 0 ? -1.0 : 0.5);
  PolicyLearner learner(policy, 1e9);
  learner.step(
      plan, strings, [&](std::size_t i, double) { return slopes[i]; }, 1e-4);
  const auto before = policy.engine().weights();
  const auto after = const_cast<GraphPolicy&>(learner.policy()).engine().weights();
  const auto loss = [&] {
    const auto values = policy.log_likelihoods(plan, strings);
    return std::inner_product(values.begin(), values.end(), slopes.begin(), 0.0);
  };
  chem::CounterRandom random(3, "", "weights looked at");
  int looked_at = 0, wrong = 0;
  for (std::size_t t = 0; t < before.size(); ++t)
    for (int k = 0; k < 12; ++k) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(before[t].numbers.size()));
      auto moved = before;
      moved[t].numbers[at] += 2e-2f;
      policy.engine().set_weights(moved);
      const double up = loss();
      moved[t].numbers[at] -= 4e-2f;
      policy.engine().set_weights(moved);
      const double slope = (up - loss()) / 4e-2;
      policy.engine().set_weights(before);
      if (std::abs(slope) < 0.05) continue;  // below what single precision tells from rounding
      ++looked_at;
      const double step = after[t].numbers[at] - before[t].numbers[at];
      wrong += !(step * slope < 0 && std::abs(step) == Approx(1e-4).epsilon(0.05));
    }
  CHECK(looked_at > 60);
  CHECK(wrong <= looked_at / 50);  // a slope may change its sign within the difference
}

TEST_CASE("learning makes wanted strings likelier, leaves the prior alone, and is the same on any thread") {
  const GraphPolicy prior = small_policy();
  const GenerationPlan plan(starter_vocabulary(), 30);
  const Strings strings = sampled(prior, plan, 200);  // more than one shard
  const double at_first = sum(prior.log_likelihoods(plan, strings));
  const auto learned = [&] {
    PolicyLearner learner(prior);
    double mean = 0;
    for (int step = 0; step < 10; ++step)
      mean = learner.step(
          plan, strings, [](std::size_t, double) { return -1.0 / 200; }, 1e-3);
    CHECK(mean > at_first / 200 + 0.1);
    return learner.policy().log_likelihoods(plan, strings);
  };
  const auto many = learned();
  CHECK(sum(many) > at_first + 20);
  CHECK(sum(prior.log_likelihoods(plan, strings)) == at_first);
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  CHECK(learned() == many);
}

TEST_CASE("a slope is asked for once for each string, with its log-probability") {
  const GraphPolicy prior = small_policy();
  const GenerationPlan plan(starter_vocabulary(), 30);
  const Strings strings = sampled(prior, plan, 50);
  const auto expected = prior.log_likelihoods(plan, strings);
  std::vector<double> seen(strings.size(), 0);
  PolicyLearner learner(prior);
  learner.step(
      plan, strings,
      [&](std::size_t i, double value) {
        seen[i] += value;
        return 0.0;
      },
      1e-3);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == Approx(expected[i]).epsilon(1e-4));
}

TEST_CASE("slopes that are no numbers change nothing, and no string is an error") {
  const GraphPolicy prior = small_policy();
  const GenerationPlan plan(starter_vocabulary(), 30);
  const Strings strings = sampled(prior, plan, 20);
  PolicyLearner learner(prior);
  CHECK(std::isnan(learner.step(
      plan, strings, [](std::size_t, double) { return NAN; }, 1e-3)));
  CHECK(learner.policy().log_likelihoods(plan, strings) == prior.log_likelihoods(plan, strings));
  CHECK_THROWS_AS(learner.step(
                      plan, {}, [](std::size_t, double) { return 1.0; }, 1e-3),
                  UsageError);
}
