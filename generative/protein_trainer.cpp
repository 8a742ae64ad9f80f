// The ProteinTrainer in LibTorch.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <type_traits>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "generative/policy_network.hpp"
#include "generative/protein_evaluation.hpp"
#include "generative/protein_optimiser.hpp"
#include "scoring/training_checkpoint.hpp"

namespace theriac::generative {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What a checkpoint must share with the call that continues it. The number of steps may differ.
nlohmann::json settings_of(const ProteinTrainingOptions& o, const ProteinShape& s,
                           const ProteinCorpus& corpus) {
  return {{"batch", o.batch},
          {"row", o.row},
          {"matrix_rate", o.matrix_rate},
          {"rate", o.rate},
          {"warm_up", o.warm_up},
          {"weight_decay", o.weight_decay},
          {"validate_every", o.validate_every},
          {"seed", o.seed},
          {"layers", s.layers},
          {"width", s.width},
          {"heads", s.heads},
          {"rotary", s.rotary},
          {"positions", s.positions},
          {"start", o.start},
          {"corpus", corpus.sha256()}};
}

class ProteinTrainingRun {
 public:
  ProteinTrainingRun(ProteinTrainer& trainer, ProteinNetwork& network, const ProteinCorpus& learned,
                     const ProteinCorpus& held_out, const ProteinTrainingOptions& options, std::string file)
      : trainer_(trainer),
        network_(network),
        learned_(learned),
        held_out_(held_out),
        options_(options),
        file_(std::move(file)),
        settings_(settings_of(options, network.shape, learned)),
        optimiser_(network, options) {
    const std::size_t n =
        std::min(held_out.size(), static_cast<std::size_t>(std::max(0, options.validation_proteins)));
    watched_.resize(n);
    std::iota(watched_.begin(), watched_.end(), std::size_t{0});
  }

  ProteinTrainingResult run(const chem::StopToken& stop,
                            const std::function<void(const ProteinTrainingPoint&)>& observe) {
    const TorchThreads single(1);
    if (std::filesystem::exists(file_)) restore();
    started_ = last_checkpoint_ = seconds_now();
    if (step() > options_.steps)
      throw ModelError(fmt::format("the checkpoint {} has {} steps behind it, more than {}", file_, step(),
                                   options_.steps));
    epoch_rows_.emplace(learned_, options_.row, options_.seed, epoch_);
    while (step() < options_.steps && !stop.stop_requested()) {
      learn();
      if (step() % options_.validate_every == 0 || step() == options_.steps) add_point(observe);
      if (seconds_now() - last_checkpoint_ > 60 * options_.checkpoint_minutes) checkpoint();
    }
    checkpoint();
    ProteinTrainingResult result;
    result.curve = curve_;
    result.steps = step();
    result.tokens = tokens_;
    result.seconds = seconds();
    result.stopped = step() < options_.steps;
    return result;
  }

 private:
  std::int64_t step() const { return optimiser_.steps; }
  double seconds() const { return earlier_seconds_ + seconds_now() - started_; }

  /// Of the full rate, for the step to come.
  double part() const {
    const auto at = static_cast<double>(step()), all = static_cast<double>(options_.steps);
    const double rise = std::min(1.0, (at + 1) / std::max(1, options_.warm_up));
    const double fall = std::max(1.0, options_.fall * all);
    return std::min(rise, std::min(1.0, (all - at) / fall));
  }

  void learn() {
    const auto batch = static_cast<std::size_t>(options_.batch);
    const auto rows = epoch_rows_->taken(row_, row_ + batch);
    std::int64_t learned = 0;
    nats_ += optimiser_.step(rows, part(), learned);
    scored_ += learned;
    const std::int64_t seen = rows.rows * rows.length;
    tokens_ += seen;
    since_point_ += seen;
    row_ += batch;
    if (row_ < epoch_rows_->rows()) return;
    row_ = 0;
    epoch_rows_.emplace(learned_, options_.row, options_.seed, ++epoch_);
  }

  void add_point(const std::function<void(const ProteinTrainingPoint&)>& observe) {
    ProteinTrainingPoint point;
    point.step = step();
    point.epoch =
        static_cast<double>(epoch_) + static_cast<double>(row_) / static_cast<double>(epoch_rows_->rows());
    point.rate = part();
    point.training = nats_ / static_cast<double>(std::max<std::int64_t>(1, scored_));
    point.tokens_per_second = static_cast<double>(since_point_) /
                              std::max(1e-9, seconds() - (validated_ > 0 ? validated_ : earlier_seconds_));
    if (!watched_.empty())
      point.validation =
          protein_loss(trainer_, held_out_, watched_, network_.shape.positions).nats_per_residue();
    point.seconds = validated_ = seconds();
    nats_ = 0;
    scored_ = since_point_ = 0;
    curve_.push_back(point);
    if (observe) observe(point);
  }

