// Figures of merit against values worked out by hand.
#include "scoring/property_metrics.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <limits>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using Catch::Matchers::Contains;
using namespace theriac::scoring;
using Metric = PropertyMetric;

namespace {

double figure(Metric metric, const Values& observed, const Values& predicted) {
  return property_metric(metric, observed, predicted);
}

}  // namespace

TEST_CASE("errors of four predictions") {
  const Values observed = {1, 2, 3, 4}, predicted = {1, 3, 2, 6};
  CHECK(figure(Metric::mae, observed, predicted) == Approx(1.0));
  CHECK(figure(Metric::rmse, observed, predicted) == Approx(std::sqrt(1.5)));
  CHECK(figure(Metric::r2, observed, predicted) == Approx(1 - 6.0 / 5));
  CHECK(figure(Metric::r2, observed, {2.5, 2.5, 2.5, 2.5}) == Approx(0));
  CHECK(figure(Metric::r2, observed, observed) == 1);
  CHECK(figure(Metric::pearson, observed, predicted) == Approx(7 / std::sqrt(5.0 * 14)));
}

TEST_CASE("rank correlation depends on the order only, and ties share their ranks") {
  CHECK(figure(Metric::spearman, {1, 2, 3, 4}, {10, 100, 1000, 1001}) == Approx(1));
  CHECK(figure(Metric::spearman, {1, 2, 3, 4}, {4, 3, 2, 1}) == Approx(-1));
  CHECK(figure(Metric::spearman, {1, 2, 3, 4}, {1, 3, 2, 4}) == Approx(0.8));
  // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
  CHECK(figure(Metric::spearman, {1, 2, 3, 4}, {0, 7, 7, 9}) == Approx(4.5 / std::sqrt(5 * 4.5)));
}

TEST_CASE("the area under ROC is the share of pairs in order, ties half") {
  const Values classes = {1, 1, 0, 0, 1};
  CHECK(figure(Metric::auroc, classes, {0.9, 0.8, 0.7, 0.1, 0.4}) == Approx(5.0 / 6));
  CHECK(figure(Metric::auroc, classes, {0.5, 0.5, 0.5, 0.5, 0.5}) == 0.5);
  CHECK(figure(Metric::auroc, {0, 1, 0, 1}, {0.1, 0.3, 0.3, 0.9}) == Approx(3.5 / 4));
  CHECK(figure(Metric::auroc, {0, 1}, {1, 0}) == 0);
}

TEST_CASE("average precision as scikit-learn's documentation has it") {
  // y_true = [0, 0, 1, 1], y_scores = [0.1, 0.4, 0.35, 0.8]: 0.83
  CHECK(figure(Metric::average_precision, {0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8}) == Approx(1.0 / 2 + 1.0 / 3));
  // one threshold for all: the share of positives
  CHECK(figure(Metric::average_precision, {0, 1, 0, 0}, {2, 2, 2, 2}) == Approx(0.25));
  // the second threshold takes one of each class: (1 * 1 + 1 * 2/3) / 2
  CHECK(figure(Metric::average_precision, {1, 1, 0, 0}, {0.9, 0.6, 0.6, 0.1}) == Approx(5.0 / 6));
}

TEST_CASE("probabilities and classes") {
  const Values classes = {1, 0, 1, 0}, said = {0.9, 0.2, 0.4, 0.5};
  CHECK(figure(Metric::brier, classes, said) == Approx((0.01 + 0.04 + 0.36 + 0.25) / 4));
  CHECK(figure(Metric::log_loss, classes, said) ==
        Approx(-(std::log(0.9) + std::log(0.8) + std::log(0.4) + std::log(0.5)) / 4));
  CHECK(std::isfinite(figure(Metric::log_loss, {1}, {0})));
  CHECK(figure(Metric::accuracy, classes, said) == Approx(0.75));
  CHECK(figure(Metric::mcc, classes, said) == Approx(2 / std::sqrt(1.0 * 2 * 2 * 3)));
  CHECK(figure(Metric::mcc, classes, {0.1, 0.2, 0.1, 0.2}) == 0);
}

