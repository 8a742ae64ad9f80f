#include "generative/recurrent_layer.hpp"

#include <torch/autograd.h>

#include "generative/policy_kernels.hpp"

namespace theriac::generative {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

float* at(const Tensor& t, std::int64_t step) {
  return t.data_ptr<float>() + step * t.stride(0);
}

class RecurrentLayer : public torch::autograd::Function<RecurrentLayer> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight_ih,
                        const Tensor& weight_hh, const Tensor& bias_ih, const Tensor& bias_hh) {
    const std::int64_t steps = x.size(0), rows = x.size(1), width = weight_hh.size(1);
    const auto inputs = x.contiguous();
    const auto projected = torch::addmm(bias_ih, inputs.view({steps * rows, -1}), weight_ih.t());
    const auto recurrent = weight_hh.t();
    auto memory = torch::zeros({steps + 1, rows, width});
    auto kept = torch::empty({steps, rows, 4 * width});
    auto h = torch::empty({rows, 3 * width});
    for (std::int64_t t = 0; t < steps; ++t) {
      torch::addmm_out(h, bias_hh, memory[t], recurrent);
      gru_step(rows, width, projected.data_ptr<float>() + t * rows * 3 * width, h.data_ptr<float>(),
               at(memory, t), at(memory, t + 1), at(kept, t));
    }
    context->save_for_backward({inputs, weight_ih, weight_hh, memory, kept});
    return memory.narrow(0, 1, steps);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    const Tensor &inputs = saved[0], &weight_ih = saved[1], &weight_hh = saved[2], &memory = saved[3],
                 &kept = saved[4];
    const std::int64_t steps = inputs.size(0), rows = inputs.size(1), width = weight_hh.size(1);
    const auto out_slope = slopes[0].contiguous();
    auto x_slopes = torch::empty({steps, rows, 3 * width});
    auto h_slopes = torch::empty({steps, rows, 3 * width});
    auto slope = torch::zeros({rows, width});
    auto before = torch::empty({rows, width});
    for (std::int64_t t = steps - 1; t >= 0; --t) {
      slope.add_(out_slope[t]);
      gru_step_back(rows, width, at(kept, t), at(memory, t), slope.data_ptr<float>(), at(x_slopes, t),
                    at(h_slopes, t), before.data_ptr<float>());
      torch::addmm_out(slope, before, h_slopes[t], weight_hh);
    }
    const auto x_flat = x_slopes.view({steps * rows, 3 * width});
    const auto h_flat = h_slopes.view({steps * rows, 3 * width});
    const auto inputs_flat = inputs.view({steps * rows, -1});
    const auto memory_flat = memory.narrow(0, 0, steps).reshape({steps * rows, width});
    return {torch::mm(x_flat, weight_ih).view(inputs.sizes()), torch::mm(x_flat.t(), inputs_flat),
            torch::mm(h_flat.t(), memory_flat), x_flat.sum(0), h_flat.sum(0)};
  }
};

}  // namespace

Tensor recurrent_layer(const Tensor& x, const Tensor& weight_ih, const Tensor& weight_hh,
                       const Tensor& bias_ih, const Tensor& bias_hh) {
  return RecurrentLayer::apply(x, weight_ih, weight_hh, bias_ih, bias_hh);
}

Tensor recurrent_step(const Tensor& x, const Tensor& memory, const Tensor& weight_ih, const Tensor& weight_hh,
                      const Tensor& bias_ih, const Tensor& bias_hh) {
  const auto projected = torch::addmm(bias_ih, x, weight_ih.t());
  const auto old = memory.contiguous();
  const auto h = torch::addmm(bias_hh, old, weight_hh.t());
  auto after = torch::empty_like(old);
  gru_step(x.size(0), weight_hh.size(1), projected.data_ptr<float>(), h.data_ptr<float>(),
           old.data_ptr<float>(), after.data_ptr<float>(), nullptr);
  return after;
}

}  // namespace theriac::generative
