#include "generative/policy_sampling.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>

#include "generative/legal_actions.hpp"
#include "generative/policy_input.hpp"

namespace theriac::generative {
namespace {

constexpr auto key = static_cast<std::size_t>(policy_key);
constexpr std::size_t no_place = ~std::size_t(0);
constexpr std::size_t block_size = 64;  ///< choices whose weights are summed together

struct Lane {
  std::size_t place = 0;  ///< in the result
  std::optional<GenerationPlan> plan;
  GraphState state;
  std::vector<Action> actions;
  double log_likelihood = 0;
  std::optional<chem::CounterRandom> random;  ///< empty: the lane is idle
  std::int32_t previous = 0;
  int units_known = 0;
  std::vector<float> keys;  ///< [unit][key]
  ActionSet legal;
  std::vector<Action> choices;    ///< the same, listed
  std::size_t adding = no_place;  ///< among the lanes whose additions the network looks at
};

class LaneBatch {
 public:
  LaneBatch(const ActionVocabulary& vocabulary, const StepNetwork& network, const PlanSource& plans,
            const SamplingOptions& options)
      : vocabulary_(vocabulary),
        batch_(network.batch()),
        plans_(plans),
        options_(options),
        all_(static_cast<std::size_t>(network.lanes())) {
    for (Lane& lane : all_) lane.legal = ActionSet(vocabulary.size());
  }

  /// Lane `l` begins molecule number `number` of the stream.
  void begin(int l, std::size_t place, std::uint64_t number) {
    Lane& lane = all_[static_cast<std::size_t>(l)];
    lane.place = place;
    lane.plan.emplace(plans_(number));
    lane.state = start(*lane.plan);
    lane.actions.clear();
    lane.log_likelihood = 0;
    lane.random.emplace(options_.seed, "", "sample molecule", number);
    lane.previous = vocabulary_.size();
    lane.units_known = 0;
    lane.keys.clear();
    batch_->clear(
        l, place < options_.conditions.size() ? options_.conditions[place] : std::vector<std::uint8_t>{});
  }
  int lanes() const { return static_cast<int>(all_.size()); }
  bool is_idle(int l) const { return !all_[static_cast<std::size_t>(l)].random.has_value(); }

  /// One action in every busy lane. `finished(place, molecule)` for those that end with it.
  template <typename Finished>
  void step(Finished finished) {
    const auto begun = Clock::now();
    adding_.clear();
    for (int l = 0; l < lanes(); ++l)
      if (!is_idle(l)) look(all_[static_cast<std::size_t>(l)], l);
    const auto looked = Clock::now();
    batch_->step(adding_);
    const auto thought = Clock::now();
    for (int l = 0; l < lanes(); ++l) {
      if (is_idle(l)) continue;
      Lane& lane = all_[static_cast<std::size_t>(l)];
      for (; lane.units_known < lane.state.unit_count; ++lane.units_known) {
        lane.keys.resize(lane.keys.size() + key);
        batch_->copy_key(l, lane.keys.data() + lane.keys.size() - key);
      }
      choose(lane, l);
      if (!lane.state.finished()) continue;
      finished(lane.place, SampledMolecule{lane.state, std::move(lane.actions), lane.log_likelihood});
      lane.random.reset();
    }
    times_.network += seconds(thought - looked);
    times_.rules += seconds(Clock::now() - thought) + seconds(looked - begun);
  }

  const SamplingTimes& times() const { return times_; }

 private:
  using Clock = std::chrono::steady_clock;
  static double seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

  bool is_addition(Action a) const { return a >= vocabulary_.addition_base() && a < vocabulary_.site_base(); }

  /// What the lane may do, and what the network is shown of it.
  void look(Lane& lane, int l) {
    legal_actions(*lane.plan, lane.state, lane.legal);
    lane.choices.clear();
    lane.legal.for_each([&](Action a) { lane.choices.push_back(a); });
    batch_->show(l, policy_input(*lane.plan, lane.state, lane.previous));
    lane.adding = no_place;
    if (lane.choices.size() < 2) return;
    const auto first =
        std::lower_bound(lane.choices.begin(), lane.choices.end(), vocabulary_.addition_base());
    const bool adds = (first != lane.choices.end() && is_addition(*first)) ||
                      lane.choices.back() >= vocabulary_.extra_base();  // choices rise
    if (!adds) return;
    lane.adding = adding_.size();
    adding_.push_back(l);
  }

  /// Of an action that is no addition.
  float other_logit(const Lane& lane, int l, Action action) const {
    const ActionVocabulary& words = vocabulary_;
    if (action < words.addition_base()) return batch_->simple_logit(l, action);
    if (action < words.closure_base())
      return batch_->simple_logit(l, words.addition_base() + action - words.site_base());
    if (action >= words.extra_base()) {  // looks to the network like its ordinary counterpart
      const Action like = lane.plan->extras[static_cast<std::size_t>(words.extra(action))].like;
      return batch_->addition_logits(lane.adding)[like - words.addition_base()];
    }
    return static_cast<float>(
        batch_->closure_logit(l, words.closure_order(action),
                              lane.keys.data() + static_cast<std::size_t>(words.closure_unit(action)) * key));
  }

