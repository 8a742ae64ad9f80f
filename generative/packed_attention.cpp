#include "generative/packed_attention.hpp"

#include <torch/autograd.h>

#include <cmath>

#include "generative/attention_kernels.hpp"

namespace theriac::generative {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Query, value and key of a segment [heads, n, head].
struct Heads {
  HeadLayout layout;
  Tensor query, value, key;
  float scale;

  Heads(std::int64_t n, std::int64_t width, std::int64_t heads, const Tensor& cosines)
      : layout{heads, width / heads, 2 * cosines.size(1)},
        query(torch::empty({heads, n, layout.head})),
        value(torch::empty_like(query)),
        key(torch::empty_like(query)),
        scale(static_cast<float>(1 / std::sqrt(static_cast<double>(layout.head)))) {}

  void part(const float* rows, const Tensor& cosines, const Tensor& sines) {
    part_heads(query.size(1), layout, rows, cosines.data_ptr<float>(), sines.data_ptr<float>(), scale,
               query.data_ptr<float>(), value.data_ptr<float>(), key.data_ptr<float>());
  }
  void join(float* rows, const Tensor& cosines, const Tensor& sines) const {
    join_heads(query.size(1), layout, query.data_ptr<float>(), value.data_ptr<float>(), key.data_ptr<float>(),
               cosines.data_ptr<float>(), sines.data_ptr<float>(), scale, rows);
  }
};

/// Softmax of query times key [heads, n, n].
Tensor weights_of(const Heads& heads) {
  auto weights = torch::bmm(heads.query, heads.key.transpose(1, 2));
  const std::int64_t n = weights.size(1);
  for (std::int64_t h = 0; h < weights.size(0); ++h) causal_softmax(n, weights.data_ptr<float>() + h * n * n);
  return weights;
}

class PackedAttention : public torch::autograd::Function<PackedAttention> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& projections,
                        const std::vector<std::int64_t>& bounds, std::int64_t heads, const Tensor& cosines,
                        const Tensor& sines) {
    const auto rows = projections.contiguous();
    const std::int64_t width = rows.size(1) / 3;
    auto out = torch::empty({rows.size(0), width});
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s) {
      const std::int64_t first = bounds[s], n = bounds[s + 1] - first;
      Heads h(n, width, heads, cosines);
      h.part(rows.data_ptr<float>() + first * 3 * width, cosines, sines);
      out.narrow(0, first, n)
          .view({n, heads, h.layout.head})
          .copy_(torch::bmm(weights_of(h), h.value).transpose(0, 1));
    }
    context->save_for_backward({rows, cosines, sines});
    context->saved_data["bounds"] = bounds;
    context->saved_data["heads"] = heads;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    const Tensor &rows = saved[0], &cosines = saved[1], &sines = saved[2];
    const auto bounds = context->saved_data["bounds"].toIntVector();
    const std::int64_t heads = context->saved_data["heads"].toInt(), width = rows.size(1) / 3;
    const auto out_slope = slopes[0].contiguous();
    auto row_slopes = torch::empty_like(rows);
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s) {
      const std::int64_t first = bounds[s], n = bounds[s + 1] - first;
      Heads h(n, width, heads, cosines), back(n, width, heads, cosines);
      h.part(rows.data_ptr<float>() + first * 3 * width, cosines, sines);
      const auto weights = weights_of(h);
      const auto slope =
          out_slope.narrow(0, first, n).view({n, heads, h.layout.head}).transpose(0, 1).contiguous();
      back.value = torch::bmm(weights.transpose(1, 2), slope);
      auto scores = torch::bmm(slope, h.value.transpose(1, 2));
      for (std::int64_t k = 0; k < heads; ++k)
        causal_softmax_back(n, weights.data_ptr<float>() + k * n * n, scores.data_ptr<float>() + k * n * n);
      back.query = torch::bmm(scores, h.key);
      back.key = torch::bmm(scores.transpose(1, 2), h.query);
      back.join(row_slopes.data_ptr<float>() + first * 3 * width, cosines, sines);
    }
    return {row_slopes, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor packed_attention(const Tensor& projections, const std::vector<std::int64_t>& bounds,
                        std::int64_t heads, const Tensor& cosines, const Tensor& sines) {
  return PackedAttention::apply(projections, bounds, heads, cosines, sines);
}

}  // namespace theriac::generative
