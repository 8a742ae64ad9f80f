#include "scoring/row_product.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t row_block = 4, column_block = 64;

/// Up to four rows of the product, a strip of 64 columns after the other.
inline __attribute__((always_inline)) void few_rows(const float* a, std::size_t rows, std::size_t inner,
                                                    const float* b, std::size_t columns, float* out) {
  for (std::size_t c0 = 0; c0 < columns; c0 += column_block) {
    const std::size_t width = std::min(column_block, columns - c0);
    alignas(64) float sums[row_block][column_block] = {};
    if (width == column_block && rows == row_block) {
      for (std::size_t k = 0; k < inner; ++k) {
        const float* strip = b + k * columns + c0;
        for (std::size_t r = 0; r < row_block; ++r) {
          const float factor = a[r * inner + k];
          for (std::size_t c = 0; c < column_block; ++c) sums[r][c] += factor * strip[c];
        }
      }
    } else {
      for (std::size_t k = 0; k < inner; ++k) {
        const float* strip = b + k * columns + c0;
        for (std::size_t r = 0; r < rows; ++r) {
          const float factor = a[r * inner + k];
          for (std::size_t c = 0; c < width; ++c) sums[r][c] += factor * strip[c];
        }
      }
    }
    for (std::size_t r = 0; r < rows; ++r) std::copy(sums[r], sums[r] + width, out + r * columns + c0);
  }
}

using FewRows = void (*)(const float*, std::size_t, std::size_t, const float*, std::size_t, float*);
#define THERIAC_FEW_ROWS(name, attributes)                                                             \
  attributes void few_rows_##name(const float* a, std::size_t rows, std::size_t inner, const float* b, \
                                  std::size_t columns, float* out) {                                   \
    few_rows(a, rows, inner, b, columns, out);                                                         \
  }
THERIAC_FEW_ROWS(plain, )
#if defined(__x86_64__) && defined(__GNUC__)
// no "fma": a product and its addition stay two operations
THERIAC_FEW_ROWS(avx2, __attribute__((target("avx2"))))
THERIAC_FEW_ROWS(avx512, __attribute__((target("avx512f,avx512vl,prefer-vector-width=512"))))
#endif

FewRows widest() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return few_rows_avx512;
  if (__builtin_cpu_supports("avx2")) return few_rows_avx2;
#endif
  return few_rows_plain;
}

}  // namespace

FloatMatrix product(const FloatMatrix& a, const FloatMatrix& b) {
  if (a.columns != b.rows)
    throw UsageError(fmt::format("a product of {} x {} with {} x {} is not defined", a.rows, a.columns,
                                 b.rows, b.columns));
  static const FewRows kernel = widest();
  FloatMatrix out(a.rows, b.columns);
  tbb::parallel_for(std::size_t{0}, (a.rows + row_block - 1) / row_block, [&](std::size_t block) {
    const std::size_t first = block * row_block;
    kernel(a.row(first), std::min(row_block, a.rows - first), a.columns, b.values.data(), b.columns,
           out.row(first));
  });
  return out;
}

FloatMatrix transposed(const FloatMatrix& a) {
  FloatMatrix out(a.columns, a.rows);
  for (std::size_t r = 0; r < a.rows; ++r)
    for (std::size_t c = 0; c < a.columns; ++c) out(c, r) = a(r, c);
  return out;
}

FloatMatrix standardised_rows(const FloatMatrix& a) {
  FloatMatrix out = a;
  for (std::size_t r = 0; r < a.rows; ++r) {
    double sum = 0, squares = 0;
    for (std::size_t c = 0; c < a.columns; ++c) sum += a(r, c);
    const double middle = sum / static_cast<double>(std::max<std::size_t>(1, a.columns));
    for (std::size_t c = 0; c < a.columns; ++c) squares += (a(r, c) - middle) * (a(r, c) - middle);
    const double scale = squares > 1e-12 ? 1 / std::sqrt(squares) : 0;
    for (std::size_t c = 0; c < a.columns; ++c) out(r, c) = static_cast<float>((a(r, c) - middle) * scale);
  }
  return out;
}

FloatMatrix row_correlations(const FloatMatrix& a) {
  const FloatMatrix rows = standardised_rows(a);
  FloatMatrix out = product(rows, transposed(rows));
  for (std::size_t r = 0; r < out.rows; ++r) out(r, r) = 1;
  return out;
}

}  // namespace theriac::scoring
