#include "scoring/protein_engine.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/docking_kernel.h"
#include "scoring/protein_kernel.h"
#include "scoring/protein_pass.hpp"
#include "scoring/simd_level.hpp"

extern const ProteinKernel protein_kernel_baseline;
#if defined(__x86_64__)
extern const ProteinKernel protein_kernel_avx2;
extern const ProteinKernel protein_kernel_avx512;
#endif

namespace theriac::scoring {
namespace {

/// Tokens of rows that go through the layers together: enough to read the weights rarely, few enough to stay
/// in a core's cache.
constexpr int tokens_together = 512;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

const ProteinKernel& kernel_named(const std::string& wanted) {
  const std::string name = docking_kernel(wanted).name;  // checks it
#if defined(__x86_64__)
  if (name == "avx512") return protein_kernel_avx512;
  // the docking kernel's level AVX2 does not ask for fused multiply-add
  if (name == "avx2" && __builtin_cpu_supports("fma")) return protein_kernel_avx2;
#endif
  return protein_kernel_baseline;
}

/// Layers one under another, packed as one.
PackedLinear packed(const std::vector<const LinearLayer*>& parts, int inputs, int rows) {
  int outputs = 0;
  for (const auto* part : parts) outputs += static_cast<int>(part->weight.size() / at(inputs));
  PackedLinear out;
  out.inputs = inputs;
  out.outputs = (outputs + rows - 1) / rows * rows;
  out.weight.assign(at(out.outputs) * at(inputs), 0.0f);
  out.bias.assign(at(out.outputs), 0.0f);
  int j = 0;
  for (const auto* part : parts) {
    const int count = static_cast<int>(part->weight.size() / at(inputs));
    for (int r = 0; r < count; ++r, ++j) {
      if (!part->bias.empty()) out.bias[at(j)] = part->bias[at(r)];
      const float* from = part->weight.data() + at(r) * at(inputs);
      float* to = out.weight.data() + at(j / rows) * at(inputs) * at(rows) + at(j % rows);
      for (int k = 0; k < inputs; ++k) to[at(k) * at(rows)] = from[k];
    }
  }
  return out;
}

}  // namespace

ProteinEngine::ProteinEngine(const ProteinWeights& w, const std::string& simd)
    : shape_(w.shape),
      kernel_(kernel_named(simd)),
      mask_(w.tokens.mask()),
      embedding_(w.embedding),
      position_embedding_(w.position_embedding),
      rotary_frequencies_(w.rotary_frequencies),
      embedding_norm_(w.embedding_norm),
      final_norm_(w.final_norm),
      dense_norm_(w.dense_norm) {
  const int d = shape_.width, rows = kernel_.rows;
  if (shape_.head_width() > protein_widest_head)
    throw ModelError(fmt::format("the heads of '{}' are {} wide, at most {} can be computed", w.source,
                                 shape_.head_width(), static_cast<int>(protein_widest_head)));
  for (const auto& layer : w.layers)
    layers_.push_back({layer.norm, layer.second_norm,
                       packed({&layer.query, &layer.key, &layer.value}, d, rows),
                       packed({&layer.output}, d, rows), packed({&layer.up}, d, rows),
                       packed({&layer.down}, shape_.inner, rows)});
  if (!shape_.columns) return;
  if (shape_.dense_before_head) dense_ = packed({&w.dense}, d, rows);
  const LinearLayer head{w.head.weight.empty() ? w.embedding : w.head.weight, w.head.bias};
  head_ = packed({&head}, d, rows);
}

std::vector<float> ProteinEngine::hidden_states(const std::vector<TokenRow>& rows) const {
  std::vector<std::size_t> first_row = {0}, first_token = {0};
  std::size_t tokens = 0, in_batch = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (in_batch > 0 && in_batch + rows[r].tokens.size() > tokens_together) {
      first_row.push_back(r), first_token.push_back(tokens);
      in_batch = 0;
    }
    tokens += rows[r].tokens.size(), in_batch += rows[r].tokens.size();
  }
  first_row.push_back(rows.size());
  std::vector<float> out(tokens * at(shape_.width));
  tbb::parallel_for(std::size_t{0}, first_token.size(), [&](std::size_t i) {
    const std::vector<TokenRow> batch(rows.begin() + static_cast<std::ptrdiff_t>(first_row[i]),
                                      rows.begin() + static_cast<std::ptrdiff_t>(first_row[i + 1]));
    if (batch.empty()) return;
    ProteinPass pass(*this, batch);
    for (int layer = 0; layer < shape_.layers; ++layer) {
      pass.before_attention(layer);
      pass.attend();
      pass.after_attention(layer);
    }
    pass.finish(out.data() + first_token[i] * at(shape_.width));
  });
  return out;
}

std::vector<float> ProteinEngine::logits(const std::vector<float>& hidden) const {
  const int d = shape_.width, lanes = kernel_.lanes;
  const int count = static_cast<int>(hidden.size() / at(d)), panels = (count + lanes - 1) / lanes;
  std::vector<float> out(at(count) * at(shape_.columns));
  tbb::parallel_for(0, panels, [&](int panel) {
    const int first = panel * lanes, here = std::min(lanes, count - first);
    Panels x, y;
    x.resize(1, std::max(d, dense_.outputs), lanes);
    for (int i = 0; i < here; ++i)
      for (int k = 0; k < d; ++k) x.at(0, k)[i] = hidden[at(first + i) * at(d) + at(k)];
    if (shape_.dense_before_head) {
      y.resize(1, dense_.outputs, lanes);
      multiply(kernel_, dense_, 1, x.at(0), 0, y.at(0), 0, false, gelu_of(shape_));
      kernel_.norm(d, y.at(0), dense_norm_.weight.data(), dense_norm_.bias.data(),
                   static_cast<float>(shape_.epsilon), x.at(0));
    }
    y.resize(1, head_.outputs, lanes);
    multiply(kernel_, head_, 1, x.at(0), 0, y.at(0), 0, false, protein_activation_none);
    for (int i = 0; i < here; ++i)
      for (int j = 0; j < shape_.columns; ++j)
        out[at(first + i) * at(shape_.columns) + at(j)] = y.at(0, j)[i];
  });
  return out;
}

}  // namespace theriac::scoring
