#include "repurpose/logistic_ranking.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "repurpose/isotonic.hpp"

using namespace theriac;
using namespace theriac::repurpose;

namespace {

struct Cases {
  RealMatrix x;
  std::vector<double> classes, weights;
};

Cases drawn(std::size_t count) {
  chem::CounterRandom random(3, "cases", "test");
  Cases cases{RealMatrix(count, 3), {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < 3; ++j) cases.x(i, j) = random.normal() * (j == 1 ? 10 : 1);
    const double logit = -1 + 1.5 * cases.x(i, 0) - 0.05 * cases.x(i, 1);
    cases.classes.push_back(random.uniform() < logistic(logit) ? 1.0 : 0.0);
    cases.weights.push_back(i % 2 ? 2.0 : 1.0);
  }
  return cases;
}

}  // namespace

TEST_CASE("the gradient of the penalised likelihood vanishes at the fit") {
  const Cases cases = drawn(500);
  LogisticOptions options;
  options.penalty = 5;
  options.tolerance = 1e-12;
  const auto fit = fit_logistic(cases.x, cases.classes, cases.weights, options);
  double total = 0, mean[3] = {}, square[3] = {}, gradient[3] = {}, intercept = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    total += cases.weights[i];
    for (std::size_t j = 0; j < 3; ++j) mean[j] += cases.weights[i] * cases.x(i, j);
  }
  for (std::size_t i = 0; i < 500; ++i) {
    double logit = fit.intercept;
    for (std::size_t j = 0; j < 3; ++j) logit += fit.slopes[j] * cases.x(i, j);
    const double residual = cases.weights[i] * (logistic(logit) - cases.classes[i]);
    intercept += residual;
    for (std::size_t j = 0; j < 3; ++j) {
      gradient[j] += residual * cases.x(i, j);
      square[j] += cases.weights[i] * std::pow(cases.x(i, j) - mean[j] / total, 2);
    }
  }
  CHECK(intercept == Approx(0).margin(1e-7));
  for (std::size_t j = 0; j < 3; ++j)  // the penalty holds per standard deviation
    CHECK(gradient[j] + options.penalty * fit.slopes[j] * square[j] / total == Approx(0).margin(1e-6));
}

TEST_CASE("without penalty the slopes behind the cases are found") {
  const Cases cases = drawn(20000);
  LogisticOptions options;
  options.penalty = 0;
  const auto fit = fit_logistic(cases.x, cases.classes, cases.weights, options);
  CHECK(fit.slopes[0] == Approx(1.5).margin(0.1));
  CHECK(fit.slopes[1] == Approx(-0.05).margin(0.01));
  CHECK(fit.slopes[2] == Approx(0).margin(0.06));
  CHECK(fit.intercept == Approx(-1).margin(0.1));
  const auto again = fit_logistic(cases.x, cases.classes, cases.weights, options, &fit);
  CHECK(again.iterations <= 2);
  CHECK(again.slopes[0] == Approx(fit.slopes[0]).epsilon(1e-9));
}

TEST_CASE("contributions and intercept sum to the logit") {
  const LogisticModel model({"a", "b", "c"}, {0.01, 2, 30}, {1.2, -0.4, 0.7}, -5);
  chem::CounterRandom random(1, "x", "test");
  for (int i = 0; i < 1000; ++i) {
    const double x[3] = {random.uniform(0, 5), random.uniform(0, 5), i % 3 ? 0 : random.uniform(0, 5)};
    double out[3];
    model.contributions(x, out);
    CHECK(std::abs(model.intercept() + out[0] + out[1] + out[2] - model.logit(x)) < 1e-9);
    if (x[2] == 0) CHECK(out[2] == 0);
  }
  CHECK_THROWS_AS(LogisticModel({"a"}, {-1.0}, {1.0}, 0), ModelError);
  const double x = 4;
  CHECK(LogisticModel({"a"}, {0.0}, {1.5}, -1).logit(&x) == 5);  // no scale: the value itself
}

TEST_CASE("nothing can be learnt from one class") {
  CHECK_THROWS_WITH(fit_logistic(RealMatrix(2, 1), {1, 1}, {1, 1}),
                    "all cases are of one class, so there is nothing to learn");
}

TEST_CASE("pool adjacent violators") {
  CHECK(isotonic_regression({1, 3, 2, 4, 3.5, 5}, {1, 1, 1, 1, 1, 1}) ==
        std::vector<double>{1, 2.5, 2.5, 3.75, 3.75, 5});
  CHECK(isotonic_regression({3, 2, 1}, {1, 1, 2}) == std::vector<double>{1.75, 1.75, 1.75});
  CHECK_THROWS_AS(isotonic_regression({1}, {0}), UsageError);
}

TEST_CASE("an isotonic fit is closer than any other rising sequence") {
  chem::CounterRandom random(5, "isotonic", "test");
  std::vector<double> values, weights;
  for (int i = 0; i < 8; ++i) {
    values.push_back(random.uniform());
    weights.push_back(random.uniform(0.5, 2));
  }
  const auto fitted = isotonic_regression(values, weights);
  const auto cost = [&](const std::vector<double>& f) {
    double sum = 0;
    for (std::size_t i = 0; i < f.size(); ++i) sum += weights[i] * std::pow(f[i] - values[i], 2);
    return sum;
  };
  for (int trial = 0; trial < 5000; ++trial) {
    std::vector<double> other = fitted;
    for (double& value : other) value += 0.05 * random.normal();
    std::sort(other.begin(), other.end());
    CHECK(cost(other) >= cost(fitted) - 1e-12);
  }
}

TEST_CASE("calibrated probabilities match the shares of positives") {
  chem::CounterRandom random(9, "calibration", "test");
  std::vector<double> scores, classes;
  for (int i = 0; i < 40000; ++i) {
    scores.push_back(random.uniform(-6, 2));
    classes.push_back(random.uniform() < logistic(1.3 * scores.back() - 0.5) ? 1 : 0);
  }
  const auto calibration = IsotonicCalibration::fit(scores, classes);
  for (const double score : {-5.0, -2.0, 0.0, 1.0})
    CHECK(calibration.probability(score) == Approx(logistic(1.3 * score - 0.5)).margin(0.05));
  CHECK(calibration.probability(-100) > 0);
  CHECK(calibration.probability(100) < 1);
  // odds are multiplied by the ratio of the prior odds
  const double p = calibration.probability(0), q = calibration.probability_at(0, 0.0036);
  const double prior = calibration.prevalence();
  CHECK(q / (1 - q) == Approx(p / (1 - p) * (0.0036 / 0.9964) / (prior / (1 - prior))));
  CHECK(calibration.probability_at(0, prior) == Approx(p));
}
