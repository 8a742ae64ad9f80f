#include "generative/legal_choice.hpp"

#include <torch/autograd.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "generative/policy_kernels.hpp"

namespace theriac::generative {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Moves one row between its three pieces and the order of action numbers.
template <typename Copy>
void for_each_piece(const ChoiceLayout& layout, std::int64_t units, bool may_add, float* row, float* simple,
                    float* additions, float* closures, Copy copy) {
  copy(row, simple, 2);
  if (may_add) copy(row + 2, additions, layout.additions);
  copy(row + 2 + layout.additions, simple + 2, layout.sites + layout.entries);
  for (std::int64_t order = 0; order < 2; ++order)
    copy(row + layout.closures + order * layout.closure_stride, closures + order * units, units);
}

class LegalChoice : public torch::autograd::Function<LegalChoice> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& simple_logits, const Tensor& addition_logits,
                        const Tensor& closure_logits, const Tensor& legal, const Tensor& action,
                        const ChoiceLayout& layout) {
    const bool may_add = addition_logits.size(1) > 0;
    const std::int64_t rows = simple_logits.size(0), units = closure_logits.size(2), words = legal.size(1);
    auto simple = simple_logits.clone(torch::MemoryFormat::Contiguous);
    auto additions = addition_logits.clone(torch::MemoryFormat::Contiguous);
    auto closures = closure_logits.clone(torch::MemoryFormat::Contiguous);
    auto out = torch::empty({rows});
    std::vector<float> row(static_cast<std::size_t>(words) * 64);
    for (std::int64_t i = 0; i < rows; ++i) {
      float* s = simple.data_ptr<float>() + i * simple.size(1);
      float* a = additions.data_ptr<float>() + i * additions.size(1);
      float* c = closures.data_ptr<float>() + i * 2 * units;
      std::fill(row.begin(), row.end(), 0.f);
      for_each_piece(layout, units, may_add, row.data(), s, a, c,
                     [](float* to, const float* from, std::int64_t n) { std::copy_n(from, n, to); });
      const auto* bits = reinterpret_cast<const std::uint64_t*>(legal.data_ptr<std::int64_t>()) + i * words;
      out.data_ptr<float>()[i] =
          choose_among_legal(words * 64, row.data(), bits, action.data_ptr<std::int64_t>()[i]);
      for_each_piece(layout, units, may_add, row.data(), s, a, c,
                     [](const float* from, float* to, std::int64_t n) { std::copy_n(from, n, to); });
    }
    context->save_for_backward({simple, additions, closures});
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    const auto slope = slopes[0].unsqueeze(1);
    return {saved[0] * slope, saved[1] * slope, saved[2] * slope.unsqueeze(2), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor choice_log_probability(const Tensor& simple, const Tensor& additions, const Tensor& closures,
                              const Tensor& legal, const Tensor& action, const ChoiceLayout& layout) {
  return LegalChoice::apply(simple, additions.defined() ? additions : torch::empty({simple.size(0), 0}),
                            closures, legal, action, layout);
}

Tensor plain_choice_log_probability(const Tensor& simple, const Tensor& additions, const Tensor& closures,
                                    const Tensor& legal, const Tensor& action, const ChoiceLayout& layout) {
  const std::int64_t rows = legal.size(0), words = legal.size(1), units = closures.size(2),
                     between = layout.sites + layout.entries;
  const auto nothing = [&](std::int64_t columns) { return torch::zeros({rows, columns}, simple.options()); };
  const std::int64_t gap = layout.closures - 2 - layout.additions - between,
                     rest = layout.closure_stride - units;
  const auto logits =
      torch::cat({simple.narrow(1, 0, 2), additions.defined() ? additions : nothing(layout.additions),
                  simple.narrow(1, 2, between), nothing(gap), closures.select(1, 0), nothing(rest),
                  closures.select(1, 1), nothing(rest),
                  nothing(64 * words - layout.closures - 2 * layout.closure_stride)},
                 1);
  const auto bits = legal.unsqueeze(2).bitwise_right_shift(torch::arange(64, legal.options())).bitwise_and(1);
  return logits.masked_fill(bits.view({rows, 64 * words}).eq(0), -std::numeric_limits<float>::infinity())
      .log_softmax(1)
      .gather(1, action.unsqueeze(1))
      .squeeze(1);
}

}  // namespace theriac::generative
