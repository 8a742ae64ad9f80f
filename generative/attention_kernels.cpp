#include "generative/attention_kernels.hpp"

#include <algorithm>

#include "generative/lane_arithmetic.hpp"

namespace theriac::generative {
namespace {

/// One head's numbers of one row, turned by `sense` times the angle.
THERIAC_INLINE void turn(const float* from, float* to, const HeadLayout& layout, const float* cosines,
                         const float* sines, float sense, float scale) {
  for (std::int64_t p = 0; p < layout.rotary / 2; ++p) {
    const float even = from[2 * p], odd = from[2 * p + 1], c = cosines[p], s = sense * sines[p];
    to[2 * p] = scale * (even * c - odd * s);
    to[2 * p + 1] = scale * (odd * c + even * s);
  }
  for (std::int64_t k = layout.rotary; k < layout.head; ++k) to[k] = scale * from[k];
}

}  // namespace

THERIAC_MANY_TARGETS
void part_heads(std::int64_t n, const HeadLayout& layout, const float* rows, const float* cosines,
                const float* sines, float scale, float* query, float* value, float* key) {
  const std::int64_t stride = 3 * layout.width(), head = layout.head, half = layout.rotary / 2;
  for (std::int64_t h = 0; h < layout.heads; ++h)
    for (std::int64_t i = 0; i < n; ++i) {
      const float* row = rows + i * stride;
      const std::int64_t at = (h * n + i) * head;
      turn(row + layout.query(h), query + at, layout, cosines + i * half, sines + i * half, 1, scale);
      turn(row + layout.key(h), key + at, layout, cosines + i * half, sines + i * half, 1, 1);
      const float* v = row + layout.value(h);
      for (std::int64_t k = 0; k < head; ++k) value[at + k] = v[k];
    }
}

THERIAC_MANY_TARGETS
void join_heads(std::int64_t n, const HeadLayout& layout, const float* query, const float* value,
                const float* key, const float* cosines, const float* sines, float scale, float* rows) {
  const std::int64_t stride = 3 * layout.width(), head = layout.head, half = layout.rotary / 2;
  for (std::int64_t h = 0; h < layout.heads; ++h)
    for (std::int64_t i = 0; i < n; ++i) {
      float* row = rows + i * stride;
      const std::int64_t at = (h * n + i) * head;
      turn(query + at, row + layout.query(h), layout, cosines + i * half, sines + i * half, -1, scale);
      turn(key + at, row + layout.key(h), layout, cosines + i * half, sines + i * half, -1, 1);
      float* v = row + layout.value(h);
      for (std::int64_t k = 0; k < head; ++k) v[k] = value[at + k];
    }
}

THERIAC_MANY_TARGETS
void causal_softmax(std::int64_t n, float* scores) {
  for (std::int64_t i = 0; i < n; ++i) {
    float* row = scores + i * n;
    const std::int64_t seen = i + 1, whole = seen - seen % lanes;
    float most[lanes], sums[lanes];
    for (std::int64_t k = 0; k < lanes; ++k) most[k] = row[0], sums[k] = 0;
    for (std::int64_t j = 0; j < whole; j += lanes)
      for (std::int64_t k = 0; k < lanes; ++k) most[k] = most[k] < row[j + k] ? row[j + k] : most[k];
    float top = most[0];
    for (std::int64_t k = 1; k < lanes; ++k) top = top < most[k] ? most[k] : top;
    for (std::int64_t j = whole; j < seen; ++j) top = top < row[j] ? row[j] : top;
    for (std::int64_t j = 0; j < whole; j += lanes)
      for (std::int64_t k = 0; k < lanes; ++k) {
        row[j + k] = exponential(row[j + k] - top);
        sums[k] += row[j + k];
      }
    for (std::int64_t j = whole; j < seen; ++j) {
      row[j] = exponential(row[j] - top);
      sums[j - whole] += row[j];
    }
    const float share = 1 / sum_of_lanes(sums);
    for (std::int64_t j = 0; j < seen; ++j) row[j] *= share;
    std::fill(row + seen, row + n, 0.f);
  }
}

THERIAC_MANY_TARGETS
void causal_softmax_back(std::int64_t n, const float* weights, float* slopes) {
  for (std::int64_t i = 0; i < n; ++i) {
    const float* w = weights + i * n;
    float* s = slopes + i * n;
    const std::int64_t seen = i + 1, whole = seen - seen % lanes;
    float sums[lanes];
    for (std::int64_t k = 0; k < lanes; ++k) sums[k] = 0;
    for (std::int64_t j = 0; j < whole; j += lanes)
      for (std::int64_t k = 0; k < lanes; ++k) sums[k] += w[j + k] * s[j + k];
    for (std::int64_t j = whole; j < seen; ++j) sums[j - whole] += w[j] * s[j];
    const float mean = sum_of_lanes(sums);
    for (std::int64_t j = 0; j < seen; ++j) s[j] = w[j] * (s[j] - mean);
    std::fill(s + seen, s + n, 0.f);
  }
}

}  // namespace theriac::generative
