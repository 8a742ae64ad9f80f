#include "scoring/protein_pass.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

#include "scoring/protein_kernel.h"

namespace theriac::scoring {
namespace {

constexpr std::size_t inner_bytes_at_once = 768 * 1024;  ///< of a core's cache, for the widest step
constexpr int most_panels_at_once = 4;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Runs in the threads at hand without taking up other work while it waits: scratch space stays its own.
template <typename Work>
void in_parallel(int count, const Work& work) {
  if (count == 1) {
    work(0);
    return;
  }
  tbb::this_task_arena::isolate([&] { tbb::parallel_for(0, count, work); });
}

int padded(int count, int to) {
  return (count + to - 1) / to * to;
}

}  // namespace

void Panels::resize(int panels, int features_of_each, int lanes_of_each) {
  features = features_of_each, lanes = lanes_of_each;
  numbers.resize(static_cast<std::size_t>(panels * stride()));
}

int gelu_of(const ProteinShape& shape) {
  return shape.tanh_gelu ? protein_activation_tanh : protein_activation_erf;
}

void multiply(const ProteinKernel& kernel, const PackedLinear& layer, int count, const float* x,
              long x_stride, float* y, long y_stride, bool add, int activation) {
  const ProteinProduct product{
      count, layer.inputs, layer.outputs, layer.weight.data(), layer.bias.data(), x, x_stride,
      y,     y_stride,     add,           activation};
  kernel.product(&product);
}

ProteinPass::ProteinPass(const ProteinEngine& engine, const std::vector<TokenRow>& rows)
    : engine_(engine), shape_(engine.shape_), kernel_(engine.kernel_) {
  starts_.push_back(0);
  for (const auto& row : rows) starts_.push_back(starts_.back() + static_cast<int>(row.tokens.size()));
  const int lanes = kernel_.lanes, inner = padded(shape_.inner, kernel_.rows);
  panels_ = (tokens() + lanes - 1) / lanes;
  const auto fit = inner_bytes_at_once / (at(inner) * at(lanes) * sizeof(float));
  group_ = std::clamp(static_cast<int>(fit), 2, most_panels_at_once);
  states_.resize(panels_, padded(shape_.width, kernel_.rows), lanes);
  attended_.resize(panels_, shape_.width, lanes);
  projected_.resize(panels_, padded(3 * shape_.width, kernel_.rows), lanes);
  embed(rows);
  if (shape_.rotary) fill_rotation(rows);
}

void ProteinPass::embed(const std::vector<TokenRow>& rows) {
  const int d = shape_.width, lanes = kernel_.lanes;
  int token = 0;
  for (const auto& row : rows) {
    const auto masks = std::count(row.tokens.begin(), row.tokens.end(), engine_.mask_);
    const float share = static_cast<float>(masks) / static_cast<float>(row.tokens.size());
    // 0.12 = 0.15 x 0.8: the share of tokens that were masked in training
    const float dropout = shape_.token_dropout ? (1.0f - 0.15f * 0.8f) / (1.0f - share) : 1.0f;
    for (std::size_t i = 0; i < row.tokens.size(); ++i, ++token) {
      const bool hidden = shape_.token_dropout && row.tokens[i] == engine_.mask_;
      const float* from = engine_.embedding_.data() + at(row.tokens[i]) * at(d);
      float* to = states_.at(token / lanes) + token % lanes;
      for (int k = 0; k < d; ++k) to[k * lanes] = hidden ? 0.0f : from[k] * dropout;
      if (shape_.positions != PositionKind::learned) continue;
      const float* place = engine_.position_embedding_.data() + at(row.positions[i]) * at(d);
      for (int k = 0; k < d; ++k) to[k * lanes] += place[k];
    }
  }
  if (!shape_.norm_embedding) return;
  for (int panel = 0; panel < panels_; ++panel)
    kernel_.norm(d, states_.at(panel), engine_.embedding_norm_.weight.data(),
                 engine_.embedding_norm_.bias.data(), static_cast<float>(shape_.epsilon), states_.at(panel));
}

void ProteinPass::fill_rotation(const std::vector<TokenRow>& rows) {
  const int lanes = kernel_.lanes, pairs = shape_.rotary / 2;
  cosine_.resize(panels_, pairs, lanes);
  sine_.resize(panels_, pairs, lanes);
  int token = 0;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.tokens.size(); ++i, ++token)
      for (int k = 0; k < pairs; ++k) {
        const double angle = row.positions[i] * engine_.rotary_frequencies_[at(k)];
        cosine_.at(token / lanes, k)[token % lanes] = static_cast<float>(std::cos(angle));
        sine_.at(token / lanes, k)[token % lanes] = static_cast<float>(std::sin(angle));
      }
}

