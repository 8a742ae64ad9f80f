#include "generative/genetic_gfn.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/molecular_graph.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/diversity.hpp"
#include "generative/policy_learner.hpp"
#include "generative/replay_memory.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t starters = 64;  ///< drawn from the prior when no molecule to start from is given
constexpr std::uint64_t draws_a_round = 1u << 24;  ///< numbers of the stream that belong to one round
constexpr std::size_t draws_each = 8;              ///< draws per candidate until evolution takes over
constexpr std::size_t watched = 200;  ///< molecules of a round whose diversity is measured, at most
constexpr int most_steps = 64;        ///< of learning at a time

using Strings = std::vector<std::vector<Action>>;

/// Near the limit of atoms legality keeps room for bonds that some orders close as rings: those are not
/// legal.
bool legal_throughout(const GenerationPlan& plan, const std::vector<Action>& actions) {
  Replay replay(plan, actions.data(), actions.size());
  try {
    while (replay.next()) {
    }
  } catch (const ModelError&) {
    return false;
  }
  return true;
}

}  // namespace

struct GeneticGfn::Implementation {
  Implementation(std::vector<chem::Molecule> start, std::shared_ptr<const GraphPolicy> the_prior,
                 const GeneticGfnOptions& the_options)
      : options(the_options),
        prior(std::move(the_prior)),
        learner(std::make_unique<PolicyLearner>(*prior)),
        plan(prior->vocabulary(), options.evolution.plausibility.max_heavy_atoms),
        memory(prior->vocabulary(), static_cast<std::size_t>(options.memory), options.evolution.per_bucket),
        log_z(options.log_z) {
    if (start.empty())
      for (const auto& candidate : drawn(0, starters)) start.push_back(candidate.molecule);
    evolution = std::make_unique<GraphEvolution>(std::move(start), options.evolution);
  }

  bool acceptable(const chem::Molecule& molecule) const;
  std::vector<Candidate> drawn(int round, std::size_t n);
  std::vector<double> prior_log_likelihoods(const Strings& strings) const;
  Strings strings_of(const std::vector<const Memory*>& memories, std::uint64_t draw) const;
  void learn_once(const std::vector<const Memory*>& told);
  void watch_for_collapse(const std::vector<Lesson>& lessons);
  void start_over(double diversity);

  GeneticGfnOptions options;
  std::shared_ptr<const GraphPolicy> prior;
  std::unique_ptr<PolicyLearner> learner;
  GenerationPlan plan;
  ReplayMemory memory;
  std::unique_ptr<GraphEvolution> evolution;
  std::unordered_set<std::string> known;  ///< proposed before; only asked, never walked
  double log_z;
  std::uint64_t steps = 0;  ///< of learning, for the random streams
  double best = 0;          ///< mean fitness of the ten best
  int rounds_without_gain = 0, restarts = 0;
  std::vector<std::string> pending_remarks;
};

bool GeneticGfn::Implementation::acceptable(const chem::Molecule& molecule) const {
  if (options.evolution.rules == ChildRules::valid) return true;
  try {
    return implausible_feature(chem::molecular_graph(molecule), options.evolution.plausibility).empty();
  } catch (const MoleculeError&) {
    return false;
  }
}

/// Up to `n` new molecules of the policy.
std::vector<Candidate> GeneticGfn::Implementation::drawn(int round, std::size_t n) {
  std::vector<Candidate> out;
  SamplingOptions sampling;
  sampling.seed = options.evolution.seed;
  sampling.temperature = options.temperature;
  const std::uint64_t base = static_cast<std::uint64_t>(round) * draws_a_round;
  for (std::size_t draws = 0; out.size() < n && draws < draws_each * n;) {
    const std::size_t block = std::max<std::size_t>(n - out.size(), 64);
    const auto molecules = learner->policy().sample(plan, base + draws, block, sampling);
    draws += block;
    std::vector<std::optional<chem::Molecule>> made(molecules.size());
    tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
      auto molecule = chem::Molecule::from_smiles(smiles(*plan.vocabulary, molecules[i].state));
      if (acceptable(molecule)) made[i] = std::move(molecule);
    });
    for (std::size_t i = 0; i < made.size() && out.size() < n; ++i)
      if (made[i] && known.insert(made[i]->smiles()).second)
        out.push_back({std::move(*made[i]), "generator", molecules[i].log_likelihood});
  }
  return out;
}

