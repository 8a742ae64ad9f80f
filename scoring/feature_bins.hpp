// Molecular features as small whole numbers, the form in which trees are grown and asked.
//
// A descriptor becomes the number of its borders that lie below it; borders are quantiles of a set of
// molecules. A count becomes one of eleven bins (0, 1, 2, 3, 4, 5-6, 7-9, 10-14, 15-24, 25-49, 50 and more).
#pragma once
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "chem/molecular_features.hpp"

namespace theriac::scoring {

class FeatureBins {
 public:
  static constexpr int most_borders = 63;
  static constexpr int count_bins = 11;

  /// Borders from these molecules: at most `most_borders` per descriptor, none for a constant one.
  explicit FeatureBins(const std::vector<const chem::MolecularFeatures*>& molecules);
  /// As they were saved. Throws ModelError when the number of descriptors is another than today's.
  explicit FeatureBins(std::vector<std::vector<float>> borders);

  std::size_t columns() const { return chem::count_columns + borders_.size(); }
  /// Bins of column c run from 0 to bin_count(c) - 1.
  int bin_count(std::size_t column) const;
  /// `row` has columns() places.
  void fill(const chem::MolecularFeatures& features, std::uint8_t* row) const;
  /// Sets what is not 0 at row[column * stride], where all was 0.
  void fill_zeros(const chem::MolecularFeatures& features, std::uint8_t* row, std::size_t stride) const;
  const std::vector<std::vector<float>>& borders() const { return borders_; }

 private:
  std::vector<std::vector<float>> borders_;  ///< per descriptor, rising
};

/// The bins of many molecules by column: what rises from zero in few of them is stored as a list.
class BinnedMatrix {
 public:
  struct Entry {
    std::uint32_t row;
    std::uint8_t bin;
  };
  struct Column {
    std::vector<Entry> entries;       ///< rows whose bin is not 0, when the column is sparse
    std::vector<std::uint8_t> dense;  ///< one per row, when it is not
    int bins = 1;
    bool constant() const { return bins < 2 || (entries.empty() && dense.empty()); }
  };

  BinnedMatrix(const FeatureBins& bins, const std::vector<const chem::MolecularFeatures*>& molecules);
  /// Of any rows: `columns` are equally long lists of bins.
  explicit BinnedMatrix(std::vector<std::vector<std::uint8_t>> columns);

  /// Features of any kind, binned elsewhere: each column is dense with `rows` places, or has none.
  BinnedMatrix(std::size_t rows, std::vector<Column> columns) : rows_(rows), columns_(std::move(columns)) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_.size(); }
  const Column& column(std::size_t c) const { return columns_[c]; }

 private:
  std::size_t rows_;
  std::vector<Column> columns_;
};

}  // namespace theriac::scoring