void ProteinPass::rotate(int panel) {
  const int pairs = shape_.rotary / 2;
  const bool side_by_side = shape_.positions == PositionKind::rotary_pairs;
  for (int head = 0; head < 2 * shape_.heads; ++head) {  // of the queries, then of the keys
    float* first = projected_.at(panel, head * shape_.head_width());
    kernel_.rotate(pairs, first, first + (side_by_side ? 1 : pairs) * kernel_.lanes, side_by_side ? 2 : 1,
                   cosine_.at(panel), sine_.at(panel));
  }
}

template <typename Work>
void ProteinPass::for_groups(const Work& work) {
  in_parallel((panels_ + group_ - 1) / group_, [&](int group) {
    thread_local Scratch scratch;
    work(group * group_, std::min(group_, panels_ - group * group_), scratch);
  });
}

void ProteinPass::network(int layer, int first, int count, Scratch& scratch) {
  const auto& weights = engine_.layers_[at(layer)];
  scratch.inner.resize(count, weights.up.outputs, kernel_.lanes);
  multiply(kernel_, weights.up, count, scratch.normed.at(0), scratch.normed.stride(), scratch.inner.at(0),
           scratch.inner.stride(), false, gelu_of(shape_));
  multiply(kernel_, weights.down, count, scratch.inner.at(0), scratch.inner.stride(), states_.at(first),
           states_.stride(), true, protein_activation_none);
}

void ProteinPass::before_attention(int layer) {
  const auto& weights = engine_.layers_[at(layer)];
  const auto epsilon = static_cast<float>(shape_.epsilon);
  for_groups([&](int first, int count, Scratch& scratch) {
    scratch.normed.resize(count, shape_.width, kernel_.lanes);
    for (int i = 0; i < count; ++i)
      kernel_.norm(shape_.width, states_.at(first + i), weights.norm.weight.data(), weights.norm.bias.data(),
                   epsilon, scratch.normed.at(i));
    multiply(kernel_, weights.attention, count, scratch.normed.at(0), scratch.normed.stride(),
             projected_.at(first), projected_.stride(), false, protein_activation_none);
    if (shape_.rotary)
      for (int i = 0; i < count; ++i) rotate(first + i);
    if (shape_.parallel) network(layer, first, count, scratch);
  });
}

void ProteinPass::attend_head(int row, int head) {
  thread_local AlignedFloats scores;
  const int begin = starts_[at(row)], end = starts_[at(row) + 1], lanes = kernel_.lanes;
  const int d = shape_.width, width = shape_.head_width(), first = head * width;
  scores.resize(at(end - begin) * at(lanes));
  const float scale = shape_.scale_scores ? 1.0f / std::sqrt(static_cast<float>(width)) : 1.0f;
  for (int panel = begin / lanes; panel * lanes < end; ++panel) {
    const ProteinAttention attention{width,
                                     begin,
                                     end,
                                     panel,
                                     shape_.causal,
                                     scale,
                                     projected_.at(panel, first),
                                     projected_.at(0, d + first),
                                     projected_.at(0, 2 * d + first),
                                     projected_.stride(),
                                     scores.data(),
                                     attended_.at(panel, first)};
    kernel_.attend(&attention);
  }
}

void ProteinPass::attend() {
  const int rows = static_cast<int>(starts_.size()) - 1;
  in_parallel(rows * shape_.heads, [&](int i) { attend_head(i / shape_.heads, i % shape_.heads); });
}

void ProteinPass::after_attention(int layer) {
  const auto& weights = engine_.layers_[at(layer)];
  for_groups([&](int first, int count, Scratch& scratch) {
    multiply(kernel_, weights.output, count, attended_.at(first), attended_.stride(), states_.at(first),
             states_.stride(), true, protein_activation_none);
    if (shape_.parallel) return;
    scratch.normed.resize(count, shape_.width, kernel_.lanes);
    for (int i = 0; i < count; ++i)
      kernel_.norm(shape_.width, states_.at(first + i), weights.second_norm.weight.data(),
                   weights.second_norm.bias.data(), static_cast<float>(shape_.epsilon), scratch.normed.at(i));
    network(layer, first, count, scratch);
  });
}

void ProteinPass::finish(float* out) {
  const int d = shape_.width, lanes = kernel_.lanes;
  for_groups([&](int first, int count, Scratch& scratch) {
    scratch.normed.resize(1, d, lanes);
    for (int panel = first; panel < first + count; ++panel) {
      kernel_.norm(d, states_.at(panel), engine_.final_norm_.weight.data(), engine_.final_norm_.bias.data(),
                   static_cast<float>(shape_.epsilon), scratch.normed.at(0));
      const int here = std::min(lanes, tokens() - panel * lanes);
      for (int i = 0; i < here; ++i)
        for (int k = 0; k < d; ++k)
          out[at(panel * lanes + i) * at(d) + at(k)] = scratch.normed.at(0)[k * lanes + i];
    }
  });
}

}  // namespace theriac::scoring
