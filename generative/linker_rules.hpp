// Linking two warheads without running into a dead end.
//
// The second warhead must find an atom with open valence whose distance from the first is in the range of the
// request. An action is refused when afterwards no such atom could be there any more: each open atom is asked
// whether it is one, or could grow into one with the atoms that are left. A chain of carbons is the cheapest
// way, and its end has three open valences, enough for all the warheads that a request can have.
#pragma once
#include <array>

#include "generative/graph_state.hpp"

namespace theriac::generative {

/// Open valence of the units that may still grow, by distance from the exit atom of the first warhead.
struct OpenValence {
  std::array<std::int16_t, 256> at_depth{};
};

class LinkerRules {
 public:
  LinkerRules(const GenerationPlan& plan, const GraphState& state);

  bool active() const { return waiting_ > 0; }
  /// Warhead k may be bound to this atom.
  bool may_place(const StateAtom& site, int k) const;
  /// After this addition the warheads can still be placed.
  bool may_add(const StateAtom& site, const Addition& addition) const;
  bool may_close(const StateAtom& a, const StateAtom& b, int order) const;
  bool may_leave_focus() const;
  /// A ring closure that changes no distance.
  static bool keeps_distances(const StateAtom& a, const StateAtom& b);

 private:
  void count(int unit, int sign, OpenValence& open) const;
  bool feasible(const OpenValence& open, int waiting, int atoms_left) const;
  bool new_valence_reaches(int valence, int nearest, int farthest, int atoms_left) const;
  bool entry_reaches(const RingMotif& motif, int entry, int order, int depth, int atoms_left) const;
  bool addition_reaches(const Addition& addition, int depth, int atoms_left) const;

  const GenerationPlan& plan_;
  const GraphState& state_;
  OpenValence open_;
  int waiting_ = 0;  ///< warheads not yet placed
};

}  // namespace theriac::generative
