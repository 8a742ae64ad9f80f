// A dense table of numbers, row by row: associations of drugs with diseases, similarities between drugs.
#pragma once
#include <cstddef>
#include <vector>

namespace theriac::repurpose {

struct RealMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;  ///< row-major

  RealMatrix() = default;
  RealMatrix(std::size_t row_count, std::size_t column_count, double value = 0)
      : rows(row_count), columns(column_count), values(row_count * column_count, value) {}

  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// Per column, whether it holds anything but 0.
inline std::vector<bool> filled_columns(const RealMatrix& x) {
  std::vector<char> filled(x.columns, 0);
  for (std::size_t i = 0; i < x.rows; ++i)
    for (std::size_t k = 0; k < x.columns; ++k) filled[k] |= static_cast<char>(x(i, k) != 0);
  return {filled.begin(), filled.end()};
}

}  // namespace theriac::repurpose
