#include "scoring/feature_bins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr double sparse_share = 0.35;  // of rows that are not 0: above, a list costs more than it saves

std::array<std::uint8_t, 256> bins_of_counts() {
  std::array<std::uint8_t, 256> out{};
  constexpr int lows[] = {1, 2, 3, 4, 5, 7, 10, 15, 25, 50};
  for (int count = 0; count < 256; ++count)
    out[static_cast<std::size_t>(count)] = static_cast<std::uint8_t>(
        std::upper_bound(std::begin(lows), std::end(lows), count) - std::begin(lows));
  return out;
}

const std::array<std::uint8_t, 256> bin_of_count = bins_of_counts();

/// Halfway between neighbouring values at even steps through the sorted list.
std::vector<float> borders_of(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  std::vector<float> out;
  const std::size_t n = values.size();
  for (int i = 1; i <= FeatureBins::most_borders; ++i) {
    const std::size_t at = n * static_cast<std::size_t>(i) / (FeatureBins::most_borders + 1);
    const auto above = std::upper_bound(values.begin(), values.end(), values[at]);
    if (above == values.end()) break;
    const float border = values[at] + (*above - values[at]) / 2;
    if (out.empty() || border > out.back()) out.push_back(border);
  }
  return out;
}

}  // namespace

FeatureBins::FeatureBins(const std::vector<const chem::MolecularFeatures*>& molecules) {
  borders_.resize(chem::descriptor_names().size());
  std::vector<float> values(molecules.size());
  for (std::size_t d = 0; d < borders_.size() && !molecules.empty(); ++d) {
    for (std::size_t i = 0; i < molecules.size(); ++i) values[i] = molecules[i]->descriptors[d];
    borders_[d] = borders_of(values);
  }
}

FeatureBins::FeatureBins(std::vector<std::vector<float>> borders) : borders_(std::move(borders)) {
  const std::size_t expected = chem::descriptor_names().size();
  if (borders_.size() != expected)
    throw ModelError(
        fmt::format("the model was made with {} descriptors, this program computes {}: train it again",
                    borders_.size(), expected));
}

int FeatureBins::bin_count(std::size_t column) const {
  if (column < chem::count_columns) return count_bins;
  return static_cast<int>(borders_[column - chem::count_columns].size()) + 1;
}

void FeatureBins::fill(const chem::MolecularFeatures& features, std::uint8_t* row) const {
  std::fill(row, row + columns(), std::uint8_t{0});
  fill_zeros(features, row, 1);
}

void FeatureBins::fill_zeros(const chem::MolecularFeatures& features, std::uint8_t* row,
                             std::size_t stride) const {
  for (const auto& [column, count] : features.counts) row[column * stride] = bin_of_count[count];
  for (std::size_t d = 0; d < borders_.size(); ++d) {
    const auto& borders = borders_[d];
    row[(chem::count_columns + d) * stride] = static_cast<std::uint8_t>(
        std::upper_bound(borders.begin(), borders.end(), features.descriptors[d]) - borders.begin());
  }
}

BinnedMatrix::BinnedMatrix(const FeatureBins& bins,
                           const std::vector<const chem::MolecularFeatures*>& molecules)
    : rows_(molecules.size()), columns_(bins.columns()) {
  std::vector<std::uint8_t> row(bins.columns());
  for (std::size_t r = 0; r < rows_; ++r) {
    bins.fill(*molecules[r], row.data());
    for (std::size_t c = 0; c < row.size(); ++c)
      if (row[c]) columns_[c].entries.push_back({static_cast<std::uint32_t>(r), row[c]});
  }
  for (auto& column : columns_) {
    int highest = 0;
    for (const Entry& entry : column.entries) highest = std::max<int>(highest, entry.bin);
    column.bins = highest + 1;
    if (static_cast<double>(column.entries.size()) < sparse_share * static_cast<double>(rows_)) continue;
    column.dense.assign(rows_, 0);
    for (const Entry& entry : column.entries) column.dense[entry.row] = entry.bin;
    column.entries.clear();
    column.entries.shrink_to_fit();
  }
}

BinnedMatrix::BinnedMatrix(std::vector<std::vector<std::uint8_t>> columns)
    : rows_(columns.empty() ? 0 : columns.front().size()), columns_(columns.size()) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& bins = columns[c];
    columns_[c].bins = bins.empty() ? 1 : *std::max_element(bins.begin(), bins.end()) + 1;
    const auto filled = std::count_if(bins.begin(), bins.end(), [](std::uint8_t bin) { return bin != 0; });
    if (static_cast<double>(filled) >= sparse_share * static_cast<double>(rows_)) {
      columns_[c].dense = std::move(columns[c]);
      continue;
    }
    for (std::size_t r = 0; r < rows_; ++r)
      if (bins[r]) columns_[c].entries.push_back({static_cast<std::uint32_t>(r), bins[r]});
  }
}

}  // namespace theriac::scoring
