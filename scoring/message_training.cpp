#include "scoring/message_training.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/torch_device.hpp"
#include "scoring/training_checkpoint.hpp"

namespace theriac::scoring {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
constexpr std::size_t shard = 32;  ///< molecules that one thread takes through the network
constexpr double points_of_a_curve = 100;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<std::size_t> shuffled(std::size_t n, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::size_t> out(n);
  std::iota(out.begin(), out.end(), std::size_t{0});
  chem::CounterRandom random(seed, "message examples", "shuffle", epoch);
  for (std::size_t i = n; i > 1; --i) std::swap(out[i - 1], out[random.below(static_cast<std::uint32_t>(i))]);
  return out;
}

std::string settings_text(const MessageTrainingOptions& o, const std::vector<TaskLoss>& tasks,
                          const MessageShape& s, const std::string& examples) {
  nlohmann::json losses = nlohmann::json::array();
  for (const auto& t : tasks) losses.push_back({static_cast<int>(t.kind), t.weight, t.width});
  return nlohmann::json{{"epochs", o.epochs},
                        {"batch", o.batch},
                        {"rate", o.rate},
                        {"final_rate", o.final_rate},
                        {"warm_up", o.warm_up},
                        {"dropout", o.dropout},
                        {"weight_decay", o.weight_decay},
                        {"gradient_limit", o.gradient_limit},
                        {"averaging", o.averaging},
                        {"seed", o.seed},
                        {"hidden", s.hidden},
                        {"depth", s.depth},
                        {"head", s.head},
                        {"extras", s.extras},
                        {"tasks", losses},
                        {"examples", examples}}
      .dump();
}

std::vector<std::string> names_of(const std::vector<MessageTensor>& tensors) {
  std::vector<std::string> names;
  for (const auto& tensor : tensors) names.push_back(tensor.name);
  return names;
}

/// What dropout leaves, as factors; the same for the same step, molecule and place.
torch::Tensor kept(std::int64_t rows, std::int64_t columns, double dropout, chem::CounterRandom& random,
                   const torch::Device& device) {
  const auto out = staged({rows, columns}, torch::kFloat32, device);
  const auto factor = static_cast<float>(1 / (1 - dropout));
  float* to = out.data_ptr<float>();
  for (std::int64_t i = 0; i < out.numel(); ++i) to[i] = random.uniform() < dropout ? 0.f : factor;
  return sent(out, device);
}

class Trainer {
 public:
  Trainer(MessagePassing& network, const MessageExamples& examples, std::vector<TaskLoss> tasks,
          const MessageTrainingOptions& options, std::string file, chem::StopToken stop,
          const std::function<void(const MessageTrainingPoint&)>& observe)
      : network_(network),
        examples_(examples),
        tasks_(std::move(tasks)),
        options_(options),
        file_(std::move(file)),
        stop_(stop),
        observe_(observe),
        settings_(settings_text(options, tasks_, network.shape, examples.digest)),
        names_(names_of(message_tensor_list(network.shape))) {
    const std::size_t n = examples.graphs.size();
    if (n == 0) throw UsageError("no molecules to learn from");
    per_epoch_ = std::max<std::size_t>(1, n / batch());
    total_steps_ = static_cast<std::int64_t>(per_epoch_) * options.epochs;
    for (const auto& p : network_.parameters) {
      mean_.push_back(torch::zeros_like(p));
      square_.push_back(torch::zeros_like(p));
      average_.push_back(p.detach().clone());
    }
  }

  MessageTrainingResult run() {
    const TorchThreads single(1);  // shards of a batch run side by side
    if (std::filesystem::exists(file_)) restore();
    started_ = seconds_now();
    while (step_ < total_steps_ && !stop_.stop_requested()) run_epoch();
    MessageTrainingResult result;
    result.stopped = step_ < total_steps_;
    if (!result.stopped && since_point_ > 0) add_point();
    checkpoint();
    if (!result.stopped && options_.averaging > 0)
      for (std::size_t i = 0; i < average_.size(); ++i) {
        const torch::NoGradGuard no_gradients;
        network_.parameters[i].copy_(average_[i]);
      }
    result.curve = curve_;
    result.seconds = seconds();
    return result;
  }

 private:
  std::size_t batch() const { return static_cast<std::size_t>(options_.batch); }
  double seconds() const { return earlier_seconds_ + seconds_now() - started_; }