TEST_CASE("what is not defined is not a number") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(figure(Metric::auroc, {1, 1}, {0.2, 0.3})));
  CHECK(std::isnan(figure(Metric::average_precision, {0, 0}, {0.2, 0.3})));
  CHECK(std::isnan(figure(Metric::spearman, {1, 2}, {3, 3})));
  CHECK(std::isnan(figure(Metric::pearson, {2, 2}, {3, 4})));
  CHECK(std::isnan(figure(Metric::r2, {2, 2}, {3, 4})));
  for (const auto metric : {Metric::mae, Metric::auroc, Metric::spearman, Metric::brier}) {
    CHECK(std::isnan(figure(metric, {}, {})));
    CHECK(std::isnan(figure(metric, {0, 1, nan}, {0, 1, 0})));
    CHECK(std::isnan(figure(metric, {0, 1, 0}, {0, nan, 0})));
  }
  CHECK_THROWS_AS(figure(Metric::mae, {1, 2}, {1}), theriac::UsageError);
}

TEST_CASE("metrics have names, and names have metrics") {
  CHECK(metric_name(Metric::average_precision) == "AUPRC");
  CHECK(metric_from_name("auprc") == Metric::average_precision);
  CHECK(metric_from_name("average_precision") == Metric::average_precision);
  CHECK(metric_from_name("ROC-AUC") == Metric::auroc);
  CHECK(metric_from_name("log_loss") == Metric::log_loss);
  CHECK(higher_is_better(Metric::spearman));
  CHECK_FALSE(higher_is_better(Metric::mae));
  CHECK_THROWS_WITH(metric_from_name("aurocc"), Contains("no metric 'aurocc'"));
}

TEST_CASE("a resample is scored like a table of its rows") {
  const Values observed = {0, 1, 0, 1, 1, 0}, predicted = {0.1, 0.9, 0.6, 0.6, 0.3, 0.3};
  const Sample sample = {1, 1, 2, 3, 5, 0, 4, 4};
  Values drawn_observed, drawn_predicted;
  for (const auto i : sample) {
    drawn_observed.push_back(observed[i]);
    drawn_predicted.push_back(predicted[i]);
  }
  for (const auto metric :
       {Metric::mae, Metric::rmse, Metric::r2, Metric::spearman, Metric::pearson, Metric::auroc,
        Metric::average_precision, Metric::brier, Metric::log_loss, Metric::mcc}) {
    INFO(metric_name(metric));
    CHECK(PreparedMetric(metric, observed, predicted)(sample) ==
          Approx(property_metric(metric, drawn_observed, drawn_predicted)));
  }
}

TEST_CASE("intervals hold the value, differences of equal predictions are nothing") {
  theriac::chem::CounterRandom random(3, "values", "test");
  Values observed, good, poor;
  for (int i = 0; i < 300; ++i) {
    observed.push_back(random.normal());
    good.push_back(observed.back() + 0.3 * random.normal());
    poor.push_back(observed.back() + 1.5 * random.normal());
  }
  BootstrapOptions options;
  options.resamples = 1000;
  const auto interval = metric_interval(Metric::mae, observed, good, options);
  CHECK(interval.low < interval.value);
  CHECK(interval.value < interval.high);
  // the mean of |0.3 z| is 0.3 sqrt(2/pi); its standard error 0.3 sqrt((1 - 2/pi) / 300)
  CHECK(interval.value == Approx(0.3 * std::sqrt(2 / M_PI)).margin(0.04));
  CHECK(interval.high - interval.low == Approx(3.92 * 0.3 * std::sqrt((1 - 2 / M_PI) / 300)).epsilon(0.25));
  const auto gain = metric_difference(Metric::spearman, observed, good, poor, options);
  CHECK(gain.low > 0);
  const auto none = metric_difference(Metric::spearman, observed, good, good, options);
  CHECK(none.low == 0);
  CHECK(none.high == 0);
}

TEST_CASE("ten thousand resamples of 2,700 molecules are no wait") {
  theriac::chem::CounterRandom random(4, "values", "test");
  Values classes, said;
  for (int i = 0; i < 2700; ++i) {
    classes.push_back(random.uniform() < 0.3 ? 1 : 0);
    said.push_back(0.3 * classes.back() + random.uniform());
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto interval = metric_interval(Metric::average_precision, classes, said);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  CHECK(interval.low < interval.value);
  CHECK(seconds < 60);  // 0.6 s on one core
}
