// A molecule as a string of actions, and back.
//
// One molecule has many strings: the breadth-first walk may begin at any unit and visit neighbours in any
// order. Training draws a new one each time. Neighbours come in canonical order half of the time (terminal
// atoms first, then by type; it depends on the molecule only) and at random otherwise, so that a model knows
// the regular order well and still can finish molecules that were begun differently. Symmetry is merged: of
// equal sites the lowest number is taken.
//
// A string holds the whole molecule. Kept as 16-bit numbers (about 25 a molecule) it is the compact form of a
// corpus; what was legal at each step comes from replaying it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/graph_state.hpp"
#include "generative/unit_graph.hpp"

namespace theriac::generative {

struct Encoding {
  std::vector<Action> actions;  ///< the last is `stop`
  std::vector<int> focus;       ///< per action: number of the unit in focus
  // Where the units of the unit graph went:
  std::vector<int> number;  ///< per unit: its number in the state
  std::vector<std::vector<std::uint8_t>>
      position;  ///< per motif unit: numbers that its atoms have in the state
};

enum class NeighbourOrder { canonical, random, either };  ///< either: one of the two, half of the time each

/// A string for this molecule, begun at a random unit. Throws NotEncodable where the rules of
/// legal_actions.hpp forbid a step: "close a ring to unit 3 by a single bond is not allowed: ring of 9
/// atoms".
Encoding encode(const ActionVocabulary& vocabulary, const UnitGraph& molecule, chem::CounterRandom& random,
                NeighbourOrder order = NeighbourOrder::either);

/// The same, begun at unit `root` of the unit graph.
Encoding encode_from(const ActionVocabulary& vocabulary, const UnitGraph& molecule, int root,
                     chem::CounterRandom& random, NeighbourOrder order);

/// As `encode`, but draws up to `attempts` orders before giving up: large cages may need it, because a ring
/// must have at most `largest_ring` atoms at the moment it is closed.
Encoding encode_patiently(const ActionVocabulary& vocabulary, const UnitGraph& molecule,
                          chem::CounterRandom& random, int attempts = 16);

/// The actions that build a part of a molecule, whose attachment points are still open: without `stop`.
Encoding encode_part(const ActionVocabulary& vocabulary, const UnitGraph& part, chem::CounterRandom& random);

/// The molecule of a string. Every action is checked: throws ModelError that names the first illegal one, or
/// says that the string ends too early.
GraphState decode(const GenerationPlan& plan, const std::vector<Action>& actions);

/// One step of a replayed string. The references live until the next step.
struct ReplayStep {
  const GraphState& state;
  const ActionSet& legal;
  Action action = 0;
};

/// Goes through a string: state, legal actions and action taken, for likelihoods and training.
///
///     Replay replay(plan, actions);
///     while (const auto step = replay.next()) use(step->state, step->legal, step->action);
class Replay {
 public:
  /// Nothing is copied: plan and actions must outlive the replay.
  Replay(const GenerationPlan& plan, const Action* actions, std::size_t count);
  Replay(const GenerationPlan& plan, const std::vector<Action>& actions)
      : Replay(plan, actions.data(), actions.size()) {}

  /// Empty behind the last step. Throws ModelError at an action that is not legal.
  std::optional<ReplayStep> next();
  /// After the last step taken: with all steps taken, the molecule.
  const GraphState& state();

 private:
  const GenerationPlan& plan_;
  const Action* actions_;
  std::size_t count_, position_ = 0;
  bool pending_ = false;  ///< the action of the step handed out is not applied yet
  GraphState state_;
  ActionSet legal_;
};

/// Many strings in one block of memory.
class ActionCorpus {
 public:
  void add(const std::vector<Action>& actions);
  std::size_t size() const { return begins_.size() - 1; }
  std::vector<Action> sequence(std::size_t i) const { return {begin_of(i), begin_of(i) + length_of(i)}; }
  const Action* begin_of(std::size_t i) const { return actions_.data() + begins_[i]; }
  std::size_t length_of(std::size_t i) const { return begins_[i + 1] - begins_[i]; }
  std::size_t bytes() const;

 private:
  std::vector<Action> actions_;
  std::vector<std::uint64_t> begins_{0};
};

/// A number for each unit that depends on the molecule only, not on how it is written; equal for units that
/// nothing tells apart. Smaller ones come first in the canonical order.
std::vector<std::uint64_t> unit_ranks(const ActionVocabulary& vocabulary, const UnitGraph& molecule);

}  // namespace theriac::generative
