#include "generative/recurrent_layer.hpp"

#include <torch/autograd.h>

#include <algorithm>

#include "generative/policy_kernels.hpp"

namespace theriac::generative {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

float* row(const Tensor& t, std::int64_t i) {
  return t.data_ptr<float>() + i * t.stride(0);
}

class RecurrentLayer : public torch::autograd::Function<RecurrentLayer> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const std::vector<std::int64_t>& active,
                        const Tensor& weight_ih, const Tensor& weight_hh, const Tensor& bias_ih,
                        const Tensor& bias_hh) {
    const std::int64_t width = weight_hh.size(1), most = active.empty() ? 0 : active.front();
    const auto inputs = x.contiguous();
    const auto projected = torch::addmm(bias_ih, inputs, weight_ih.t());
    const auto recurrent = weight_hh.t();
    auto before = torch::empty({x.size(0), width});  // memory that each entry begins with
    auto memory = torch::empty({x.size(0), width});
    auto kept = torch::empty({x.size(0), 4 * width});
    auto h = torch::empty({most, 3 * width});
    std::int64_t first = 0, last_first = 0;
    for (std::size_t t = 0; t < active.size(); ++t) {
      const std::int64_t n = active[t];
      const auto begins = before.narrow(0, first, n);
      if (t == 0)
        begins.zero_();
      else
        begins.copy_(memory.narrow(0, last_first, n));
      auto projection = h.narrow(0, 0, n);
      torch::addmm_out(projection, bias_hh, begins, recurrent);
      gru_step(n, width, row(projected, first), h.data_ptr<float>(), row(before, first), row(memory, first),
               row(kept, first));
      last_first = first;
      first += n;
    }
    context->save_for_backward({inputs, weight_ih, weight_hh, before, kept});
    context->saved_data["active"] = active;
    return memory;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    const Tensor &inputs = saved[0], &weight_ih = saved[1], &weight_hh = saved[2], &before = saved[3],
                 &kept = saved[4];
    const auto active = context->saved_data["active"].toIntVector();
    const std::int64_t entries = inputs.size(0), width = weight_hh.size(1);
    const std::int64_t most = active.empty() ? 0 : active.front();
    const auto out_slope = slopes[0].contiguous();
    auto x_slopes = torch::empty({entries, 3 * width});
    auto h_slopes = torch::empty({entries, 3 * width});
    auto slope = torch::zeros({most, width});  // of a string that has ended: nothing
    auto earlier = torch::empty({most, width});
    std::int64_t first = entries;
    for (std::size_t t = active.size(); t-- > 0;) {
      const std::int64_t n = active[t];
      first -= n;
      auto now = slope.narrow(0, 0, n);
      now.add_(out_slope.narrow(0, first, n));
      gru_step_back(n, width, row(kept, first), row(before, first), slope.data_ptr<float>(),
                    row(x_slopes, first), row(h_slopes, first), earlier.data_ptr<float>());
      torch::addmm_out(now, earlier.narrow(0, 0, n), h_slopes.narrow(0, first, n), weight_hh);
    }
    return {torch::mm(x_slopes, weight_ih),  Tensor(),        torch::mm(x_slopes.t(), inputs),
            torch::mm(h_slopes.t(), before), x_slopes.sum(0), h_slopes.sum(0)};
  }
};

}  // namespace

Tensor recurrent_layer(const Tensor& x, const std::vector<std::int64_t>& active, const Tensor& weight_ih,
                       const Tensor& weight_hh, const Tensor& bias_ih, const Tensor& bias_hh) {
  return RecurrentLayer::apply(x, active, weight_ih, weight_hh, bias_ih, bias_hh);
}

Tensor plain_recurrent_layers(const Tensor& x, const std::vector<std::int64_t>& active,
                              const std::vector<Tensor>& weights) {
  const auto layers = static_cast<std::int64_t>(weights.size()) / 4;
  const std::int64_t width = weights[1].size(1), most = active.empty() ? 0 : active.front();
  const auto nothing = torch::zeros({layers, most, width}, x.options());
  // CuDNN remembers what the way back needs only when it is told that this is training.
  const bool training = torch::GradMode::is_enabled();
  // strings that have a step: LibTorch wants to read them on the processor
  const auto strings = torch::tensor(active, torch::kInt64);
  return std::get<0>(torch::gru(x, strings, nothing, weights, true, layers, 0.0, training, false));
}

void join_recurrent_weights(const std::vector<Tensor>& weights) {
  if (!weights[0].is_cuda() || !torch::cudnn_is_acceptable(weights[0])) return;
  const torch::NoGradGuard no_gradients;
  constexpr std::int64_t tensors_a_layer = 4, gru = 3;  // the number of the kind of layer among CuDNN's
  torch::_cudnn_rnn_flatten_weight(weights, tensors_a_layer, weights[0].size(1), gru, weights[1].size(1), 0,
                                   static_cast<std::int64_t>(weights.size()) / tensors_a_layer, false, false);
}

}  // namespace theriac::generative