  void checkpoint() {
    datasets::ModelFileWriter file;
    scoring::add_tensors(file, "weights.", network_.names, network_.parameters);
    scoring::add_tensors(file, "mean.", network_.names, optimiser_.mean);
    scoring::add_tensors(file, "square.", network_.names, optimiser_.square);
    nlohmann::json curve = nlohmann::json::array();
    for (const auto& p : curve_)
      curve.push_back({p.step, p.epoch, p.rate, p.training, p.validation, p.seconds, p.tokens_per_second});
    file.set("architecture", "theriac protein training checkpoint");
    file.set("settings", settings_.dump());
    file.set("curve", curve.dump());
    file.add("progress", {8},
             std::vector<double>{static_cast<double>(step()), static_cast<double>(epoch_),
                                 static_cast<double>(row_), nats_, static_cast<double>(scored_),
                                 static_cast<double>(tokens_), static_cast<double>(since_point_), seconds()});
    file.write(file_);
    last_checkpoint_ = seconds_now();
  }

  void restore() {
    const auto file = datasets::ModelFile::read(file_);
    scoring::check_settings(file.metadata("settings"), settings_.dump(), file_);
    scoring::take_tensors(file, "weights.", network_.names, network_.parameters);
    scoring::take_tensors(file, "mean.", network_.names, optimiser_.mean);
    scoring::take_tensors(file, "square.", network_.names, optimiser_.square);
    const auto progress = file.doubles("progress", {8});
    optimiser_.steps = static_cast<std::int64_t>(progress[0]);
    epoch_ = static_cast<std::uint64_t>(progress[1]);
    row_ = static_cast<std::size_t>(progress[2]);
    nats_ = progress[3];
    scored_ = static_cast<std::int64_t>(progress[4]);
    tokens_ = static_cast<std::int64_t>(progress[5]);
    since_point_ = static_cast<std::int64_t>(progress[6]);
    earlier_seconds_ = progress[7];
    for (const auto& p : nlohmann::json::parse(file.metadata("curve")))
      curve_.push_back({p[0], p[1], p[2], p[3],
                        p[4].is_null() ? std::numeric_limits<double>::quiet_NaN() : p[4].get<double>(), p[5],
                        p[6]});
    if (!curve_.empty()) validated_ = curve_.back().seconds;
  }

  ProteinTrainer& trainer_;
  ProteinNetwork& network_;
  const ProteinCorpus &learned_, &held_out_;
  const ProteinTrainingOptions options_;
  const std::string file_;
  const nlohmann::json settings_;
  ProteinOptimiser optimiser_;
  std::vector<std::size_t> watched_;
  std::optional<ProteinEpoch> epoch_rows_;
  std::uint64_t epoch_ = 0;
  std::size_t row_ = 0;  ///< next one of the epoch
  std::int64_t tokens_ = 0, scored_ = 0, since_point_ = 0;
  double nats_ = 0, earlier_seconds_ = 0, started_ = 0, last_checkpoint_ = 0, validated_ = 0;
  std::vector<ProteinTrainingPoint> curve_;
};

class TorchProteinTrainer final : public ProteinTrainer {
 public:
  TorchProteinTrainer(const ProteinShape& shape, std::uint64_t seed, const torch::Device& device,
                      bool own_kernels)
      : network_(shape, seed, device, own_kernels) {}

  std::vector<ProteinWeights> weights() override {
    std::vector<ProteinWeights> out;
    for (std::size_t i = 0; i < network_.names.size(); ++i) {
      const auto& p = network_.parameters[i];
      out.push_back({network_.names[i], {p.sizes().begin(), p.sizes().end()}, scoring::numbers_of(p)});
    }
    return out;
  }

  void set_weights(const std::vector<ProteinWeights>& weights) override {
    for (std::size_t i = 0; i < network_.names.size(); ++i) {
      auto& p = network_.parameters[i];
      const std::vector<std::int64_t> shape(p.sizes().begin(), p.sizes().end());
      if (i >= weights.size() || weights[i].name != network_.names[i] || weights[i].shape != shape)
        throw ModelError(fmt::format("the weights do not fit a network of {} layers of {}",
                                     network_.shape.layers, network_.shape.width));
      scoring::set_numbers(p, weights[i].numbers);
    }
  }

