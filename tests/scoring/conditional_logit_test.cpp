#include "scoring/conditional_logit.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

/// Choices drawn with known weights.
std::vector<AlternativeSet> drawn(const std::vector<double>& weights, int count) {
  chem::CounterRandom random(1, "choices", "test");
  std::vector<AlternativeSet> out;
  for (int i = 0; i < count; ++i) {
    AlternativeSet set;
    set.right.assign(5, 0);
    for (int x = 0; x < 10; ++x) set.columns.push_back(random.uniform(-1, 1));
    double sum = 0;
    for (const double score : conditional_scores(set, weights)) sum += std::exp(score);
    double left = random.uniform(0, sum);
    std::size_t chosen = 0;
    for (const double score : conditional_scores(set, weights)) {
      left -= std::exp(score);
      if (left < 0) break;
      ++chosen;
    }
    set.right[std::min<std::size_t>(chosen, 4)] = 1;
    out.push_back(std::move(set));
  }
  return out;
}

}  // namespace

TEST_CASE("a conditional logit finds the weights that choices were drawn with") {
  const std::vector<double> truth{1.5, -0.7};
  const auto sets = drawn(truth, 4000);
  const auto w = conditional_logit(sets);
  CHECK(w[0] == Approx(truth[0]).margin(0.1));
  CHECK(w[1] == Approx(truth[1]).margin(0.1));
  // nothing near is better: the loss is least there
  const auto loss = [&](const std::vector<double>& at) {
    double sum = 0;
    for (const auto& set : sets) sum += conditional_loss(set, at);
    return sum;
  };
  for (const double step : {-0.05, 0.05})
    for (std::size_t k = 0; k < 2; ++k) {
      std::vector<double> moved = w;
      moved[k] += step;
      CHECK(loss(moved) > loss(w));
    }
}

TEST_CASE("the loss of a set is minus the log of the right share") {
  AlternativeSet set;
  set.columns = {0, 0, 0, 0};
  set.right = {1, 0.5, 0, 0};
  CHECK(conditional_loss(set, {0.0}) == Approx(-std::log(1.5 / 4)));
}

TEST_CASE("a calibration finds how often what was said is right") {
  // said with log odds z, right with log odds z - 1
  chem::CounterRandom random(2, "calibration", "test");
  std::vector<CalibrationRow> rows;
  for (int i = 0; i < 20000; ++i) {
    const double z = random.uniform(-3, 3);
    rows.push_back({z, 2, random.uniform(0, 1) < 1 / (1 + std::exp(1 - z))});
  }
  const auto c = calibrated(rows);
  CHECK(c[0] + 2 * c[2] == Approx(-1).margin(0.1));
  CHECK(c[1] == Approx(1).margin(0.05));
}
