#include "generative/random_policy.hpp"

#include <array>

#include "chem/error.hpp"
#include "generative/legal_actions.hpp"

namespace theriac::generative {
namespace {

Action draw(const ActionVocabulary& words, const ActionSet& legal, const RandomPolicy& policy,
            chem::CounterRandom& random) {
  std::array<std::vector<Action>, 8> by_kind;
  legal.for_each([&](Action a) { by_kind[static_cast<std::size_t>(words.kind(a))].push_back(a); });
  const std::array<double, 8> weights{policy.stop,       policy.next_focus, policy.add_atom,
                                      policy.add_motif,  policy.site,       1.0,
                                      policy.close_ring, policy.place_extra};
  double total = 0;
  for (std::size_t k = 0; k < weights.size(); ++k)
    if (!by_kind[k].empty()) total += weights[k];
  double ticket = random.uniform(0, total);
  const std::vector<Action>* chosen = nullptr;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (by_kind[k].empty()) continue;
    chosen = &by_kind[k];
    ticket -= weights[k];
    if (ticket < 0) break;
  }
  if (!chosen) throw Error("no legal action in an unfinished molecule");  // the rules exclude it
  return (*chosen)[random.below(static_cast<std::uint32_t>(chosen->size()))];
}

}  // namespace

GraphState sample(const GenerationPlan& plan, chem::CounterRandom& random, const RandomPolicy& policy,
                  std::vector<Action>* actions) {
  GraphState state = start(plan);
  ActionSet legal(plan.vocabulary->size());
  while (!state.finished()) {
    legal_actions(plan, state, legal);
    const Action action = draw(*plan.vocabulary, legal, policy, random);
    if (actions) actions->push_back(action);
    apply(plan, state, action);
  }
  return state;
}

}  // namespace theriac::generative
