// The GninaEngine in LibTorch. Part of the library of networks.
#include "scoring/gnina_engine.hpp"

#include <fmt/format.h>
#include <torch/nn/functional.h>

#include <map>

#include "chem/error.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::scoring {
namespace {

namespace functional = torch::nn::functional;

constexpr std::int64_t grid_numbers =
    std::int64_t{density_channels} * density_points * density_points * density_points;
// Grids that go through the network at once: 12 MB each, and 7 MB behind the first layer of a dense block.
constexpr std::int64_t at_once_on_cpu = 4, at_once_on_gpu = 64;

class Engine final : public GninaEngine {
 public:
  Engine(const GninaWeights& weights, const torch::Device& device)
      : architecture_(weights.architecture), device_(device) {
    for (const auto& tensor : weights.tensors)
      tensors_[tensor.name] =
          torch::from_blob(const_cast<float*>(tensor.numbers.data()), tensor.shape, torch::kFloat32)
              .clone()
              .to(device);
  }

  std::vector<GninaOutput> outputs(const std::vector<float>& grids) const override {
    const TorchThreads one(1);
    const torch::InferenceMode inference;
    const auto count = static_cast<std::int64_t>(grids.size()) / grid_numbers;
    const std::int64_t at_once = device_.is_cpu() ? at_once_on_cpu : at_once_on_gpu;
    std::vector<GninaOutput> out;
    for (std::int64_t first = 0; first < count; first += at_once) {
      const auto part = std::min(at_once, count - first);
      const auto logits = run(grids.data() + first * grid_numbers, part);
      const float* row = logits.data_ptr<float>();
      for (std::int64_t i = 0; i < part; ++i, row += 3)
        out.push_back({gnina_score(double(row[0]), double(row[1])), double(row[2])});
    }
    return out;
  }

 private:
  /// [count, 3]: bad, good, affinity; on the processor.
  torch::Tensor run(const float* grids, std::int64_t count) const {
    try {
      auto x = batch(grids, count);
      x = architecture_ == GninaArchitecture::dense ? dense(x) : default2018(x);
      return torch::cat({functional::linear(x, at("pose.weight"), at("pose.bias")),
                         functional::linear(x, at("affinity.weight"), at("affinity.bias"))},
                        1)
          .cpu();
    } catch (const c10::Error& fault) {
      throw DeviceError(
          fmt::format("gnina's network failed on '{}': {}", device_.str(), fault.what_without_backtrace()),
          "--device cpu needs no LibTorch and little memory");
    }
  }

  /// A GPU fetches one grid while the next is copied to where it can fetch it.
  torch::Tensor batch(const float* grids, std::int64_t count) const {
    const auto all = torch::from_blob(
        const_cast<float*>(grids), {count, density_channels, density_points, density_points, density_points},
        torch::kFloat32);
    if (device_.is_cpu()) return all;
    const auto out = torch::empty(all.sizes(), torch::TensorOptions().device(device_));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto one = staged(all[i].sizes(), torch::kFloat32, device_);
      one.copy_(all[i]);
      out[i].copy_(one, /*non_blocking=*/device_.is_cuda());
    }
    return out;
  }

  const torch::Tensor& at(const std::string& name) const { return tensors_.at(name); }

  torch::Tensor convolved(const torch::Tensor& x, const std::string& layer, std::int64_t border) const {
    return torch::relu(torch::conv3d(x, at(layer + ".weight"), at(layer + ".bias"), 1, border));
  }

  torch::Tensor default2018(torch::Tensor x) const {
    x = convolved(convolved(torch::avg_pool3d(x, 2), "conv1", 1), "conv2", 0);
    x = convolved(convolved(torch::avg_pool3d(x, 2), "conv3", 1), "conv4", 0);
    return convolved(torch::avg_pool3d(x, 2), "conv5", 1).flatten(1);
  }

  torch::Tensor dense(torch::Tensor x) const {
    x = convolved(torch::max_pool3d(x, 2), "init", 1);
    for (int block = 0;; ++block) {
      for (int i = 0; i < gnina_dense_layers; ++i) {
        const std::string norm = fmt::format("block{}.bn{}", block, i);
        const auto normalised =
            torch::batch_norm(x, at(norm + ".weight"), at(norm + ".bias"), at(norm + ".running_mean"),
                              at(norm + ".running_var"), false, 0, double(gnina_norm_epsilon), false);
        x = torch::cat({x, convolved(normalised, fmt::format("block{}.conv{}", block, i), 1)}, 1);
      }
      if (block + 1 == gnina_dense_blocks) return x.amax({2, 3, 4});
      x = torch::max_pool3d(convolved(x, fmt::format("bottleneck{}", block), 0), 2);
    }
  }

  GninaArchitecture architecture_;
  torch::Device device_;
  std::map<std::string, torch::Tensor> tensors_;
};

class Maker final : public GninaEngineMaker {
  std::unique_ptr<GninaEngine> make(const GninaWeights& weights, const std::string& device) const override {
    return std::make_unique<Engine>(weights, found_device(device));
  }
};

}  // namespace

const GninaEngineMaker& gnina_engine_maker() {
  static const Maker maker;
  return maker;
}

}  // namespace theriac::scoring
