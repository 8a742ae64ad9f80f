// Sampling: many molecules grow side by side in lanes of one batch; a lane that has finished takes
// the next molecule. Batches have one size, so that a molecule's numbers do not depend on its company.
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>

#include "generative/graph_policy.hpp"
#include "generative/legal_actions.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/policy_network_holder.hpp"

namespace theriac::generative {
namespace {

constexpr std::int64_t lanes = 64;

struct Lane {
  std::size_t place = 0;  ///< in the result
  std::optional<GenerationPlan> plan;
  GraphState state;
  std::vector<Action> actions;
  double log_likelihood = 0;
  std::optional<chem::CounterRandom> random;  ///< empty: the lane is idle
  std::vector<std::uint8_t> conditions;
  std::int32_t previous = 0;
  int units_known = 0;
  std::vector<float> keys;  ///< [unit][key]
};

/// The logits of one step, all lanes.
struct StepLogits {
  torch::Tensor simple, additions, queries, keys;
  const float *simple_data, *addition_data, *query_data, *key_data;
};

class LaneBatch {
 public:
  LaneBatch(const PlanSource& plans, const ActionVocabulary& vocabulary, PolicyNetworkImpl& network,
            const SamplingOptions& options)
      : plans_(plans),
        vocabulary_(vocabulary),
        network_(network),
        options_(options),
        legal_(vocabulary.size()),
        all_(lanes) {
    const torch::TensorOptions integers(torch::kInt64);
    for (auto* t : {&previous_, &unit_, &parent_, &site_, &phase_}) *t = torch::zeros({lanes}, integers);
    numbers_ = torch::zeros({lanes, policy_numbers});
    conditions_ = torch::zeros({lanes, static_cast<std::int64_t>(condition_properties().size())}, integers);
    memory_ = torch::zeros({network.shape.layers, lanes, network.shape.hidden});
  }

  /// Lane `l` begins molecule number `number` of the stream.
  void begin(std::int64_t l, std::size_t place, std::uint64_t number) {
    Lane& lane = all_[static_cast<std::size_t>(l)];
    lane = Lane();
    lane.place = place;
    lane.plan.emplace(plans_(number));
    lane.state = start(*lane.plan);
    lane.random.emplace(options_.seed, "", "sample molecule", number);
    if (place < options_.conditions.size()) lane.conditions = options_.conditions[place];
    lane.previous = vocabulary_.size();
    memory_.select(1, l).zero_();
  }
  bool is_idle(std::int64_t l) const { return !all_[static_cast<std::size_t>(l)].random.has_value(); }

  /// One action in every busy lane. `finished(place, molecule)` for those that end with it.
  template <typename Finished>
  void step(Finished finished) {
    for (std::int64_t l = 0; l < lanes; ++l) show(l);
    const auto x = network_.inputs(previous_, unit_, parent_, site_, phase_, numbers_, conditions_);
    auto [hidden, memory] = network_.step(x, memory_);
    memory_ = memory;
    StepLogits logits = logits_of(hidden);
    for (std::int64_t l = 0; l < lanes; ++l) {
      Lane& lane = all_[static_cast<std::size_t>(l)];
      if (!lane.random) continue;
      take_keys(lane, logits, l);
      choose(lane, logits, l);
      if (!lane.state.finished()) continue;
      finished(lane.place, SampledMolecule{lane.state, std::move(lane.actions), lane.log_likelihood});
      lane.random.reset();
    }
  }

 private:
  void show(std::int64_t l) {
    const Lane& lane = all_[static_cast<std::size_t>(l)];
    if (!lane.random) return;  // an idle lane repeats its last step
    const PolicyInput input = policy_input(*lane.plan, lane.state, lane.previous);
    previous_.data_ptr<std::int64_t>()[l] = input.previous;
    unit_.data_ptr<std::int64_t>()[l] = input.unit;
    parent_.data_ptr<std::int64_t>()[l] = input.parent;
    site_.data_ptr<std::int64_t>()[l] = input.site;
    phase_.data_ptr<std::int64_t>()[l] = input.phase;
    std::copy(input.numbers.begin(), input.numbers.end(), numbers_.data_ptr<float>() + l * policy_numbers);
    auto* bins = conditions_.data_ptr<std::int64_t>() + l * conditions_.size(1);
    for (std::int64_t p = 0; p < conditions_.size(1); ++p)
      bins[p] = static_cast<std::size_t>(p) < lane.conditions.size()
                    ? lane.conditions[static_cast<std::size_t>(p)]
                    : 0;
  }

