#include "generative/device_sampler.hpp"

#include <algorithm>

#include "generative/policy_conditions.hpp"
#include "generative/sampling_network.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::generative {
namespace {

enum Column : std::int64_t { previous, unit, parent, site, phase, first_condition };

class Batch final : public StepBatch {
 public:
  Batch(const HeadRows& rows, int lanes, std::shared_ptr<PolicyNetwork> network)
      : StepBatch(rows, lanes, sampling_kernel("auto")),
        network_(std::move(network)),
        properties_(static_cast<std::int64_t>(condition_properties().size())),
        whole_(
            scoring::staged({first_condition + properties_, lanes}, torch::kInt64, network_->device).zero_()),
        numbers_(scoring::staged({lanes, policy_numbers}, torch::kFloat32, network_->device).zero_()),
        kept_(scoring::staged({lanes, 1}, torch::kFloat32, network_->device).zero_()) {
    const torch::InferenceMode inference;
    const auto options = torch::TensorOptions().device(network_->device);
    for (int l = 0; l < network_->shape.layers; ++l)
      memory_.push_back(torch::zeros({lanes, network_->shape.hidden}, options));
  }

  void clear(int l, const std::vector<std::uint8_t>& bins) override {
    kept_.data_ptr<float>()[l] = 0;
    for (std::int64_t p = 0; p < properties_; ++p)
      set(first_condition + p, l,
          static_cast<std::size_t>(p) < bins.size() ? bins[static_cast<std::size_t>(p)] : 0);
  }

  void show(int l, const PolicyInput& input) override {
    set(previous, l, input.previous);
    set(unit, l, input.unit);
    set(parent, l, input.parent);
    set(site, l, input.site);
    set(phase, l, input.phase);
    std::copy(input.numbers.begin(), input.numbers.end(), numbers_.data_ptr<float>() + l * policy_numbers);
  }

  void step(const std::vector<int>& adding) override {
    scoring::on_device(network_->device, "the generator", "--device cpu needs little memory", [&] {
      const torch::InferenceMode inference;
      const scoring::TorchThreads one(1);
      const auto& device = network_->device;
      const auto whole = scoring::sent(whole_, device), kept = scoring::sent(kept_, device);
      for (auto& memory : memory_) memory = memory * kept;
      const auto outputs =
          network_->stepped({whole[previous], whole[unit], whole[parent], whole[site], whole[phase],
                             scoring::sent(numbers_, device), whole.slice(0, first_condition).t()},
                            memory_);
      if (!adding.empty()) {  // of all lanes, so that no product changes its shape
        const std::vector<std::int64_t> places(adding.begin(), adding.end());
        const auto logits =
            network_->addition_logits(outputs.narrow(1, head_rows_.query, network_->shape.embedding));
        addition_block_ = logits.index_select(0, scoring::sent(places, device)).cpu().contiguous();
        additions_ = addition_block_.data_ptr<float>();
        addition_stride_ = static_cast<std::size_t>(addition_block_.size(1));
      }
      head_block_ = outputs.t().contiguous().cpu();  // waits until the device has read what was sent
      heads_ = head_block_.data_ptr<float>();
      kept_.fill_(1);
    });
  }

 private:
  void set(std::int64_t column, int l, std::int64_t value) {
    whole_.data_ptr<std::int64_t>()[column * static_cast<std::int64_t>(lanes_) + l] = value;
  }

  std::shared_ptr<PolicyNetwork> network_;
  const std::int64_t properties_;
  torch::Tensor whole_;                ///< [Column and conditions, lanes]: to be sent
  torch::Tensor numbers_, kept_;       ///< [lanes, policy_numbers]; [lanes, 1]: 0 where a lane forgets
  std::vector<torch::Tensor> memory_;  ///< on the device
  torch::Tensor head_block_, addition_block_;  ///< fetched
};

}  // namespace

DeviceSampler::DeviceSampler(const ActionVocabulary& vocabulary, std::shared_ptr<PolicyNetwork> network)
    : head_rows_(vocabulary, network->shape), network_(std::move(network)) {}

std::unique_ptr<StepBatch> DeviceSampler::batch() const {
  return std::make_unique<Batch>(head_rows_, lanes(), network_);
}

}  // namespace theriac::generative
