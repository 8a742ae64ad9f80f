#include "scoring/protein_continuation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

// One loop, compiled twice and chosen when the program starts. Nothing is fused, so both give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define THERIAC_TWO_VERSIONS __attribute__((target_clones("avx2", "default")))
#else
#define THERIAC_TWO_VERSIONS
#endif

namespace theriac::scoring {
namespace {

constexpr int lanes = 16;  // tokens side by side

/// y[o][t] = bias[o] + sum over i of weight[o][i] x[i][t], 16 tokens at a time.
THERIAC_TWO_VERSIONS void multiply(const float* weight, const float* bias, int inputs, int outputs,
                                   const float* x, float* y) {
  int o = 0;
  for (; o + 4 <= outputs; o += 4) {
    float sum[4][lanes];
    for (int r = 0; r < 4; ++r)
      for (int t = 0; t < lanes; ++t) sum[r][t] = bias ? bias[o + r] : 0.0f;
    const float* w = weight + static_cast<long>(o) * inputs;
    for (int i = 0; i < inputs; ++i) {
      const float* column = x + static_cast<long>(i) * lanes;
      for (int r = 0; r < 4; ++r) {
        const float factor = w[static_cast<long>(r) * inputs + i];
        for (int t = 0; t < lanes; ++t) sum[r][t] += factor * column[t];
      }
    }
    for (int r = 0; r < 4; ++r)
      for (int t = 0; t < lanes; ++t) y[static_cast<long>(o + r) * lanes + t] = sum[r][t];
  }
  for (; o < outputs; ++o) {
    float* row = y + static_cast<long>(o) * lanes;
    for (int t = 0; t < lanes; ++t) row[t] = bias ? bias[o] : 0.0f;
    for (int i = 0; i < inputs; ++i)
      for (int t = 0; t < lanes; ++t)
        row[t] += weight[static_cast<long>(o) * inputs + i] * x[static_cast<long>(i) * lanes + t];
  }
}

using Lanes = std::vector<float>;  // features x lanes

Lanes apply(const LinearLayer& layer, const Lanes& x, int inputs, int outputs) {
  Lanes y(static_cast<std::size_t>(outputs * lanes));
  multiply(layer.weight.data(), layer.bias.empty() ? nullptr : layer.bias.data(), inputs, outputs, x.data(),
           y.data());
  return y;
}

Lanes normalised(const NormLayer& norm, const Lanes& x, int width, double epsilon) {
  Lanes y(x.size());
  for (int t = 0; t < lanes; ++t) {
    double mean = 0, square = 0;
    for (int i = 0; i < width; ++i) mean += static_cast<double>(x[static_cast<std::size_t>(i * lanes + t)]);
    mean /= width;
    for (int i = 0; i < width; ++i) {
      const double d = static_cast<double>(x[static_cast<std::size_t>(i * lanes + t)]) - mean;
      square += d * d;
    }
    const double factor = 1 / std::sqrt(square / width + epsilon);
    for (int i = 0; i < width; ++i) {
      const auto at = static_cast<std::size_t>(i * lanes + t), f = static_cast<std::size_t>(i);
      const auto scaled = static_cast<float>((static_cast<double>(x[at]) - mean) * factor);
      y[at] = scaled * norm.weight[f] + (norm.bias.empty() ? 0.0f : norm.bias[f]);
    }
  }
  return y;
}

float gelu(float x, bool tanh_form) {
  if (tanh_form) return 0.5f * x * (1 + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
  return 0.5f * x * (1 + std::erf(x * 0.70710678f));
}

void add(Lanes& x, const Lanes& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
}

}  // namespace

struct ProteinContinuation::Block {
  Lanes states, normed, queries, attended;
};

ProteinContinuation::ProteinContinuation(ProteinWeights weights) : weights_(std::move(weights)) {
  const auto& s = weights_.shape;
  if (s.family != ProteinFamily::progen2 || !s.causal || !s.parallel ||
      s.positions != PositionKind::rotary_pairs)
    throw ModelError(fmt::format("'{}' is not of the ProGen2 layout", weights_.source));
  if (s.columns == 0) throw ModelError(fmt::format("'{}' holds no head", weights_.source));
}

ReadTokens ProteinContinuation::read(const ReadTokens& before, const std::vector<int>& tokens,
                                     std::vector<float>* logits) const {
  const auto& s = weights_.shape;
  const int total = before.count() + static_cast<int>(tokens.size());
  if (s.longest_row && total > s.longest_row)
    throw UsageError(fmt::format("a row of {} tokens is longer than '{}' reads, {}", total, weights_.source,
                                 s.longest_row));
  for (const int token : tokens)
    if (token < 0 || token >= s.vocabulary)
      throw UsageError(fmt::format("{} is no token; there are {}", token, s.vocabulary));
  ReadTokens out = before;
  for (std::size_t at = 0; at < tokens.size(); at += lanes) {
    auto stretch = std::make_shared<ReadTokens::Stretch>();
    const int count = static_cast<int>(std::min<std::size_t>(lanes, tokens.size() - at));
    read_block(out, tokens.data() + at, count, *stretch, logits);
    out.stretches_.push_back(std::move(stretch));
    out.count_ += count;
  }
  return out;
}

void ProteinContinuation::read_block(const ReadTokens& before, const int* tokens, int count,
                                     ReadTokens::Stretch& out, std::vector<float>* logits) const {
  const auto& s = weights_.shape;
  Block block;
  block.states.assign(static_cast<std::size_t>(s.width * lanes), 0.0f);
  for (int t = 0; t < count; ++t)
    for (int i = 0; i < s.width; ++i)
      block.states[static_cast<std::size_t>(i * lanes + t)] =
          weights_.embedding[static_cast<std::size_t>(tokens[t] * s.width + i)];
  out.count = count;
  for (std::size_t l = 0; l < weights_.layers.size(); ++l) {
    const auto& layer = weights_.layers[l];
    block.normed = normalised(layer.norm, block.states, s.width, s.epsilon);
    block.queries = apply(layer.query, block.normed, s.width, s.width);
    project(layer, block, before.count(), count, out);
    attend(before, out, l, block, count);
    add(block.states, apply(layer.output, block.attended, s.width, s.width));
    Lanes inner = apply(layer.up, block.normed, s.width, s.inner);
    for (float& x : inner) x = gelu(x, s.tanh_gelu);
    add(block.states, apply(layer.down, inner, s.inner, s.width));
  }
  if (!logits) return;
  const Lanes last = normalised(weights_.final_norm, block.states, s.width, s.epsilon);
  LinearLayer tied;
  if (weights_.head.weight.empty()) tied.weight = weights_.embedding, tied.bias = weights_.head.bias;
  const Lanes rows = apply(weights_.head.weight.empty() ? tied : weights_.head, last, s.width, s.columns);
  for (int t = 0; t < count; ++t)
    for (int c = 0; c < s.columns; ++c) logits->push_back(rows[static_cast<std::size_t>(c * lanes + t)]);
}

void ProteinContinuation::project(const ProteinLayer& layer, Block& block, int position, int count,
                                  ReadTokens::Stretch& out) const {
  const auto& s = weights_.shape;
  Lanes keys = apply(layer.key, block.normed, s.width, s.width);
  const Lanes values = apply(layer.value, block.normed, s.width, s.width);
  for (int t = 0; t < count; ++t)
    for (int pair = 0; pair < s.rotary / 2; ++pair) {
      const double angle = (position + t) * weights_.rotary_frequencies[static_cast<std::size_t>(pair)];
      const auto c = static_cast<float>(std::cos(angle)), n = static_cast<float>(std::sin(angle));
      for (int head = 0; head < s.heads; ++head)
        for (Lanes* turned : {&block.queries, &keys}) {
          const int feature = head * s.head_width() + 2 * pair;
          float& a = (*turned)[static_cast<std::size_t>(feature * lanes + t)];
          float& b = (*turned)[static_cast<std::size_t>((feature + 1) * lanes + t)];
          const float x = a, y = b;
          a = x * c - y * n;
          b = y * c + x * n;
        }
    }
  const auto by_token = [&](const Lanes& from) {
    std::vector<float> to(static_cast<std::size_t>(count * s.width));
    for (int t = 0; t < count; ++t)
      for (int i = 0; i < s.width; ++i)
        to[static_cast<std::size_t>(t * s.width + i)] = from[static_cast<std::size_t>(i * lanes + t)];
    return to;
  };
  out.keys.push_back(by_token(keys));
  out.values.push_back(by_token(values));
}

void ProteinContinuation::attend(const ReadTokens& before, const ReadTokens::Stretch& own, std::size_t layer,
                                 Block& block, int count) const {
  const auto& s = weights_.shape;
  const int head_width = s.head_width();
  const float scale = s.scale_scores ? 1 / std::sqrt(static_cast<float>(head_width)) : 1.0f;
  block.attended.assign(static_cast<std::size_t>(s.width * lanes), 0.0f);
  std::vector<float> scores, query(static_cast<std::size_t>(head_width)), sum(query.size());
  for (int t = 0; t < count; ++t)
    for (int head = 0; head < s.heads; ++head) {
      const int first = head * head_width;
      for (int i = 0; i < head_width; ++i)
        query[static_cast<std::size_t>(i)] = block.queries[static_cast<std::size_t>((first + i) * lanes + t)];
      scores.clear();
      const auto ask = [&](const ReadTokens::Stretch& stretch, int tokens) {
        const float* keys = stretch.keys[layer].data() + first;
        for (int k = 0; k < tokens; ++k, keys += s.width) {
          float score = 0;
          for (int i = 0; i < head_width; ++i) score += query[static_cast<std::size_t>(i)] * keys[i];
          scores.push_back(score * scale);
        }
      };
      for (const auto& stretch : before.stretches_) ask(*stretch, stretch->count);
      ask(own, t + 1);
      const float highest = *std::max_element(scores.begin(), scores.end());
      float total = 0;
      for (float& score : scores) total += score = std::exp(score - highest);
      std::fill(sum.begin(), sum.end(), 0.0f);
      std::size_t at = 0;
      const auto take = [&](const ReadTokens::Stretch& stretch, int tokens) {
        const float* values = stretch.values[layer].data() + first;
        for (int k = 0; k < tokens; ++k, values += s.width, ++at)
          for (int i = 0; i < head_width; ++i) sum[static_cast<std::size_t>(i)] += scores[at] * values[i];
      };
      for (const auto& stretch : before.stretches_) take(*stretch, stretch->count);
      take(own, t + 1);
      for (int i = 0; i < head_width; ++i)
        block.attended[static_cast<std::size_t>((first + i) * lanes + t)] =
            sum[static_cast<std::size_t>(i)] / total;
    }
}

}  // namespace theriac::scoring
