#include "generative/policy_kernels.hpp"

#include <cmath>

#include "generative/lane_arithmetic.hpp"

namespace theriac::generative {
namespace {

THERIAC_INLINE float sigmoid(float x) {
  return 1.f / (1.f + exponential(-x));
}

THERIAC_INLINE float hyperbolic_tangent(float x) {
  return 1.f - 2.f / (exponential(2.f * x) + 1.f);
}

/// 1 where legal, else 0.
THERIAC_INLINE void unpack(const std::uint64_t word, float* out) {
  for (int i = 0; i < 64; ++i) out[i] = static_cast<float>(static_cast<std::int32_t>(word >> i & 1u));
}

}  // namespace

THERIAC_MANY_TARGETS
void gru_step(std::int64_t rows, std::int64_t width, const float* x, const float* h, const float* before,
              float* after, float* kept) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *xr = x + row * 3 * width, *xz = xr + width, *xn = xz + width;
    const float *hr = h + row * 3 * width, *hz = hr + width, *hn = hz + width;
    const float* old = before + row * width;
    float* now = after + row * width;
    float *keep_r = kept + row * 4 * width, *keep_z = keep_r + width, *keep_n = keep_z + width,
          *keep_h = keep_n + width;
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) {
      const float r = sigmoid(xr[i] + hr[i]), z = sigmoid(xz[i] + hz[i]);
      const float n = hyperbolic_tangent(xn[i] + r * hn[i]);
      now[i] = (1.f - z) * n + z * old[i];
      keep_r[i] = r;
      keep_z[i] = z;
      keep_n[i] = n;
      keep_h[i] = hn[i];
    }
  }
}

THERIAC_MANY_TARGETS
void gru_step_back(std::int64_t rows, std::int64_t width, const float* kept, const float* before,
                   const float* after_slope, float* x_slope, float* h_slope, float* before_slope) {
  for (std::int64_t row = 0; row < rows; ++row) {
    const float *r = kept + row * 4 * width, *z = r + width, *n = z + width, *hn = n + width;
    const float *old = before + row * width, *slope = after_slope + row * width;
    float *xr = x_slope + row * 3 * width, *xz = xr + width, *xn = xz + width;
    float *hr = h_slope + row * 3 * width, *hz = hr + width, *hm = hz + width;
    float* back = before_slope + row * width;
#pragma GCC ivdep
    for (std::int64_t i = 0; i < width; ++i) {
      const float inner_n = slope[i] * (1.f - z[i]) * (1.f - n[i] * n[i]);
      const float inner_z = slope[i] * (old[i] - n[i]) * z[i] * (1.f - z[i]);
      const float inner_r = inner_n * hn[i] * r[i] * (1.f - r[i]);
      xr[i] = hr[i] = inner_r;
      xz[i] = hz[i] = inner_z;
      xn[i] = inner_n;
      hm[i] = inner_n * r[i];
      back[i] = slope[i] * z[i];
    }
  }
}

THERIAC_MANY_TARGETS
float choose_among_legal(std::int64_t n, float* logits, const std::uint64_t* legal, std::int64_t chosen) {
  float mask[64];
  float most[lanes], sums[lanes];
  for (std::int64_t k = 0; k < lanes; ++k) {
    most[k] = -1e30f;
    sums[k] = 0;
  }
  for (std::int64_t first = 0; first < n; first += 64) {
    if (legal[first / 64] == 0) continue;
    unpack(legal[first / 64], mask);
    for (std::int64_t i = 0; i < 64; i += lanes)
      for (std::int64_t k = 0; k < lanes; ++k) {
        const float value = mask[i + k] > 0 ? logits[first + i + k] : -1e30f;
        most[k] = most[k] < value ? value : most[k];
      }
  }
  float top = most[0];
  for (std::int64_t k = 1; k < lanes; ++k) top = top < most[k] ? most[k] : top;
  const float picked = logits[chosen] - top;
  for (std::int64_t first = 0; first < n; first += 64) {
    float* block = logits + first;
    if (legal[first / 64] == 0) {
      std::memset(block, 0, 64 * sizeof(float));
      continue;
    }
    unpack(legal[first / 64], mask);
    for (std::int64_t i = 0; i < 64; i += lanes)
      for (std::int64_t k = 0; k < lanes; ++k) {
        const float value = mask[i + k] > 0 ? exponential(block[i + k] - top) : 0.f;
        block[i + k] = value;
        sums[k] += value;
      }
  }
  const float sum = sum_of_lanes(sums), share = -1.f / sum;
  for (std::int64_t i = 0; i < n; ++i) logits[i] *= share;
  logits[chosen] += 1.f;
  return picked - std::log(sum);
}

THERIAC_MANY_TARGETS
void adam_step(std::int64_t n, float* weights, const float* slope, float scale, float* mean, float* square,
               const AdamRates& rates) {
  const float beta1 = rates.beta1, beta2 = rates.beta2, rate = rates.rate, epsilon = rates.epsilon;
  const float correction1 = rates.correction1, correction2 = rates.correction2;
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    const float g = slope[i] * scale;
    const float m = mean[i] * beta1 + g * (1.f - beta1);
    const float v = square[i] * beta2 + g * g * (1.f - beta2);
    mean[i] = m;
    square[i] = v;
    weights[i] -= rate * (m / correction1) / (std::sqrt(v / correction2) + epsilon);
  }
}

}  // namespace theriac::generative
