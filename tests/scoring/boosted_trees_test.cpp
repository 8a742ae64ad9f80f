// Symmetric boosted trees and the random forest, on data whose answer is known.
#include "scoring/boosted_trees.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "scoring/random_forest.hpp"

using namespace theriac;
using scoring::BinnedMatrix;
using scoring::BoostedTrees;
using scoring::BoostingOptions;
using scoring::Loss;

namespace {

/// Molecules that never were: a count in column 5 (sparse), one in column 7 (in every row), two descriptors.
struct Example {
  std::vector<chem::MolecularFeatures> features;
  std::vector<float> count, common, x, y;

  explicit Example(std::size_t n) {
    chem::CounterRandom random(1, "", "boosting example");
    for (std::size_t i = 0; i < n; ++i) {
      count.push_back(random.below(5) == 0 ? static_cast<float>(1 + random.below(3)) : 0.0f);
      common.push_back(static_cast<float>(1 + random.below(9)));
      x.push_back(static_cast<float>(random.uniform(-1, 1)));
      y.push_back(static_cast<float>(random.uniform(-1, 1)));
      chem::MolecularFeatures f;
      if (count[i] > 0) f.counts.emplace_back(5, static_cast<std::uint8_t>(count[i]));
      f.counts.emplace_back(7, static_cast<std::uint8_t>(common[i]));
      f.descriptors.assign(chem::descriptor_names().size(), 0.0f);
      f.descriptors[0] = x[i];
      f.descriptors[1] = y[i];
      features.push_back(f);
    }
  }
  std::vector<const chem::MolecularFeatures*> pointers() const {
    std::vector<const chem::MolecularFeatures*> out;
    for (const auto& f : features) out.push_back(&f);
    return out;
  }
};

std::vector<std::uint32_t> rows(std::size_t first, std::size_t last) {
  std::vector<std::uint32_t> out(last - first);
  std::iota(out.begin(), out.end(), static_cast<std::uint32_t>(first));
  return out;
}

std::vector<double> predicted(const BoostedTrees& model, const scoring::FeatureBins& bins, const Example& e) {
  std::vector<double> out;
  std::vector<std::uint8_t> row(bins.columns()), block(bins.columns() * BoostedTrees::lanes);
  for (std::size_t first = 0; first < e.features.size(); first += BoostedTrees::lanes) {
    const auto n = std::min(BoostedTrees::lanes, e.features.size() - first);
    for (std::size_t i = 0; i < n; ++i) {
      bins.fill(e.features[first + i], row.data());
      for (std::size_t c = 0; c < row.size(); ++c) block[c * BoostedTrees::lanes + i] = row[c];
    }
    float sums[BoostedTrees::lanes] = {};
    model.add_predictions(block.data(), sums);
    out.insert(out.end(), sums, sums + n);
  }
  return out;
}

/// Tree by tree, question by question.
double plainly(const BoostedTrees& model, const std::vector<std::uint8_t>& row) {
  auto sum = static_cast<float>(model.base);
  for (std::size_t t = 0; t < model.trees(); ++t) {
    std::size_t leaf = 0;
    for (int level = 0; level < model.depth; ++level) {
      const auto& split =
          model.splits[t * static_cast<std::size_t>(model.depth) + static_cast<std::size_t>(level)];
      if (row[split.column] > split.above) leaf |= std::size_t{1} << level;
    }
    sum += model.leaves[(t << model.depth) + leaf];
  }
  return sum;
}

double mean_square(const std::vector<double>& a, const std::vector<float>& b, std::size_t first) {
  double sum = 0;
  for (std::size_t i = first; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / static_cast<double>(a.size() - first);
}

}  // namespace

TEST_CASE("boosting learns an interaction of counts and descriptors") {
  const Example e(1200);
  const scoring::FeatureBins bins(e.pointers());
  const BinnedMatrix matrix(bins, e.pointers());
  CHECK(matrix.column(5).dense.empty());        // rarely there: a list
  CHECK_FALSE(matrix.column(7).dense.empty());  // always there: a column
  scoring::BoostingTargets targets;
  for (std::size_t i = 0; i < e.x.size(); ++i)
    targets.values.push_back((e.x[i] > 0) == (e.y[i] > 0) ? 1 + e.count[i] : -e.common[i] / 5);
  BoostingOptions options;
  options.trees = 300;
  options.column_share = 1;
  const auto model = BoostedTrees::fit(matrix, targets, rows(0, 900), options);
  CHECK(model.trees() == 300);
  const auto told = predicted(model, bins, e);
  CHECK(mean_square(told, targets.values, 900) < 0.05);  // the variance is about 1.5
  std::vector<std::uint8_t> row(bins.columns());
  for (std::size_t i = 0; i < 100; ++i) {
    bins.fill(e.features[i], row.data());
    CHECK(told[i] == plainly(model, row));  // to the last bit, whatever the instruction set
  }
  CHECK(predicted(BoostedTrees::fit(matrix, targets, rows(0, 900), options), bins, e) == told);
  options.seed = 2;
  CHECK(predicted(BoostedTrees::fit(matrix, targets, rows(0, 900), options), bins, e) != told);
}

TEST_CASE("log odds of classes, and the median where outliers are") {
  const Example e(1000);
  const scoring::FeatureBins bins(e.pointers());
  const BinnedMatrix matrix(bins, e.pointers());
  BoostingOptions options;
  options.trees = 200;
  options.column_share = 1;
  SECTION("classes") {
    chem::CounterRandom random(2, "", "classes");
    scoring::BoostingTargets targets;
    for (const float x : e.x) targets.values.push_back(random.uniform() < (x > 0 ? 0.9 : 0.2) ? 1.0f : 0.0f);
    options.loss = Loss::logistic;
    options.depth = 2;
    options.trees = 60;
    const auto told = predicted(BoostedTrees::fit(matrix, targets, rows(0, 1000), options), bins, e);
    double low = 0, high = 0, n_low = 0, n_high = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
      const double p = 1 / (1 + std::exp(-told[i]));
      (e.x[i] > 0 ? high : low) += p;
      (e.x[i] > 0 ? n_high : n_low) += 1;
    }
    CHECK(high / n_high == Approx(0.9).margin(0.05));
    CHECK(low / n_low == Approx(0.2).margin(0.05));
  }
  SECTION("the median") {
    scoring::BoostingTargets targets;
    for (std::size_t i = 0; i < e.x.size(); ++i)
      targets.values.push_back(i % 10 == 0 ? 1000 : e.x[i] > 0 ? 2 : 1);
    options.loss = Loss::absolute;
    options.rate = 0.1;
    options.depth = 1;
    const auto told = predicted(BoostedTrees::fit(matrix, targets, rows(0, 1000), options), bins, e);
    for (std::size_t i = 0; i < told.size(); ++i)
      if (std::abs(e.x[i]) > 0.05)  // one bin holds values on both sides of 0
        CHECK(told[i] == Approx(e.x[i] > 0 ? 2 : 1).margin(0.15));
  }
}

