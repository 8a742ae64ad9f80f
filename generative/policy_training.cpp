#include "generative/policy_training.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/sha256.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/policy_network_holder.hpp"
#include "generative/policy_optimiser.hpp"
#include "generative/vocabulary_file.hpp"
#include "scoring/training_checkpoint.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t batches_sorted_together = 32;
constexpr std::size_t most_validation = 4096;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<std::size_t> permutation(std::size_t n, std::uint64_t seed, const std::string& what,
                                     std::uint64_t replica) {
  std::vector<std::size_t> out(n);
  std::iota(out.begin(), out.end(), std::size_t{0});
  chem::CounterRandom random(seed, what, "shuffle", replica);
  for (std::size_t i = n; i > 1; --i) std::swap(out[i - 1], out[random.below(static_cast<std::uint32_t>(i))]);
  return out;
}

/// Which molecules go into which step of an epoch: shuffled, then molecules of like length together.
class EpochOrder {
 public:
  EpochOrder(const TrainingCorpus& corpus, std::vector<std::size_t> molecules, const TrainingOptions& options,
             std::uint64_t epoch)
      : molecules_(std::move(molecules)), batch_(static_cast<std::size_t>(options.batch)) {
    const auto shuffle = permutation(molecules_.size(), options.seed, "molecules", epoch);
    std::vector<std::size_t> mixed;
    for (const std::size_t i : shuffle) mixed.push_back(molecules_[i]);
    const std::size_t together = batch_ * batches_sorted_together;
    for (std::size_t first = 0; first < mixed.size(); first += together) {
      const auto begin = mixed.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = mixed.begin() + static_cast<std::ptrdiff_t>(std::min(mixed.size(), first + together));
      std::stable_sort(begin, end, [&](std::size_t a, std::size_t b) {
        return corpus.length_of(a) < corpus.length_of(b);
      });
    }
    molecules_ = std::move(mixed);
    order_ = permutation(steps(), options.seed, "batches", epoch);
  }
  std::size_t steps() const { return std::max<std::size_t>(1, molecules_.size() / batch_); }
  std::vector<std::size_t> batch(std::size_t step) const {
    const std::size_t k = order_[step], first = k * batch_;
    const std::size_t last = k + 1 == steps() ? molecules_.size() : first + batch_;
    return {molecules_.begin() + static_cast<std::ptrdiff_t>(first),
            molecules_.begin() + static_cast<std::ptrdiff_t>(last)};
  }

 private:
  std::vector<std::size_t> molecules_;
  std::size_t batch_;
  std::vector<std::size_t> order_;
};

using Shards = std::vector<PolicyBatch>;

Shards drawn_batch(const GenerationPlan& plan, const TrainingCorpus& corpus, const PolicyNetwork& network,
                   const std::vector<std::size_t>& molecules, const TrainingOptions& options,
                   std::uint64_t epoch) {
  std::vector<std::vector<Action>> strings(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
    strings[i] = corpus.drawn(plan, molecules[i], options.seed, epoch);
  });
  const std::size_t properties = condition_properties().size();
  Shards out;
  for (const auto& [first, last] : shard_bounds(strings.size(), network)) {
    const auto begin = strings.begin() + static_cast<std::ptrdiff_t>(first);
    PolicyBatch shard = policy_batch(plan, {begin, begin + static_cast<std::ptrdiff_t>(last - first)});
    for (std::size_t i = first; i < last; ++i) {
      chem::CounterRandom random(options.seed, std::to_string(molecules[i]), "conditions told", epoch);
      const bool tell = random.uniform() >= options.untold;
      const std::uint8_t* bins = corpus.bins_of(molecules[i]);
      for (std::size_t p = 0; p < properties; ++p) {
        const bool this_one = random.uniform() >= 0.5;
        shard.conditions.push_back(tell && this_one ? bins[p] : std::uint8_t{0});
      }
    }
    out.push_back(std::move(shard));
  }
  return out;
}

std::string digest(const TrainingOptions& o, const TrainingCorpus& corpus, const GraphPolicy& policy) {
  const nlohmann::json all = {{"epochs", o.epochs},
                              {"batch", o.batch},
                              {"rate", o.rate},
                              {"final_rate", o.final_rate},
                              {"gradient_limit", o.gradient_limit},
                              {"untold", o.untold},
                              {"validation", o.validation},
                              {"patience", o.patience},
                              {"validate_every", o.validate_every},
                              {"seed", o.seed},
                              {"hidden", policy.shape().hidden},
                              {"layers", policy.shape().layers},
                              {"embedding", policy.shape().embedding},
                              {"vocabulary", datasets::sha256(vocabulary_text(policy.vocabulary()))},
                              {"corpus", corpus.sha256()}};
  return all.dump();
}

