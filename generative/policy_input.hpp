// What the network sees of a growing molecule: a few whole numbers a step, the same in training and sampling.
//
// The network is recurrent: what was built before reaches it through its own memory and the last action.
// These numbers tell it what memory is bad at: which unit is in focus, how much valence it has left, how much
// room there is.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "generative/graph_state.hpp"

namespace theriac::generative {

constexpr int policy_numbers = 14;

struct PolicyInput {
  std::int32_t previous = 0;  ///< the action before; the vocabulary's size at the beginning
  std::int32_t unit = 0;  ///< type of the unit in focus; the vocabulary's number of units where there is none
  std::int32_t parent = 0;  ///< type of the unit that it hangs on, likewise
  std::int32_t site = 0;    ///< atom of the motif in focus, phases bond and entry; else max_motif_atoms
  std::int32_t phase = 0;   ///< Phase
  std::array<float, policy_numbers> numbers{};  ///< about 0 to 1 each
};

/// `previous` is the action that led to `state`.
PolicyInput policy_input(const GenerationPlan& plan, const GraphState& state, std::int32_t previous);

/// Strings of several molecules as one block for the network, step by step: entry [step * molecules + m].
/// Shorter strings are padded; a padded entry has action -1.
struct PolicyBatch {
  int molecules = 0, steps = 0, units = 0;  ///< units: most of any molecule
  int legal_words = 0;                      ///< 64-bit words of a legality mask
  std::vector<std::int32_t> previous, unit, parent, site, phase;
  std::vector<float> numbers;        ///< [entry][policy_numbers]
  std::vector<std::int32_t> action;  ///< what was done; -1: padding
  std::vector<std::uint64_t> legal;  ///< [entry][legal_words]
  std::vector<std::int32_t>
      placed;  ///< [molecule][units]: the step whose input first shows the unit; 0: none
  std::vector<std::uint8_t> conditions;  ///< [molecule][condition]: see policy_conditions.hpp
  std::int64_t actions = 0;              ///< entries that are no padding
};

/// Replays the strings, all of one plan. Throws ModelError for an illegal action. Works on all threads.
PolicyBatch policy_batch(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings);

}  // namespace theriac::generative
