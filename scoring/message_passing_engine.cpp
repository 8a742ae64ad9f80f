// The MessageEngine in LibTorch. Part of the library of networks.
#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <torch/version.h>

#include <algorithm>

#include "chem/error.hpp"
#include "scoring/message_training.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t at_once = 64;  ///< molecules that one thread takes through the network

class Engine final : public MessageEngine {
 public:
  Engine(const MessageShape& shape, std::uint64_t seed, const torch::Device& device)
      : network_(shape, seed, device) {}

  const MessageShape& shape() const override { return network_.shape; }

  std::vector<MessageTensor> weights() override {
    auto out = message_tensor_list(network_.shape);
    for (std::size_t i = 0; i < out.size(); ++i) out[i].numbers = numbers_of(network_.parameters[i]);
    return out;
  }

  void set_weights(const std::vector<MessageTensor>& weights) override {
    const auto known = message_tensor_list(network_.shape);
    for (const auto& tensor : weights) {
      const auto place = std::find_if(known.begin(), known.end(), [&](const MessageTensor& k) {
        return k.name == tensor.name && k.shape == tensor.shape;
      });
      if (place == known.end())
        throw ModelError("the network has no tensor '" + tensor.name + "' of this shape");
      set_numbers(network_.parameters[static_cast<std::size_t>(place - known.begin())], tensor.numbers);
    }
  }

  std::vector<float> outputs(const std::vector<const chem::BondGraph*>& graphs,
                             const std::vector<float>& extras) override {
    const TorchThreads single(1);
    const MessageShape& s = network_.shape;
    std::vector<float> out(graphs.size() * static_cast<std::size_t>(s.outputs));
    const std::size_t blocks = (graphs.size() + at_once - 1) / at_once;
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
      const TorchThreads one(1);
      const torch::InferenceMode inference;
      const std::size_t first = block * at_once, last = std::min(graphs.size(), first + at_once);
      const std::vector<const chem::BondGraph*> part(graphs.begin() + static_cast<std::ptrdiff_t>(first),
                                                     graphs.begin() + static_cast<std::ptrdiff_t>(last));
      const auto batch =
          message_tensors(message_batch(part), extras.data() + first * static_cast<std::size_t>(s.extras), s,
                          network_.device);
      const auto numbers = numbers_of(network_.outputs(batch));
      std::copy(numbers.begin(), numbers.end(), out.begin() + static_cast<std::ptrdiff_t>(first) * s.outputs);
    });
    return out;
  }

  MessageTrainingResult train(const MessageExamples& examples, const std::vector<TaskLoss>& tasks,
                              const MessageTrainingOptions& options, const std::string& checkpoint,
                              chem::StopToken stop,
                              const std::function<void(const MessageTrainingPoint&)>& observe) override {
    return scoring::train(network_, examples, tasks, options, checkpoint, stop, observe);
  }

 private:
  MessagePassing network_;
};

class Maker final : public MessageEngineMaker {
  std::unique_ptr<MessageEngine> make(const MessageShape& shape, std::uint64_t seed,
                                      const std::string& device) const override {
    try {
      const torch::Device place(device);
      torch::empty({1}, torch::TensorOptions().device(place));
      return std::make_unique<Engine>(shape, seed, place);
    } catch (const c10::Error&) {
      throw DeviceError(fmt::format("LibTorch {} has no device '{}' here", TORCH_VERSION, device),
                        "--device cpu works everywhere; for a GPU build with a CUDA version of LibTorch");
    }
  }
};

}  // namespace

const MessageEngineMaker& message_engine_maker() {
  static const Maker maker;
  return maker;
}

}  // namespace theriac::scoring