Strings GeneticGfn::Implementation::strings_of(const std::vector<const Memory*>& memories,
                                               std::uint64_t draw) const {
  std::vector<std::vector<Action>> found(memories.size());
  tbb::parallel_for(std::size_t{0}, memories.size(), [&](std::size_t i) {
    if (memories[i]->graph.atom_count > plan.max_atoms) return;  // a seed that the campaign would not allow
    chem::CounterRandom random(options.evolution.seed, memories[i]->smiles, "replayed order",
                               draw * 4096 + i);
    try {
      auto actions = encode_patiently(*plan.vocabulary, memories[i]->graph, random, 4).actions;
      if (legal_throughout(plan, actions)) found[i] = std::move(actions);
    } catch (const NotEncodable&) {  // no order found: not replayed this time
    }
  });
  return found;
}

/// One step on replayed molecules; `told`, if any, joins it to be held to the prior.
void GeneticGfn::Implementation::learn_once(const std::vector<const Memory*>& told) {
  chem::CounterRandom random(options.evolution.seed, "", "replay", steps);
  auto memories = memory.draw(static_cast<std::size_t>(options.replay), options.rank_coefficient, random);
  const std::size_t replayed = memories.size();
  memories.insert(memories.end(), told.begin(), told.end());
  const Strings all = strings_of(memories, steps++);
  Strings strings;
  std::vector<double> wanted;  // beta R of replayed strings
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].empty() && i < replayed) {
      strings.push_back(all[i]);
      wanted.push_back(options.reward_scale * memories[i]->fitness);
    }
  const std::size_t balanced = strings.size();
  for (std::size_t i = replayed; i < all.size(); ++i)
    if (!all[i].empty()) strings.push_back(all[i]);
  if (balanced == 0) return;
  const Strings held(strings.begin() + static_cast<std::ptrdiff_t>(balanced), strings.end());
  const auto prior_values = held.empty() ? std::vector<double>() : prior->log_likelihoods(plan, held);
  const auto own_values =
      held.empty() ? std::vector<double>() : learner->policy().log_likelihoods(plan, held);
  double divergence = 0;
  for (std::size_t i = 0; i < held.size(); ++i)
    divergence += (own_values[i] - prior_values[i]) / static_cast<double>(held.size());
  std::vector<double> errors(balanced);
  const auto slope = [&](std::size_t i, double log_probability) {
    if (i < balanced) {
      errors[i] = log_z + log_probability - wanted[i];
      return 2 * errors[i] / static_cast<double>(balanced);
    }
    const std::size_t k = i - balanced;
    return options.prior_weight * (log_probability - prior_values[k] - divergence) /
           static_cast<double>(held.size());
  };
  if (!std::isfinite(learner->step(plan, strings, slope, options.rate))) return;
  double log_z_slope = 0;
  for (const double error : errors) log_z_slope += 2 * error / static_cast<double>(balanced);
  log_z -= options.log_z_rate * std::clamp(log_z_slope, -1.0, 1.0);
}

void GeneticGfn::Implementation::watch_for_collapse(const std::vector<Lesson>& lessons) {
  double now = 0;
  const std::size_t ten = std::min<std::size_t>(10, memory.entries().size());
  for (std::size_t i = 0; i < ten; ++i) now += memory.entries()[i].fitness / static_cast<double>(ten);
  rounds_without_gain = now > best + 1e-6 ? 0 : rounds_without_gain + 1;
  best = std::max(best, now);
  if (rounds_without_gain < options.patience || lessons.size() < 10) return;
  std::vector<chem::Molecule> sample;
  for (std::size_t i = 0; i < lessons.size() && i < watched; ++i)
    sample.push_back(chem::Molecule::from_smiles(lessons[i].smiles));
  const double diversity = internal_diversity(sample);
  if (diversity < options.least_diversity) start_over(diversity);
}