  std::int64_t parameters() override {
    std::int64_t n = 0;
    for (const auto& p : network_.parameters) n += p.numel();
    return n;
  }

  std::vector<float> logits(const ProteinRows& rows) override {
    std::vector<float> out(rows.token.size() * protein_token::table_size, 0);
    const torch::NoGradGuard no_gradients;
    const TorchThreads one(1);
    const std::int64_t together = rows_together(rows);
    for (std::int64_t first = 0; first < rows.rows; first += together) {
      const auto batch = protein_tensors(rows, first, std::min(rows.rows, first + together), network_.device);
      const auto all = on_device([&] { return network_.logits(batch, {}).cpu().contiguous(); });
      for (std::size_t i = 0; i < batch.place.size(); ++i)
        std::copy_n(all.data_ptr<float>() + i * protein_token::table_size, protein_token::table_size,
                    out.begin() + static_cast<std::ptrdiff_t>(batch.place[i] * protein_token::table_size));
    }
    return out;
  }

  std::vector<float> residue_log_probabilities(const ProteinRows& rows) override {
    const auto& twenty = protein_token::residues();
    std::vector<std::int64_t> columns(twenty.begin(), twenty.end()), column(256, -1);
    for (std::size_t i = 0; i < columns.size(); ++i)
      column[static_cast<std::size_t>(columns[i])] = static_cast<std::int64_t>(i);
    std::vector<float> out(rows.token.size(), 0);
    const std::int64_t together = rows_together(rows);
    const auto work = [&](std::int64_t first) {
      const torch::NoGradGuard no_gradients;
      const TorchThreads one(1);
      const auto batch = protein_tensors(rows, first, std::min(rows.rows, first + together), network_.device);
      const auto all = network_.logits(batch, batch.learned);
      const auto logs = all.index_select(1, scoring::sent(columns, network_.device))
                            .to(torch::kFloat64)
                            .log_softmax(1)
                            .cpu()
                            .contiguous();
      for (std::size_t i = 0; i < batch.target_place.size(); ++i) {
        const std::size_t k = batch.target_place[i];
        const auto c = column[rows.target[k]];
        if (c >= 0)
          out[k] = static_cast<float>(logs.data_ptr<double>()[static_cast<std::int64_t>(i) * 20 + c]);
      }
    };
    if (network_.own_kernels)
      tbb::parallel_for(std::int64_t{0}, rows.rows, work);
    else
      on_device([&] {
        for (std::int64_t first = 0; first < rows.rows; first += together) work(first);
        return 0;
      });
    return out;
  }

  ProteinTrainingResult train(const ProteinCorpus& learned, const ProteinCorpus& held_out,
                              const ProteinTrainingOptions& options, const std::string& checkpoint,
                              chem::StopToken stop,
                              const std::function<void(const ProteinTrainingPoint&)>& observe) override {
    if (learned.size() == 0) throw UsageError("there is no protein to learn from");
    if (options.row > network_.shape.positions)
      throw UsageError(fmt::format("rows of {} tokens, and the network has {} positions", options.row,
                                   network_.shape.positions));
    return on_device([&] {
      return ProteinTrainingRun(*this, network_, learned, held_out, options, checkpoint).run(stop, observe);
    });
  }

 private:
  /// Rows that go through the network at once: one a thread, or what a GPU takes.
  std::int64_t rows_together(const ProteinRows& rows) const {
    return network_.own_kernels ? 1
                                : std::max<std::int64_t>(1, ProteinNetwork::tokens_on_device / rows.length);
  }

  template <typename Work>
  std::invoke_result_t<Work> on_device(const Work& work) const {
    return scoring::on_device(network_.device, "the protein model",
                              "the same command with --device cpu goes on from the checkpoint; a smaller "
                              "--batch starts anew, in another "
                              "folder",
                              work);
  }

  ProteinNetwork network_;
};

class TorchProteinTrainerMaker final : public ProteinTrainerMaker {
 public:
  std::unique_ptr<ProteinTrainer> make(const ProteinShape& shape, std::uint64_t seed,
                                       const std::string& device) const override {
    const torch::Device place = device.empty() ? torch::Device(torch::kCPU) : scoring::found_device(device);
    return std::make_unique<TorchProteinTrainer>(shape, seed, place, device.empty());
  }
};

}  // namespace

const ProteinTrainerMaker& protein_trainer_maker() {
  static const TorchProteinTrainerMaker maker;
  return maker;
}

}  // namespace theriac::generative
