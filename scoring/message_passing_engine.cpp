// The MessageEngine in LibTorch. Part of the library of networks.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <type_traits>

#include "chem/error.hpp"
#include "scoring/message_training.hpp"
#include "scoring/torch_device.hpp"
#include "scoring/training_checkpoint.hpp"

namespace theriac::scoring {
namespace {

// Molecules that one thread takes through the network. A GPU is busy only with many; of a batch of 512 drugs
// the messages take 30 MB a layer.
constexpr std::size_t at_once_on_cpu = 64, at_once_on_gpu = 512;

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
                             const std::vector<float>& extras) const override {
    const TorchThreads single(1);
    const MessageShape& s = network_.shape;
    std::vector<float> out(graphs.size() * static_cast<std::size_t>(s.outputs));
    const std::size_t at_once = network_.device.is_cpu() ? at_once_on_cpu : at_once_on_gpu;
    const std::size_t blocks = (graphs.size() + at_once - 1) / at_once;
    tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
      const TorchThreads one(1);
      const torch::InferenceMode inference;
      const std::size_t first = block * at_once, last = std::min(graphs.size(), first + at_once);
      const std::vector<const chem::BondGraph*> part(graphs.begin() + static_cast<std::ptrdiff_t>(first),
                                                     graphs.begin() + static_cast<std::ptrdiff_t>(last));
      const auto numbers = numbers_of(
          outputs_of(message_batch(part), extras.data() + first * static_cast<std::size_t>(s.extras)));
      std::copy(numbers.begin(), numbers.end(), out.begin() + static_cast<std::ptrdiff_t>(first) * s.outputs);
    });
    return out;
  }

  MessageTrainingResult train(const MessageExamples& examples, const std::vector<TaskLoss>& tasks,
                              const MessageTrainingOptions& options, const std::string& checkpoint,
                              chem::StopToken stop,
                              const std::function<void(const MessageTrainingPoint&)>& observe) override {
    return on_device("the same command goes on from its last checkpoint; --device cpu needs no GPU", [&] {
      return scoring::train(network_, examples, tasks, options, checkpoint, stop, observe);
    });
  }

 private:
  template <typename Work>
  std::invoke_result_t<Work> on_device(const char* remedy, const Work& work) const {
    try {
      return work();
    } catch (const c10::Error& fault) {
      throw DeviceError(fmt::format("the network failed on '{}': {}", network_.device.str(),
                                    fault.what_without_backtrace()),
                        remedy);
    }
  }

  torch::Tensor outputs_of(const MessageBatch& batch, const float* extras) const {
    return on_device("--device cpu needs no LibTorch and little memory", [&] {
      return network_.outputs(message_tensors(batch, extras, network_.shape, network_.device)).cpu();
    });
  }

  MessagePassing network_;
};

class Maker final : public MessageEngineMaker {
  void require_device(const std::string& device) const override { found_device(device); }

  std::unique_ptr<MessageEngine> make(const MessageShape& shape, std::uint64_t seed,
                                      const std::string& device) const override {
    return std::make_unique<Engine>(shape, seed, found_device(device));
  }
};

}  // namespace

const MessageEngineMaker& message_engine_maker() {
  static const Maker maker;
  return maker;
}

}  // namespace theriac::scoring
