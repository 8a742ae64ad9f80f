// Molecules from a policy that knows nothing: it draws among the legal actions by kind.
//
// It is the floor that every trained model is compared with, and the hardest test of the rules: it goes where
// no trained model goes.
#pragma once
#include "chem/counter_random.hpp"
#include "generative/graph_state.hpp"

namespace theriac::generative {

/// Relative weight of each kind of action when it is legal; within a kind all are alike. The default gives
/// molecules of about the size of drugs.
struct RandomPolicy {
  double stop = 0.06;
  double next_focus = 1.0;
  double add_atom = 1.0;
  double add_motif = 0.3;
  double site = 0.6;
  double close_ring = 0.7;
  double place_extra = 0.5;
};

/// One molecule, finished. `actions`, when given, receives its string.
GraphState sample(const GenerationPlan& plan, chem::CounterRandom& random, const RandomPolicy& policy = {},
                  std::vector<Action>* actions = nullptr);

}  // namespace theriac::generative