  void choose(Lane& lane, int l) {
    const Action action = lane.choices[lane.choices.size() > 1 ? drawn(lane, l) : 0];
    lane.actions.push_back(action);
    lane.previous = action;
    apply(*lane.plan, lane.state, action);
  }

  /// One of the lane's choices; its likelihood is counted.
  std::size_t drawn(Lane& lane, int l) {
    const std::size_t n = lane.choices.size(), padded = (n + 15) / 16 * 16;
    values_.resize(std::max(values_.size(), padded));
    weights_.resize(values_.size());
    const float* additions = lane.adding == no_place
                                 ? nullptr
                                 : batch_->addition_logits(lane.adding) - vocabulary_.addition_base();
    for (std::size_t i = 0; i < n; ++i) {
      const Action a = lane.choices[i];
      values_[i] = is_addition(a) ? additions[a] : other_logit(lane, l, a);
    }
    const float most = *std::max_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(n));
    const double plain = weigh(n, most, 1);
    const double sum = options_.temperature == 1 ? plain : weigh(n, most, 1 / options_.temperature);
    double left = lane.random->uniform() * sum;
    std::size_t block = 0;
    while (block + 1 < block_sums_.size() && left >= block_sums_[block]) left -= block_sums_[block++];
    std::size_t picked = block * block_size;
    const std::size_t end = std::min(n, picked + block_size);
    while (picked + 1 < end && left >= static_cast<double>(weights_[picked]))
      left -= static_cast<double>(weights_[picked++]);
    lane.log_likelihood += static_cast<double>(values_[picked]) - static_cast<double>(most) - std::log(plain);
    return picked;
  }

  /// Fills `weights_` with e^((value - most) * scale), and their sums block by block; the sum of all.
  double weigh(std::size_t n, float most, double scale) {
    batch_->exponentials(values_.data(), static_cast<int>(n), most, static_cast<float>(scale),
                         weights_.data());
    block_sums_.clear();
    double sum = 0;
    for (std::size_t begin = 0; begin < n; begin += block_size) {
      const std::size_t end = std::min(n, begin + block_size);
      std::array<double, 4> parts{};  // four sums side by side, so that none waits for the one before
      std::size_t i = begin;
      for (; i + 4 <= end; i += 4)
        for (std::size_t k = 0; k < 4; ++k) parts[k] += static_cast<double>(weights_[i + k]);
      for (; i < end; ++i) parts[0] += static_cast<double>(weights_[i]);
      block_sums_.push_back((parts[0] + parts[1]) + (parts[2] + parts[3]));
      sum += block_sums_.back();
    }
    return sum;
  }

  const ActionVocabulary& vocabulary_;
  std::unique_ptr<StepBatch> batch_;
  const PlanSource& plans_;
  const SamplingOptions& options_;
  std::vector<Lane> all_;
  std::vector<int> adding_;
  std::vector<float> values_, weights_;
  std::vector<double> block_sums_;
  SamplingTimes times_;
};

}  // namespace

std::vector<SampledMolecule> sample_molecules(const ActionVocabulary& vocabulary, const StepNetwork& network,
                                              const PlanSource& plans, std::uint64_t first, std::size_t count,
                                              const SamplingOptions& options, chem::StopToken stop) {
  std::vector<std::optional<SampledMolecule>> found(count);
  std::atomic<std::size_t> next{0};
  std::mutex telling;
  const auto lanes = static_cast<std::size_t>(network.lanes());
  const auto workers = std::min<std::size_t>(
      static_cast<std::size_t>(tbb::this_task_arena::max_concurrency()), (count + lanes - 1) / lanes);
  tbb::parallel_for(std::size_t{0}, workers, [&](std::size_t) {
    const auto batch = std::make_unique<LaneBatch>(vocabulary, network, plans, options);
    for (;;) {
      bool busy = false;
      for (int l = 0; l < batch->lanes(); ++l) {
        if (batch->is_idle(l))
          if (const std::size_t place = next++; place < count) batch->begin(l, place, first + place);
        busy = busy || !batch->is_idle(l);
      }
      if (!busy || stop.stop_requested()) break;
      batch->step([&](std::size_t place, SampledMolecule molecule) { found[place] = std::move(molecule); });
    }
    if (!options.times) return;
    const std::lock_guard lock(telling);
    options.times->network += batch->times().network;
    options.times->rules += batch->times().rules;
  });
  std::vector<SampledMolecule> out;
  for (auto& molecule : found) {
    if (!molecule) break;  // stopped: those before it are there
    out.push_back(std::move(*molecule));
  }
  return out;
}

}  // namespace theriac::generative
