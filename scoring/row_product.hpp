// Products of matrices in single precision, the same bits on every processor and for any number of threads.
//
// Each number of the product is one sum in rising order of the inner index, multiplied and then added (never
// fused), so neither the width of the registers nor the division of the work can change it.
#pragma once
#include <cstddef>
#include <vector>

namespace theriac::scoring {

/// Row by row.
struct FloatMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;

  FloatMatrix() = default;
  FloatMatrix(std::size_t r, std::size_t c, float value = 0) : rows(r), columns(c), values(r * c, value) {}
  float& operator()(std::size_t r, std::size_t c) { return values[r * columns + c]; }
  float operator()(std::size_t r, std::size_t c) const { return values[r * columns + c]; }
  float* row(std::size_t r) { return values.data() + r * columns; }
  const float* row(std::size_t r) const { return values.data() + r * columns; }
};

/// a * b, on all threads. Throws UsageError when the inner lengths differ.
FloatMatrix product(const FloatMatrix& a, const FloatMatrix& b);
FloatMatrix transposed(const FloatMatrix& a);
/// Pearson correlation of every two rows, 0 where a row has no spread, 1 on the diagonal.
FloatMatrix row_correlations(const FloatMatrix& a);
/// The rows, each shifted to mean 0 and scaled to length 1; rows without spread become 0.
FloatMatrix standardised_rows(const FloatMatrix& a);

}  // namespace theriac::scoring