  void run_epoch() {
    const auto epoch = static_cast<std::uint64_t>(step_) / per_epoch_;
    const auto order = shuffled(examples_.graphs.size(), options_.seed, epoch);
    for (auto k = static_cast<std::size_t>(step_) % per_epoch_; k < per_epoch_ && !stop_.stop_requested();
         ++k) {
      const std::size_t last = k + 1 == per_epoch_ ? order.size() : (k + 1) * batch();
      learn({order.begin() + static_cast<std::ptrdiff_t>(k * batch()),
             order.begin() + static_cast<std::ptrdiff_t>(last)});
      ++step_;
      if (step_ %
              std::max<std::int64_t>(1, std::lround(static_cast<double>(total_steps_) / points_of_a_curve)) ==
          0)
        add_point();
      if (seconds_now() - last_checkpoint_ > 60 * options_.checkpoint_minutes) checkpoint();
    }
  }

  double rate() const {
    const auto total = static_cast<double>(total_steps_), warm = std::max(1.0, options_.warm_up * total);
    const auto step = static_cast<double>(step_);
    if (step < warm) return options_.rate * (step + 1) / warm;
    const double part = (step - warm) / std::max(1.0, total - warm);
    return options_.final_rate + 0.5 * (options_.rate - options_.final_rate) * (1 + std::cos(M_PI * part));
  }

  struct ShardOutcome {
    double loss = 0;
    std::vector<torch::Tensor> slopes;
  };

  ShardOutcome run_shard(const std::size_t* molecules, std::size_t count, std::size_t batch_size,
                         std::size_t index) const {
    const TorchThreads one(1);
    const MessageShape& s = network_.shape;
    std::vector<const chem::BondGraph*> graphs;
    std::vector<float> extras, targets;
    const auto append_row = [](std::vector<float>& to, const std::vector<float>& from, std::size_t row,
                               int width) {
      const auto begin = from.begin() + static_cast<std::ptrdiff_t>(row) * width;
      to.insert(to.end(), begin, begin + width);
    };
    for (std::size_t i = 0; i < count; ++i) {
      graphs.push_back(&examples_.graphs[molecules[i]]);
      if (s.extras > 0) append_row(extras, examples_.extras, molecules[i], s.extras);
      append_row(targets, examples_.targets, molecules[i], s.outputs);
    }
    const auto batch = message_tensors(message_batch(graphs), extras.data(), s, network_.device);
    torch::Tensor molecule_kept, head_kept;
    if (options_.dropout > 0) {
      chem::CounterRandom random(options_.seed, std::to_string(step_), "dropout", index);
      molecule_kept =
          kept(batch.molecules, 2 * s.hidden + s.extras, options_.dropout, random, network_.device);
      head_kept = kept(batch.molecules, s.head, options_.dropout, random, network_.device);
    }
    const auto outputs = network_.outputs(batch, molecule_kept, head_kept);
    const auto values = outputs.detach().cpu().contiguous();
    const auto slopes = staged(values.sizes(), torch::kFloat32, network_.device);
    ShardOutcome outcome;
    outcome.loss =
        masked_loss(tasks_, count, values.data_ptr<float>(), targets.data(), slopes.data_ptr<float>());
    slopes.mul_(1.0 / static_cast<double>(batch_size));
    outcome.slopes = torch::autograd::grad({outputs}, network_.parameters, {sent(slopes, network_.device)});
    return outcome;
  }

  void learn(const std::vector<std::size_t>& molecules) {
    std::vector<ShardOutcome> outcomes((molecules.size() + shard - 1) / shard);
    const auto work = [&](std::size_t s) {
      outcomes[s] = run_shard(molecules.data() + s * shard, std::min(shard, molecules.size() - s * shard),
                              molecules.size(), s);
    };
    tbb::parallel_for(std::size_t{0}, outcomes.size(), work);
    const torch::NoGradGuard no_gradients;
    auto total = outcomes[0].slopes;
    loss_sum_ += outcomes[0].loss;
    for (std::size_t s = 1; s < outcomes.size(); ++s) {
      loss_sum_ += outcomes[s].loss;
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += outcomes[s].slopes[i];
    }
    since_point_ += static_cast<std::int64_t>(molecules.size());
    std::vector<torch::Tensor> norms;
    for (const auto& slope : total) norms.push_back(slope.norm());
    double norm = 0;
    for (const float each : numbers_of(torch::stack(norms))) norm += std::pow(double{each}, 2);
    norm = std::sqrt(norm);
    if (!std::isfinite(norm)) return;  // such a step changes nothing
    update(total, norm > options_.gradient_limit ? options_.gradient_limit / norm : 1);
  }