  StepLogits logits_of(const torch::Tensor& hidden) const {
    StepLogits out;
    out.simple = network_.simple_logits(hidden).contiguous();
    out.additions = network_.addition_logits(hidden).contiguous();
    out.queries = network_.closure_queries(hidden).contiguous();
    out.keys = network_.closure_keys(hidden).contiguous();
    out.simple_data = out.simple.data_ptr<float>();
    out.addition_data = out.additions.data_ptr<float>();
    out.query_data = out.queries.data_ptr<float>();
    out.key_data = out.keys.data_ptr<float>();
    return out;
  }

  static void take_keys(Lane& lane, const StepLogits& logits, std::int64_t l) {
    constexpr auto width = PolicyNetworkImpl::key;
    for (; lane.units_known < lane.state.unit_count; ++lane.units_known)
      lane.keys.insert(lane.keys.end(), logits.key_data + l * width, logits.key_data + (l + 1) * width);
  }

  double logit(const Lane& lane, const StepLogits& logits, std::int64_t l, Action action) const {
    const auto& vocabulary = vocabulary_;
    const auto& layout = network_.layout;
    const std::int64_t a = action;
    const float* simple = logits.simple_data + l * logits.simple.size(1);
    if (a < 2) return simple[a];
    if (a < vocabulary.site_base()) return logits.addition_data[l * layout.additions + a - 2];
    if (a < vocabulary.closure_base()) return simple[2 + a - vocabulary.site_base()];
    if (a >= vocabulary.extra_base())
      return logit(lane, logits, l,
                   lane.plan->extras[static_cast<std::size_t>(vocabulary.extra(action))].like);
    constexpr auto width = PolicyNetworkImpl::key;
    const float* query = logits.query_data + (l * 2 + vocabulary.closure_order(action) - 1) * width;
    const float* key = lane.keys.data() + vocabulary.closure_unit(action) * width;
    double sum = 0;
    for (std::int64_t k = 0; k < width; ++k) sum += static_cast<double>(query[k]) * key[k];
    return sum;
  }

  void choose(Lane& lane, const StepLogits& logits, std::int64_t l) {
    legal_actions(*lane.plan, lane.state, legal_);
    choices_.clear();
    values_.clear();
    legal_.for_each([&](Action a) {
      choices_.push_back(a);
      values_.push_back(logit(lane, logits, l, a));
    });
    std::size_t picked = 0;
    if (choices_.size() > 1) {
      const double most = *std::max_element(values_.begin(), values_.end());
      double sum = 0, plain = 0;
      weights_.clear();
      for (const double v : values_) {
        plain += std::exp(v - most);
        weights_.push_back(std::exp((v - most) / options_.temperature));
        sum += weights_.back();
      }
      double left = lane.random->uniform() * sum;
      while (picked + 1 < weights_.size() && left >= weights_[picked]) left -= weights_[picked++];
      lane.log_likelihood += values_[picked] - most - std::log(plain);
    }
    const Action action = choices_[picked];
    lane.actions.push_back(action);
    lane.previous = action;
    apply(*lane.plan, lane.state, action);
  }

  const PlanSource& plans_;
  const ActionVocabulary& vocabulary_;
  PolicyNetworkImpl& network_;
  const SamplingOptions& options_;
  ActionSet legal_;
  std::vector<Lane> all_;
  std::vector<Action> choices_;
  std::vector<double> values_, weights_;
  torch::Tensor previous_, unit_, parent_, site_, phase_, numbers_, conditions_, memory_;
};

}  // namespace

std::vector<SampledMolecule> PolicyNetworkHolder::sample(const PlanSource& plans, std::uint64_t first,
                                                         std::size_t count, const SamplingOptions& options,
                                                         chem::StopToken stop) {
  std::vector<std::optional<SampledMolecule>> found(count);
  std::atomic<std::size_t> next{0};
  const TorchThreads single(1);  // batches run side by side, each on one thread
  const auto workers = std::min<std::size_t>(
      static_cast<std::size_t>(tbb::this_task_arena::max_concurrency()), (count + lanes - 1) / lanes);
  tbb::parallel_for(std::size_t{0}, workers, [&](std::size_t) {
    const TorchThreads one(1);
    const torch::InferenceMode inference;
    LaneBatch batch(plans, vocabulary, *network, options);
    for (;;) {
      bool busy = false;
      for (std::int64_t l = 0; l < lanes; ++l) {
        if (batch.is_idle(l))
          if (const std::size_t place = next++; place < count) batch.begin(l, place, first + place);
        busy = busy || !batch.is_idle(l);
      }
      if (!busy || stop.stop_requested()) break;
      batch.step([&](std::size_t place, SampledMolecule molecule) { found[place] = std::move(molecule); });
    }
  });
  std::vector<SampledMolecule> out;
  for (auto& molecule : found) {
    if (!molecule) break;  // stopped: those before it are there
    out.push_back(std::move(*molecule));
  }
  return out;
}

}  // namespace theriac::generative
