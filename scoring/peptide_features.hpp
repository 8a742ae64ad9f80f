// A peptide as a row of numbers that trees can ask about.
//
// Length and composition first: alone they are the baseline that everything after them must beat. Then
// charge, hydrophobicity and moments of the whole and of its most amphipathic window, pairs of neighbours,
// pairs of residue groups at distance 1 to 4, and what stands at both ends.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/feature_bins.hpp"

namespace theriac::scoring {

/// Length and the twenty shares: the first columns.
constexpr std::size_t baseline_peptide_columns = 21;

const std::vector<std::string>& peptide_feature_names();

/// One number per name. Throws InputError for what check_residues() refuses.
std::vector<float> peptide_features(std::string_view residues);

/// Borders that turn each number into a small whole one: quantiles of the peptides they are made from.
class PeptideBins {
 public:
  static constexpr int most_borders = 15;

  explicit PeptideBins(const std::vector<std::vector<float>>& rows);
  /// As they were saved, most_borders a column, filled up with infinity. Throws ModelError when the number of
  /// columns is another than today's.
  explicit PeptideBins(std::vector<float> borders);

  std::vector<std::uint8_t> bins(const std::vector<float>& row) const;
  /// Of the first `columns` columns.
  BinnedMatrix matrix(const std::vector<std::vector<float>>& rows, std::size_t columns) const;
  const std::vector<float>& borders() const { return borders_; }

 private:
  std::vector<float> borders_;
};

}  // namespace theriac::scoring
