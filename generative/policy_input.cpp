#include "generative/policy_input.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "generative/action_sequence.hpp"
#include "generative/legal_actions.hpp"

namespace theriac::generative {
namespace {

/// One string, replayed.
struct ReplayedString {
  std::vector<PolicyInput> inputs;
  std::vector<Action> actions;
  std::vector<std::uint64_t> legal;
  std::vector<std::int32_t> placed;
};

/// One-off units look to the network like their ordinary counterpart.
std::int32_t stand_in(const GenerationPlan& plan, std::int32_t action) {
  const ActionVocabulary& vocabulary = *plan.vocabulary;
  if (action >= vocabulary.size() || vocabulary.kind(static_cast<Action>(action)) != ActionKind::place_extra)
    return action;
  return plan.extras[static_cast<std::size_t>(vocabulary.extra(static_cast<Action>(action)))].like;
}

ReplayedString replayed(const GenerationPlan& plan, const std::vector<Action>& actions) {
  ReplayedString out;
  out.actions = actions;
  out.inputs.reserve(actions.size());
  Replay replay(plan, actions);
  std::int32_t previous = plan.vocabulary->size();
  int units = 0;
  while (const auto step = replay.next()) {
    for (; units < step->state.unit_count; ++units)
      out.placed.push_back(static_cast<std::int32_t>(out.inputs.size()));
    out.inputs.push_back(policy_input(plan, step->state, previous));
    const auto& words = step->legal.words();
    out.legal.insert(out.legal.end(), words.begin(), words.end());
    previous = step->action;
  }
  return out;
}

void copy_into(PolicyBatch& batch, const ReplayedString& string, int m) {
  for (std::size_t t = 0; t < string.inputs.size(); ++t) {
    const std::size_t at = t * static_cast<std::size_t>(batch.molecules) + static_cast<std::size_t>(m);
    const PolicyInput& input = string.inputs[t];
    batch.previous[at] = input.previous;
    batch.unit[at] = input.unit;
    batch.parent[at] = input.parent;
    batch.site[at] = input.site;
    batch.phase[at] = input.phase;
    std::copy(input.numbers.begin(), input.numbers.end(), batch.numbers.begin() + at * policy_numbers);
    batch.action[at] = string.actions[t];
    const auto words = static_cast<std::size_t>(batch.legal_words);
    std::copy_n(string.legal.begin() + t * words, words, batch.legal.begin() + at * words);
  }
  std::copy(string.placed.begin(), string.placed.end(),
            batch.placed.begin() + static_cast<std::ptrdiff_t>(m) * batch.units);
}

}  // namespace

PolicyInput policy_input(const GenerationPlan& plan, const GraphState& state, std::int32_t previous) {
  const ActionVocabulary& vocabulary = *plan.vocabulary;
  PolicyInput out;
  out.previous = stand_in(plan, previous);
  out.phase = static_cast<std::int32_t>(state.phase);
  out.unit = out.parent = vocabulary.unit_count();
  out.site = max_motif_atoms;
  const auto share = [](double value, double most) {
    return static_cast<float>(std::min(value / most, 2.0));
  };
  auto& n = out.numbers;
  n[0] = share(state.atom_count, 40);
  n[1] = share(plan.max_atoms - state.atom_count, 40);
  n[2] = share(state.unit_count, 20);
  n[3] = share(state.owed, 4);
  if (state.finished() || state.focus >= state.unit_count) return out;
  const StateUnit& unit = state.unit(state.focus);
  out.unit = unit.type;
  if (unit.parent != none) out.parent = state.unit(unit.parent).type;
  const StateAtom* atom = &state.atom(unit.first_atom);
  if (vocabulary.is_motif(unit.type) && (state.phase == Phase::bond || state.phase == Phase::entry)) {
    atom = &state.atom(state.site);
    out.site = atom->position;
  }
  n[4] = share(unit.open, 8);
  n[5] = share(atom->free, 4);
  n[6] = atom->free == 0 ? 1.f : 0.f;
  n[7] = atom->in_ring ? 1.f : 0.f;
  n[8] = atom->has_double ? 1.f : 0.f;
  n[9] = atom->unpaired ? 1.f : 0.f;
  n[10] = share(unit.depth, 8);
  n[11] = share(state.unit_count - state.focus - 1, 8);
  n[12] = state.bound_here ? 1.f : 0.f;
  n[13] = share(__builtin_popcount(unit.bonded), 4);
  return out;
}

PolicyBatch policy_batch(const GenerationPlan& plan, const std::vector<std::vector<Action>>& strings) {
  std::vector<ReplayedString> all(strings.size());
  tbb::parallel_for(std::size_t{0}, strings.size(),
                    [&](std::size_t i) { all[i] = replayed(plan, strings[i]); });
  PolicyBatch batch;
  batch.molecules = static_cast<int>(strings.size());
  for (const auto& s : all) {
    batch.steps = std::max(batch.steps, static_cast<int>(s.inputs.size()));
    batch.units = std::max(batch.units, static_cast<int>(s.placed.size()));
    batch.actions += static_cast<std::int64_t>(s.inputs.size());
  }
  batch.legal_words = (plan.vocabulary->size() + 63) / 64;
  const auto entries = static_cast<std::size_t>(batch.molecules) * static_cast<std::size_t>(batch.steps);
  batch.previous.assign(entries, plan.vocabulary->size());
  batch.unit.assign(entries, plan.vocabulary->unit_count());
  batch.parent = batch.unit;
  batch.site.assign(entries, max_motif_atoms);
  batch.phase.assign(entries, 0);
  batch.numbers.assign(entries * policy_numbers, 0);
  batch.action.assign(entries, -1);
  batch.legal.assign(entries * static_cast<std::size_t>(batch.legal_words), 0);
  batch.placed.assign(static_cast<std::size_t>(batch.molecules) * static_cast<std::size_t>(batch.units), 0);
  tbb::parallel_for(std::size_t{0}, all.size(),
                    [&](std::size_t i) { copy_into(batch, all[i], static_cast<int>(i)); });
  return batch;
}

}  // namespace theriac::generative
