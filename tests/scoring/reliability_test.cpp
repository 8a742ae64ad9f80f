// Calibration and coverage against values worked out by hand.
#include "scoring/reliability.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac::scoring;

TEST_CASE("calibration error of equally wide bins") {
  // 0.1 to 0.2: said 0.15, true 0.5; 0.9 to 1: said 0.95, true 1
  const Values said = {0.1, 0.2 - 1e-6, 0.92, 0.98}, classes = {1, 0, 1, 1};
  const auto bins = reliability_bins(classes, said, CalibrationBins::equal_width);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0].count == 2);
  CHECK(bins[0].mean_probability == Approx(0.15));
  CHECK(bins[0].observed_share == 0.5);
  CHECK(bins[0].low == 0.1);
  CHECK(expected_calibration_error(classes, said, CalibrationBins::equal_width) ==
        Approx(0.5 * 0.35 + 0.5 * 0.05));
}

TEST_CASE("a bound belongs to the bin above, one to the last") {
  const auto bins = reliability_bins({0, 0, 1}, {0.1, 0.3, 1.0}, CalibrationBins::equal_width);
  REQUIRE(bins.size() == 3);
  CHECK(expected_calibration_error({0, 0}, {0.3, 0.35}, CalibrationBins::equal_width) == Approx(0.325));
}

TEST_CASE("bins of equal mass hold equally many molecules, ties stay together") {
  Values said, classes;
  for (int i = 0; i < 100; ++i) {
    said.push_back(0.001 * i);
    classes.push_back(i % 2);
  }
  const auto bins = reliability_bins(classes, said, CalibrationBins::equal_mass);
  REQUIRE(bins.size() == 10);
  for (const auto& bin : bins) CHECK(bin.count == 10);
  const auto one = reliability_bins({1, 0, 1, 0}, {0.5, 0.5, 0.5, 0.5}, CalibrationBins::equal_mass);
  REQUIRE(one.size() == 1);
  CHECK(one[0].count == 4);
  CHECK(expected_calibration_error({1, 0, 1, 0}, {0.5, 0.5, 0.5, 0.5}) == 0);
}

TEST_CASE("the order of the molecules does not matter") {
  const Values said = {0.2, 0.2, 0.9, 0.4, 0.4, 0.4, 0.1}, classes = {1, 0, 1, 0, 1, 1, 0};
  const Values said_back(said.rbegin(), said.rend()), classes_back(classes.rbegin(), classes.rend());
  CHECK(expected_calibration_error(classes, said, CalibrationBins::equal_mass, 3) ==
        Approx(expected_calibration_error(classes_back, said_back, CalibrationBins::equal_mass, 3)));
}

TEST_CASE("right probabilities show a calibration error by chance, the smaller the more molecules") {
  theriac::chem::CounterRandom random(1, "said", "test");
  Values few, many;
  for (int i = 0; i < 5000; ++i) {
    many.push_back(random.uniform());
    if (i < 100) few.push_back(many.back());
  }
  const auto chance_few = calibration_error_by_chance(few), chance_many = calibration_error_by_chance(many);
  CHECK(chance_few.value == Approx(0.095).margin(0.03));
  CHECK(chance_many.value < 0.02);
  CHECK(chance_few.low < chance_few.value);
  CHECK(chance_few.value < chance_few.high);
  Values classes;
  for (const double p : many) classes.push_back(random.uniform() < p ? 1 : 0);
  const double error = expected_calibration_error(classes, many);
  CHECK(error < 2 * chance_many.high);
}

TEST_CASE("coverage counts the values inside, ends included") {
  const auto all = interval_coverage({1, 2, 3, 4}, {1, 2.5, 0, 0}, {2, 3, 3, 3});
  CHECK(all.count == 4);
  CHECK(all.share == 0.5);
  CHECK(all.median_width == 2);
  CHECK(all.low == Approx(0.150).margin(0.001));  // Wilson for 2 of 4
  CHECK(all.high == Approx(0.850).margin(0.001));
  CHECK(std::isnan(interval_coverage({}, {}, {}).share));
  CHECK(share_interval(10, 10).high == 1);
  CHECK(share_interval(0, 10).low == 0);
  CHECK(share_interval(0, 10).high == Approx(0.2775).margin(0.0005));
}

TEST_CASE("coverage near and far from the training data") {
  const Values observed = {0, 0, 0, 0, 0}, low = {-1, -1, 1, -1, -1}, high = {1, 1, 2, 1, 2};
  const auto bins = coverage_by_similarity(observed, low, high, {0.1, 0.3, 0.29, 1.0, 0.7});
  REQUIRE(bins.size() == 4);
  CHECK(bins[0].count == 2);
  CHECK(bins[0].share == 0.5);
  CHECK(bins[1].count == 1);
  CHECK(bins[2].count == 0);
  CHECK(bins[3].count == 2);
  CHECK(bins[3].similarity_low == 0.7);
}

TEST_CASE("what cannot be compared is refused, and NaN stays NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(expected_calibration_error({1}, {0.5, 0.5}), theriac::UsageError);
  CHECK_THROWS_AS(interval_coverage({1}, {0}, {2, 3}), theriac::UsageError);
  CHECK_THROWS_AS(reliability_bins({1}, {0.5}, CalibrationBins::equal_mass, 0), theriac::UsageError);
  CHECK(std::isnan(expected_calibration_error({1, 0}, {0.5, nan})));
  CHECK(std::isnan(expected_calibration_error({}, {})));
  CHECK(reliability_bins({1, 0}, {0.5, nan}, CalibrationBins::equal_mass).empty());
}

TEST_CASE("coverage of class sets is counted for each class") {
  const Values classes = {1, 1, 1, 1, 0, 0};
  const std::vector<std::string> sets = {"1", "0|1", "0", "none", "0", "1"};
  const auto coverage = class_set_coverage(classes, sets);
  CHECK(coverage.ones == 4);
  CHECK(coverage.zeros == 2);
  CHECK(coverage.of_one.value == 0.5);
  CHECK(coverage.of_zero.value == 0.5);
  CHECK(coverage.single == Approx(4.0 / 6));
  CHECK(coverage.empty == Approx(1.0 / 6));
  CHECK(std::isnan(class_set_coverage({1.0}, {"1"}).of_zero.value));
  CHECK_THROWS_AS(class_set_coverage(classes, {"1"}), theriac::UsageError);
}
