#include "generative/packed_attention.hpp"

#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "generative/attention_kernels.hpp"
#include "scoring/torch_device.hpp"

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

namespace {

/// Pairs of neighbours of the first numbers of each head turn by the angle of the position: [S, heads, L,
/// head] with [L, rotary / 2].
Tensor turned(const Tensor& x, const Tensor& cosines, const Tensor& sines) {
  const std::int64_t rotary = 2 * cosines.size(1);
  const auto part = x.slice(3, 0, rotary), rest = x.slice(3, rotary);
  const auto a = part.slice(3, 0, rotary, 2), b = part.slice(3, 1, rotary, 2);
  const auto both = torch::stack({a * cosines - b * sines, b * cosines + a * sines}, 4);
  return torch::cat({both.reshape(part.sizes()), rest}, 3);
}

/// Segments of like length, so that padding them to the longest at most doubles them.
struct LengthClass {
  std::int64_t longest = 0;
  std::vector<std::size_t> segments;
};

std::vector<LengthClass> classes_of_length(const std::vector<std::int64_t>& bounds) {
  const auto length = [&](std::size_t s) { return bounds[s + 1] - bounds[s]; };
  std::vector<std::size_t> order(bounds.size() - 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return length(a) > length(b); });
  std::vector<LengthClass> classes;
  for (const std::size_t s : order) {
    if (classes.empty() || 2 * length(s) < classes.back().longest) classes.push_back({length(s), {}});
    classes.back().segments.push_back(s);
  }
  return classes;
}

/// Of tokens [T, 3 width] that go to `slot` [T] among segments x longest.
Tensor padded_attention(const Tensor& projections, const Tensor& slot, std::int64_t segments,
                        std::int64_t longest, std::int64_t heads, const Tensor& cosines,
                        const Tensor& sines) {
  constexpr std::int64_t groups = 8;  // of ProGen2's layout, HeadLayout
  const std::int64_t width = projections.size(1) / 3, head = width / heads;
  const auto parts = projections.view({-1, groups, 3, width / groups});
  const auto spread = [&](std::int64_t part) {  // to [S, heads, L, head]
    const auto rows = parts.select(2, part).reshape({-1, width});
    return torch::zeros({segments * longest, width}, rows.options())
        .index_copy(0, slot, rows)
        .view({segments, longest, heads, head})
        .transpose(1, 2);
  };
  const auto cosine = cosines.narrow(0, 0, longest), sine = sines.narrow(0, 0, longest);
  const auto query = turned(spread(0), cosine, sine), key = turned(spread(2), cosine, sine);
  const auto place = torch::arange(longest, slot.options());
  // what stands behind the end of a segment comes later than all of its tokens
  const auto later = place.unsqueeze(0).gt(place.unsqueeze(1));
  const auto scores = torch::matmul(query, key.transpose(2, 3)) / std::sqrt(static_cast<double>(head));
  const auto weights = scores.masked_fill(later, -std::numeric_limits<float>::infinity()).softmax(3);
  return torch::matmul(weights, spread(1))
      .transpose(1, 2)
      .reshape({segments * longest, width})
      .index_select(0, slot);
}

}  // namespace

Tensor plain_attention(const Tensor& projections, const std::vector<std::int64_t>& bounds, std::int64_t heads,
                       const Tensor& cosines, const Tensor& sines) {
  std::vector<std::int64_t> order;  // of the tokens, class by class
  std::vector<Tensor> seen;
  for (const auto& alike : classes_of_length(bounds)) {
    std::vector<std::int64_t> tokens, slots;
    for (std::size_t i = 0; i < alike.segments.size(); ++i) {
      const std::int64_t first = bounds[alike.segments[i]], n = bounds[alike.segments[i] + 1] - first;
      for (std::int64_t t = 0; t < n; ++t) {
        tokens.push_back(first + t);
        slots.push_back(static_cast<std::int64_t>(i) * alike.longest + t);
      }
    }
    const auto device = projections.device();
    seen.push_back(padded_attention(
        projections.index_select(0, scoring::sent(tokens, device)), scoring::sent(slots, device),
        static_cast<std::int64_t>(alike.segments.size()), alike.longest, heads, cosines, sines));
    order.insert(order.end(), tokens.begin(), tokens.end());
  }
  std::vector<std::int64_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  return torch::cat(seen).index_select(0, scoring::sent(place, projections.device()));
}

}  // namespace theriac::generative