  void update(const std::vector<torch::Tensor>& slopes, double scale) {
    const double now = rate(), t = static_cast<double>(step_ + 1);
    const double correction = std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t));
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      auto& weights = network_.parameters[i];
      const auto slope = slopes[i] * scale;
      mean_[i].mul_(beta1).add_(slope, 1 - beta1);
      square_[i].mul_(beta2).addcmul_(slope, slope, 1 - beta2);
      if (options_.weight_decay > 0 && weights.dim() > 1) weights.mul_(1 - now * options_.weight_decay);
      weights.addcdiv_(mean_[i], square_[i].sqrt().add_(epsilon), -now * correction);
      if (options_.averaging > 0) {
        // begins as a plain average, so that the random start is forgotten
        const double keep = std::min(options_.averaging, t / (t + 10));
        average_[i].mul_(keep).add_(weights, 1 - keep);
      }
    }
  }

  void add_point() {
    MessageTrainingPoint point;
    point.step = step_;
    point.steps = total_steps_;
    point.epoch = static_cast<double>(step_) / static_cast<double>(per_epoch_);
    point.rate = rate();
    point.loss = loss_sum_ / static_cast<double>(std::max<std::int64_t>(1, since_point_));
    point.seconds = seconds();
    const double spent = point.seconds - (curve_.empty() ? 0 : curve_.back().seconds);
    point.molecules_per_second = static_cast<double>(since_point_) / std::max(spent, 1e-9);
    loss_sum_ = 0;
    since_point_ = 0;
    curve_.push_back(point);
    if (observe_) observe_(point);
  }

  void checkpoint() {
    if (file_.empty()) return;
    datasets::ModelFileWriter file;
    add_tensors(file, "weights.", names_, network_.parameters);
    add_tensors(file, "mean.", names_, mean_);
    add_tensors(file, "square.", names_, square_);
    add_tensors(file, "average.", names_, average_);
    nlohmann::json curve = nlohmann::json::array();
    for (const auto& p : curve_)
      curve.push_back({p.step, p.steps, p.epoch, p.rate, p.loss, p.seconds, p.molecules_per_second});
    file.set("architecture", "theriac training checkpoint");
    file.set("settings", settings_);
    file.set("curve", curve.dump());
    file.add("progress", {4},
             std::vector<double>{static_cast<double>(step_), loss_sum_, static_cast<double>(since_point_),
                                 seconds()});
    file.write(file_);
    last_checkpoint_ = seconds_now();
  }

  void restore() {
    const auto file = datasets::ModelFile::read(file_);
    check_settings(file.metadata("settings"), settings_, file_);
    take_tensors(file, "weights.", names_, network_.parameters);
    take_tensors(file, "mean.", names_, mean_);
    take_tensors(file, "square.", names_, square_);
    take_tensors(file, "average.", names_, average_);
    const auto progress = file.doubles("progress", {4});
    step_ = static_cast<std::int64_t>(progress[0]);
    loss_sum_ = progress[1];
    since_point_ = static_cast<std::int64_t>(progress[2]);
    earlier_seconds_ = progress[3];
    for (const auto& p : nlohmann::json::parse(file.metadata("curve")))
      curve_.push_back({p[0], p[1], p[2], p[3], p[4], p[5], p[6]});
  }

  MessagePassing& network_;
  const MessageExamples& examples_;
  const std::vector<TaskLoss> tasks_;
  const MessageTrainingOptions options_;
  const std::string file_;
  chem::StopToken stop_;
  std::function<void(const MessageTrainingPoint&)> observe_;
  const std::string settings_;
  const std::vector<std::string> names_;  ///< of the parameters
  std::vector<torch::Tensor> mean_, square_, average_;
  std::size_t per_epoch_ = 1;
  std::int64_t step_ = 0, total_steps_ = 0, since_point_ = 0;
  double loss_sum_ = 0, earlier_seconds_ = 0, started_ = 0, last_checkpoint_ = seconds_now();
  std::vector<MessageTrainingPoint> curve_;
};

}  // namespace

MessageTrainingResult train(MessagePassing& network, const MessageExamples& examples,
                            const std::vector<TaskLoss>& tasks, const MessageTrainingOptions& options,
                            const std::string& checkpoint, chem::StopToken stop,
                            const std::function<void(const MessageTrainingPoint&)>& observe) {
  return Trainer(network, examples, tasks, options, checkpoint, stop, observe).run();
}

}  // namespace theriac::scoring
