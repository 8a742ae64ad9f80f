// What is known of drugs and diseases as three tables: which drug treats which disease, how alike drugs are,
// and how alike diseases are.
#pragma once
#include "repurpose/real_matrix.hpp"

namespace theriac::repurpose {

struct AssociationData {
  RealMatrix associations;        ///< drugs x diseases; 1 known, 0 not known (which is not "does not treat")
  RealMatrix drug_similarity;     ///< drugs x drugs, symmetric, in [0, 1], 1 on the diagonal
  RealMatrix disease_similarity;  ///< diseases x diseases, the same

  std::size_t drugs() const { return associations.rows; }
  std::size_t diseases() const { return associations.columns; }
};

/// Throws UsageError, naming the table, row and column, unless the shapes fit, the associations are 0 or 1,
/// and the similarities lie in [0, 1] and are symmetric to 1e-6.
void check_association_data(const AssociationData& data);

}  // namespace theriac::repurpose
