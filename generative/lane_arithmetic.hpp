// Arithmetic for loops that compilers vectorise, the same bytes at every instruction set. Inside
// `generative`, for files of kernels only.
#pragma once
#include <cstdint>
#include <cstring>

// One loop, several instruction sets; sanitizers and other processors take the plain one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define THERIAC_MANY_TARGETS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define THERIAC_MANY_TARGETS
#endif
#define THERIAC_INLINE inline __attribute__((always_inline))

namespace theriac::generative {

constexpr std::int64_t lanes = 16;

/// e^x to 2e-7, for x from -87 to 87; beyond, the value at the end. Taylor series on the remainder of x /
/// ln 2.
THERIAC_INLINE float exponential(float x) {
  constexpr float per_ln2 = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  constexpr float rounder = 12582912.f;  // 1.5 * 2^23: adding it rounds to a whole number
  x = x > 87.f ? 87.f : x;
  x = x < -87.f ? -87.f : x;
  const float whole = (x * per_ln2 + rounder) - rounder;
  const float r = (x - whole * ln2_high) - whole * ln2_low;
  const float series =
      1 + r * (1 + r * (1 / 2.f + r * (1 / 6.f + r * (1 / 24.f + r * (1 / 120.f + r * (1 / 720.f))))));
  const std::int32_t bits = (static_cast<std::int32_t>(whole) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return series * power;
}

THERIAC_INLINE float sum_of_lanes(const float* sums) {
  float total = 0;
  for (std::int64_t i = 0; i < lanes; ++i) total += sums[i];
  return total;
}

}  // namespace theriac::generative
