#include "repurpose/association_data.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr double symmetry_tolerance = 1e-6;

void check_shape(const char* name, const RealMatrix& matrix, std::size_t rows, std::size_t columns) {
  if (matrix.rows != rows || matrix.columns != columns || matrix.values.size() != rows * columns)
    throw UsageError(fmt::format("the {} are {} x {} ({} values); needs {} x {}", name, matrix.rows,
                                 matrix.columns, matrix.values.size(), rows, columns));
}

void check_similarity(const char* name, const RealMatrix& matrix) {
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      const double value = matrix(i, j);
      if (!(value >= 0 && value <= 1))
        throw UsageError(fmt::format("{} hold {} in row {}, column {}", name, value, i, j),
                         "they go from 0 to 1");
      if (std::abs(value - matrix(j, i)) > symmetry_tolerance)
        throw UsageError(fmt::format("{} are not symmetric: {} in row {}, column {}, but {} the other way",
                                     name, value, i, j, matrix(j, i)),
                         "average the two ways before");
    }
}

}  // namespace

void check_association_data(const AssociationData& data) {
  const std::size_t drugs = data.drugs(), diseases = data.diseases();
  if (drugs == 0 || diseases == 0) throw UsageError("there are no drugs or no diseases to complete");
  check_shape("associations", data.associations, drugs, diseases);
  check_shape("drug similarities", data.drug_similarity, drugs, drugs);
  check_shape("disease similarities", data.disease_similarity, diseases, diseases);
  for (std::size_t i = 0; i < drugs; ++i)
    for (std::size_t j = 0; j < diseases; ++j)
      if (const double value = data.associations(i, j); value != 0 && value != 1)
        throw UsageError(fmt::format("the associations hold {} in row {}, column {}", value, i, j),
                         "1 stands for known, 0 for not known");
  check_similarity("drug similarities", data.drug_similarity);
  check_similarity("disease similarities", data.disease_similarity);
}

}  // namespace theriac::repurpose
