#include "scoring/pair_trees.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "scoring/bootstrap.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t most_borders = 127;
constexpr int calibration_folds = 3;
constexpr double coverage = 0.9;

/// Quantiles of a column, each once. Of many rows every so-manieth is looked at.
std::vector<float> borders_of(const PairExamples& examples, std::size_t column) {
  std::vector<float> values;
  const std::size_t step = std::max<std::size_t>(1, examples.values.size() / 20000);
  for (std::size_t i = 0; i < examples.values.size(); i += step)
    values.push_back(examples.features[i * examples.columns + column]);
  std::sort(values.begin(), values.end());
  std::vector<float> out;
  for (std::size_t b = 1; b <= most_borders; ++b) {
    const float border = values[b * (values.size() - 1) / (most_borders + 1)];
    if (border < values.back() && (out.empty() || border > out.back())) out.push_back(border);
  }
  return out;
}

std::uint8_t bin_of(const std::vector<float>& borders, float value) {
  return static_cast<std::uint8_t>(std::lower_bound(borders.begin(), borders.end(), value) - borders.begin());
}

BinnedMatrix binned(const PairExamples& examples, const std::vector<std::vector<float>>& borders) {
  std::vector<BinnedMatrix::Column> columns(examples.columns);
  const std::size_t rows = examples.values.size();
  tbb::parallel_for(std::size_t{0}, examples.columns, [&](std::size_t c) {
    columns[c].bins = static_cast<int>(borders[c].size()) + 1;
    if (borders[c].empty()) return;
    columns[c].dense.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
      columns[c].dense[i] = bin_of(borders[c], examples.features[i * examples.columns + c]);
  });
  return {rows, std::move(columns)};
}

BoostingOptions boosting(const PairTreeOptions& options, std::uint64_t model) {
  BoostingOptions out;
  out.trees = options.trees;
  out.depth = options.depth;
  out.column_share = 0.35;
  out.seed = options.seed * 100 + model;
  return out;
}

/// Means of the models for all rows.
std::vector<float> predicted(const std::vector<BoostedTrees>& models,
                             const std::vector<std::vector<float>>& borders, const float* features,
                             std::size_t count) {
  constexpr std::size_t lanes = BoostedTrees::lanes;
  const std::size_t columns = borders.size();
  std::vector<float> out(count);
  tbb::parallel_for(std::size_t{0}, (count + lanes - 1) / lanes, [&](std::size_t block) {
    const std::size_t first = block * lanes, last = std::min(count, first + lanes);
    std::vector<std::uint8_t> cells(columns * lanes, 0);
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t c = 0; c < columns; ++c)
        cells[c * lanes + i - first] = bin_of(borders[c], features[i * columns + c]);
    std::array<float, lanes> sums{};
    for (const auto& model : models) model.add_predictions(cells.data(), sums.data());
    for (std::size_t i = first; i < last; ++i) out[i] = sums[i - first] / static_cast<float>(models.size());
  });
  return out;
}

}  // namespace

PairTrees PairTrees::fit(const PairExamples& examples, const PairTreeOptions& options) {
  PairTrees out;
  for (std::size_t c = 0; c < examples.columns; ++c) out.borders.push_back(borders_of(examples, c));
  const BinnedMatrix matrix = binned(examples, out.borders);
  BoostingTargets targets;
  targets.values = examples.values;
  const auto n = static_cast<std::uint32_t>(examples.values.size());
  std::vector<std::uint32_t> all(n);
  std::array<std::vector<std::uint32_t>, calibration_folds> seen, unseen;
  for (std::uint32_t i = 0; i < n; ++i) {
    all[i] = i;
    for (int f = 0; f < calibration_folds; ++f)
      (examples.folds[i] % calibration_folds == f ? unseen : seen)[static_cast<std::size_t>(f)].push_back(i);
  }
  out.members.resize(static_cast<std::size_t>(options.members));
  std::array<std::vector<BoostedTrees>, calibration_folds> held_out;
  const std::size_t jobs = out.members.size() + (options.intervals ? held_out.size() : 0);
  tbb::parallel_for(std::size_t{0}, jobs, [&](std::size_t job) {
    if (job < out.members.size())
      out.members[job] = BoostedTrees::fit(matrix, targets, all, boosting(options, job));
    else
      held_out[job - out.members.size()] = {BoostedTrees::fit(
          matrix, targets, seen[job - out.members.size()], boosting(options, 50 + job - out.members.size()))};
  });
  if (!options.intervals) return out;

  BoostingTargets errors;
  errors.values.resize(n);
  for (std::size_t f = 0; f < held_out.size(); ++f) {
    std::vector<float> rows;
    for (const std::uint32_t i : unseen[f])
      rows.insert(rows.end(), examples.features.begin() + static_cast<std::ptrdiff_t>(i * examples.columns),
                  examples.features.begin() + static_cast<std::ptrdiff_t>((i + 1) * examples.columns));
    const auto said = predicted(held_out[f], out.borders, rows.data(), unseen[f].size());
    for (std::size_t k = 0; k < unseen[f].size(); ++k)
      errors.values[unseen[f][k]] = std::abs(said[k] - examples.values[unseen[f][k]]);
  }
  auto small = boosting(options, 90);
  small.trees = std::max(20, options.trees / 4);
  small.depth = 4;
  out.errors = {BoostedTrees::fit(matrix, errors, all, small)};
  std::vector<double> absolute(errors.values.begin(), errors.values.end()), ratio(n);
  out.least_error = 0.1 * mean(absolute);
  const auto expected = predicted(out.errors, out.borders, examples.features.data(), n);
  for (std::uint32_t i = 0; i < n; ++i)
    ratio[i] = absolute[i] / std::max<double>(expected[i], out.least_error);
  out.width = quantile(ratio, coverage);
  return out;
}

std::vector<PairTrees::Estimate> PairTrees::predict(const float* features, std::size_t count) const {
  const auto values = predicted(members, borders, features, count);
  std::vector<Estimate> out(count);
  std::vector<float> expected;
  if (!errors.empty()) expected = predicted(errors, borders, features, count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].value = values[i];
    out[i].half_width = errors.empty() ? std::numeric_limits<double>::quiet_NaN()
                                       : width * std::max<double>(expected[i], least_error);
  }
  return out;
}

}  // namespace theriac::scoring