class Trainer {
 public:
  Trainer(GraphPolicy& policy, const TrainingCorpus& corpus, const TrainingOptions& options, std::string file,
          chem::StopToken stop, const std::function<void(const TrainingPoint&)>& observe)
      : policy_(policy),
        network_(policy.network().network),
        corpus_(corpus),
        options_(options),
        file_(std::move(file)),
        stop_(std::move(stop)),
        observe_(observe),
        plan_(policy.vocabulary()),
        digest_(digest(options, corpus, policy)),
        optimiser_(network_, options.gradient_limit) {
    split();
    for (const auto& p : optimiser_.parameters) best_.push_back(p.detach().clone());
  }

  TrainingResult run() {
    const TorchThreads single(1);  // shards of a batch run side by side
    if (std::filesystem::exists(file_)) restore();
    started_ = seconds_now();
    const std::size_t per_epoch = EpochOrder(corpus_, learned_, options_, 0).steps();
    total_steps_ = static_cast<std::int64_t>(per_epoch) * options_.epochs;
    if (best_loss_ == infinity && step_ == 0) best_loss_ = validation_loss();
    std::string ending = fmt::format("{} epochs done", options_.epochs);
    for (auto epoch = static_cast<std::uint64_t>(step_) / per_epoch;
         step_ < total_steps_ && !finished_early(ending) && !stop_.stop_requested(); ++epoch)
      run_epoch(epoch, per_epoch);
    result_.stopped = step_ < total_steps_ && !finished_early(ending);
    result_.ending = result_.stopped ? "stopped on request" : ending;
    if (!result_.stopped && since_point_ > 0) add_point(true);
    checkpoint();
    return finish();
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  void split() {
    if (corpus_.size() < 10)
      throw UsageError(fmt::format("{} molecules are too few to learn from", corpus_.size()),
                       "give at least 10, better some hundreds");
    auto all = permutation(corpus_.size(), options_.seed, "validation split", 0);
    const auto n = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::lround(options_.validation * static_cast<double>(all.size()))), 1,
        most_validation);
    held_out_.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
    learned_.assign(all.begin() + static_cast<std::ptrdiff_t>(n), all.end());
    std::sort(held_out_.begin(), held_out_.end());
    std::sort(learned_.begin(), learned_.end());
  }

  bool finished_early(std::string& ending) const {
    if (options_.patience <= 0 || without_gain_ < options_.patience) return false;
    ending = fmt::format("no gain in {} validations", options_.patience);
    return true;
  }

  void run_epoch(std::uint64_t epoch, std::size_t per_epoch) {
    const EpochOrder order(corpus_, learned_, options_, epoch);
    auto position = static_cast<std::size_t>(step_) % per_epoch;
    const auto made = [&](std::size_t k) {
      return drawn_batch(plan_, corpus_, *network_, order.batch(k), options_, epoch);
    };
    Shards batch = made(position);
    std::string ending;
    for (; position < per_epoch && !stop_.stop_requested(); ++position) {
      Shards next;
      tbb::task_group ahead;
      if (position + 1 < per_epoch) ahead.run([&] { next = made(position + 1); });
      learn(batch);
      ahead.wait();
      batch = std::move(next);
      ++step_;
      if (step_ % options_.validate_every == 0) add_point(true);
      if (finished_early(ending)) return;
      if (seconds_now() - last_checkpoint_ > 60 * options_.checkpoint_minutes) checkpoint();
    }
  }

  double rate() const {
    const double part =
        static_cast<double>(step_) / static_cast<double>(std::max<std::int64_t>(1, total_steps_));
    return options_.final_rate + 0.5 * (options_.rate - options_.final_rate) * (1 + std::cos(M_PI * part));
  }

  void learn(const Shards& batch) {
    std::int64_t actions = 0;
    for (const PolicyBatch& shard : batch) {
      actions += shard.actions;
      since_point_ += shard.molecules;
    }
    const double slope = -1.0 / static_cast<double>(actions);
    loss_sum_ -= optimiser_.step(
        batch, [&](std::size_t, std::size_t, double) { return slope; }, rate());
  }

  /// The same orders each time, nothing told.
  double validation_loss() {
    constexpr std::size_t at_once = 128;
    std::vector<double> sums((held_out_.size() + at_once - 1) / at_once, 0);
    const auto work = [&](std::size_t k) {
      const TorchThreads one(1);
      const torch::NoGradGuard no_gradients;
      std::vector<std::vector<Action>> strings;
      for (std::size_t i = k * at_once; i < std::min(held_out_.size(), (k + 1) * at_once); ++i)
        strings.push_back(corpus_.drawn(plan_, held_out_[i], options_.seed, ~0ull));
      const auto tensors = policy_tensors(policy_batch(plan_, strings), network_->layout, network_->device);
      sums[k] = network_->string_log_probabilities(tensors).to(torch::kFloat64).sum().item<double>();
    };
    if (network_->own_kernels)
      tbb::parallel_for(std::size_t{0}, sums.size(), work);
    else  // side by side they would fill a GPU's memory
      for (std::size_t k = 0; k < sums.size(); ++k) work(k);
    const double sum = -std::accumulate(sums.begin(), sums.end(), 0.0);
    return sum / static_cast<double>(held_out_.size());
  }

  void add_point(bool validate) {
    TrainingPoint point;
    point.step = step_;
    point.epoch = static_cast<double>(step_) / static_cast<double>(total_steps_) * options_.epochs;
    point.rate = rate();
    point.training = loss_sum_ / static_cast<double>(std::max<std::int64_t>(1, since_point_));
    if (validate) {
      point.validation = validation_loss();
      if (point.validation < best_loss_) {
        best_loss_ = point.validation;
        without_gain_ = 0;
        for (std::size_t i = 0; i < best_.size(); ++i) best_[i].copy_(optimiser_.parameters[i].detach());
      } else {
        ++without_gain_;
      }
    }
    point.seconds = seconds();
    const double spent = point.seconds - (curve_.empty() ? 0 : curve_.back().seconds);
    point.molecules_per_second = static_cast<double>(since_point_) / std::max(spent, 1e-9);
    loss_sum_ = 0;
    since_point_ = 0;
    curve_.push_back(point);
    if (observe_) observe_(point);
  }

  double seconds() const { return earlier_seconds_ + seconds_now() - started_; }

  void checkpoint() {
    datasets::ModelFileWriter file;
    scoring::add_tensors(file, "weights.", optimiser_.names, optimiser_.parameters);
    scoring::add_tensors(file, "mean.", optimiser_.names, optimiser_.mean);
    scoring::add_tensors(file, "square.", optimiser_.names, optimiser_.square);
    scoring::add_tensors(file, "best.", optimiser_.names, best_);
    nlohmann::json curve = nlohmann::json::array();
    for (const auto& p : curve_)
      curve.push_back({p.step, p.epoch, p.rate, p.training, p.validation, p.seconds, p.molecules_per_second});
    file.set("architecture", "theriac training checkpoint");
    file.set("settings", digest_);
    file.set("curve", curve.dump());
    file.add("progress", {6},
             std::vector<double>{static_cast<double>(step_), best_loss_, static_cast<double>(without_gain_),
                                 loss_sum_, static_cast<double>(since_point_), seconds()});
    file.write(file_);
    last_checkpoint_ = seconds_now();
  }

  void restore() {
    const auto file = datasets::ModelFile::read(file_);
    scoring::check_settings(file.metadata("settings"), digest_, file_);
    scoring::take_tensors(file, "weights.", optimiser_.names, optimiser_.parameters);
    scoring::take_tensors(file, "mean.", optimiser_.names, optimiser_.mean);
    scoring::take_tensors(file, "square.", optimiser_.names, optimiser_.square);
    scoring::take_tensors(file, "best.", optimiser_.names, best_);
    const auto progress = file.doubles("progress", {6});
    step_ = optimiser_.steps = static_cast<std::int64_t>(progress[0]);
    best_loss_ = progress[1];
    without_gain_ = static_cast<int>(progress[2]);
    loss_sum_ = progress[3];
    since_point_ = static_cast<std::int64_t>(progress[4]);
    earlier_seconds_ = progress[5];
    for (const auto& p : nlohmann::json::parse(file.metadata("curve")))
      curve_.push_back({p[0], p[1], p[2], p[3],
                        p[4].is_null() ? std::numeric_limits<double>::quiet_NaN() : p[4].get<double>(), p[5],
                        p[6]});
  }

  TrainingResult finish() {
    const torch::NoGradGuard no_gradients;
    if (!result_.stopped)
      for (std::size_t i = 0; i < best_.size(); ++i) optimiser_.parameters[i].copy_(best_[i]);
    result_.curve = curve_;
    result_.best_validation = best_loss_;
    result_.steps = step_;
    result_.seconds = seconds();
    return result_;
  }

  GraphPolicy& policy_;
  std::shared_ptr<PolicyNetwork> network_;
  const TrainingCorpus& corpus_;
  const TrainingOptions options_;
  const std::string file_;
  chem::StopToken stop_;
  std::function<void(const TrainingPoint&)> observe_;
  const GenerationPlan plan_;
  const std::string digest_;
  std::vector<std::size_t> learned_, held_out_;
  PolicyOptimiser optimiser_;
  std::vector<torch::Tensor> best_;
  std::int64_t step_ = 0, total_steps_ = 0, since_point_ = 0;
  int without_gain_ = 0;
  double best_loss_ = infinity, loss_sum_ = 0, earlier_seconds_ = 0, started_ = 0;
  double last_checkpoint_ = seconds_now();
  std::vector<TrainingPoint> curve_;
  TrainingResult result_;
};

}  // namespace

TrainingResult PolicyNetworkHolder::train(GraphPolicy& policy, const TrainingCorpus& corpus,
                                          const TrainingOptions& options, const std::string& checkpoint,
                                          chem::StopToken stop,
                                          const std::function<void(const TrainingPoint&)>& observe) {
  return scoring::on_device(
      network->device, "training",
      "the same command with --device cpu goes on from the checkpoint; a smaller --batch starts anew, in "
      "another folder",
      [&] { return Trainer(policy, corpus, options, checkpoint, stop, observe).run(); });
}

}  // namespace theriac::generative
