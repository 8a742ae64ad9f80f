// What may be done next to a growing molecule: the one place where validity is decided.
//
// Training and sampling use the same function, so that likelihoods agree. The rules, all kept action by
// action:
//   1. A bond is at most as strong as the open valence of both atoms; phosphorus gets one double bond.
//   2. A new unit binds only where there is open valence, and, in a request, only where that allows growth.
//   3. A ring is closed between single atoms that are not neighbours, into a ring of 3 to `largest_ring`
//   atoms,
//      never through a motif: motifs are ring systems already, and a ring system is built in one way only.
//   4. Every molecule is connected; `stop` waits until nothing is owed: hypervalent and charged atoms have
//   all
//      their bonds, charges have their partner, and a request has its scaffold, sites and warheads.
//   5. Whatever is owed is set aside from the limit on atoms, so that it can always be paid: there is a legal
//      action in every state, and no state is a dead end.
// Aromatic rings built atom by atom are Kekule structures until the end, when RDKit perceives them.
#pragma once
#include "generative/graph_state.hpp"

namespace theriac::generative {

/// Fills `out` (of the size of the vocabulary) with the legal actions. Empty only in a finished state.
void legal_actions(const GenerationPlan& plan, const GraphState& state, ActionSet& out);
ActionSet legal_actions(const GenerationPlan& plan, const GraphState& state);

}  // namespace theriac::generative