TEST_CASE("a bound pulls only while it is broken") {
  const Example e(400);
  const scoring::FeatureBins bins(e.pointers());
  const BinnedMatrix matrix(bins, e.pointers());
  scoring::BoostingTargets targets;
  for (const float x : e.x) {  // right of 0 the value is 5, told exactly or as "more than 2"
    const bool bound = x > 0 && targets.values.size() % 2 == 0;
    targets.values.push_back(x > 0 ? (bound ? 2.0f : 5.0f) : 0.0f);
    targets.bounds.push_back(bound ? scoring::Bound::at_least : scoring::Bound::exact);
  }
  BoostingOptions options;
  options.trees = 200;
  options.rate = 0.2;
  options.depth = 2;
  options.column_share = 1;
  const auto told = predicted(BoostedTrees::fit(matrix, targets, rows(0, 400), options), bins, e);
  targets.bounds.clear();
  const auto taken_literally = predicted(BoostedTrees::fit(matrix, targets, rows(0, 400), options), bins, e);
  double with = 0, without = 0, n = 0;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (e.x[i] <= 0) continue;
    with += told[i];
    without += taken_literally[i];
    n += 1;
  }
  CHECK(with / n == Approx(5).margin(0.25));
  CHECK(without / n == Approx(3.5).margin(0.25));
}

TEST_CASE("boosting refuses what cannot be") {
  const Example e(40);
  const scoring::FeatureBins bins(e.pointers());
  const BinnedMatrix matrix(bins, e.pointers());
  const scoring::BoostingTargets targets{e.x, {}};
  CHECK_THROWS_AS(BoostedTrees::fit(matrix, targets, {}, {}), UsageError);
  BoostingOptions options;
  options.depth = 9;
  CHECK_THROWS_AS(BoostedTrees::fit(matrix, targets, rows(0, 40), options), UsageError);
  CHECK_THROWS_AS(scoring::FeatureBins(std::vector<std::vector<float>>(3)), ModelError);
}

TEST_CASE("a random forest finds the bits that matter") {
  chem::CounterRandom random(3, "", "forest");
  chem::FingerprintSet fingerprints(128);
  std::vector<float> targets;
  for (int i = 0; i < 400; ++i) {
    chem::Fingerprint f;
    f.words = {(std::uint64_t{random()} << 32) | random(), (std::uint64_t{random()} << 32) | random()};
    fingerprints.add(f);
    targets.push_back(f.test(3) && f.test(77) ? 1.0f : 0.0f);
  }
  scoring::ForestOptions options;
  options.trees = 100;
  options.classes = true;
  const scoring::RandomForest forest(fingerprints, targets, options);
  int right = 0;
  for (std::size_t i = 0; i < 400; ++i)
    right += (forest.predict(fingerprints[i]) > 0.5) == (targets[i] > 0.5f);
  CHECK(right >= 395);
  chem::Fingerprint fresh;
  fresh.words = {std::uint64_t{1} << 3, std::uint64_t{1} << (77 - 64)};
  chem::Fingerprint other;
  other.words = {std::uint64_t{1} << 3, 0};
  CHECK(forest.predict(fresh) > forest.predict(other) + 0.2);
  const scoring::RandomForest again(fingerprints, targets, options);
  CHECK(again.predict(fresh) == forest.predict(fresh));
  CHECK_THROWS_AS(scoring::RandomForest(fingerprints, {1.0f}, options), UsageError);
}