void GeneticGfn::Implementation::start_over(double diversity) {
  ++restarts;
  pending_remarks.push_back(
      fmt::format("the generator had collapsed (diversity {:.2f}, no gain in {} rounds): it starts over from "
                  "its prior, and keeps "
                  "the {} best of each series",
                  diversity, rounds_without_gain, options.kept_per_bucket));
  learner = std::make_unique<PolicyLearner>(*prior);
  log_z = options.log_z;
  rounds_without_gain = 0;
  memory.thin(options.kept_per_bucket);
}

GeneticGfn::GeneticGfn(std::vector<chem::Molecule> start, std::shared_ptr<const GraphPolicy> prior,
                       const GeneticGfnOptions& options)
    : implementation_(std::make_unique<Implementation>(std::move(start), std::move(prior), options)) {}

GeneticGfn::~GeneticGfn() = default;

std::vector<Candidate> GeneticGfn::propose(int n, int round) {
  auto& own = *implementation_;
  if (round == 0) {
    auto out = own.evolution->propose(n, 0);
    for (const Candidate& candidate : out) own.known.insert(candidate.molecule.smiles());
    return out;
  }
  const auto learned = static_cast<std::size_t>(std::lround(own.options.learned_share * n));
  auto out = own.drawn(round, learned);
  if (out.size() * 2 < learned)
    own.pending_remarks.push_back(
        fmt::format("round {}: the generator repeats itself; {} of {} new molecules came from {} draws",
                    round, out.size(), learned, draws_each * learned));
  std::vector<std::string> fresh;
  for (const Candidate& candidate : out) fresh.push_back(candidate.molecule.smiles());
  own.evolution->recall(fresh);
  for (Candidate& child : own.evolution->propose(n - static_cast<int>(out.size()), round))
    if (own.known.insert(child.molecule.smiles()).second) out.push_back(std::move(child));
  return out;
}

void GeneticGfn::recall(const std::vector<std::string>& smiles) {
  implementation_->known.insert(smiles.begin(), smiles.end());
  implementation_->evolution->recall(smiles);
}

void GeneticGfn::forget(const std::vector<std::string>& smiles) {
  for (const std::string& name : smiles) implementation_->known.erase(name);
  implementation_->evolution->forget(smiles);
}

void GeneticGfn::learn(const std::vector<Lesson>& lessons) {
  auto& own = *implementation_;
  own.evolution->learn(lessons);
  own.memory.learn(lessons);
  if (own.memory.entries().empty()) return;
  std::unordered_set<std::string> names;
  for (const Lesson& lesson : lessons) names.insert(lesson.smiles);
  std::vector<const Memory*> told;
  for (const Memory& memory : own.memory.entries())
    if (names.count(memory.smiles) != 0 && told.size() < static_cast<std::size_t>(own.options.replay))
      told.push_back(&memory);
  const double wanted = own.options.replays_each * static_cast<double>(lessons.size()) / own.options.replay;
  const int steps = std::clamp(static_cast<int>(std::lround(wanted)), 1, most_steps);
  for (int step = 0; step < steps; ++step)
    own.learn_once(step == 0 && own.options.prior_weight > 0 ? told : std::vector<const Memory*>());
  own.watch_for_collapse(lessons);
}

/// The memory is told anew; gains are measured from there.
void GeneticGfn::objectives_changed() {
  implementation_->best = 0;
  implementation_->rounds_without_gain = 0;
}

std::vector<std::string> GeneticGfn::remarks() {
  return std::exchange(implementation_->pending_remarks, {});
}

const GraphPolicy& GeneticGfn::policy() const {
  return implementation_->learner->policy();
}

}  // namespace theriac::generative
