// Whether the doubt of a trained endpoint is true, and what few molecules may change of it.
#include "scoring/endpoint_calibration.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "scoring/reliability.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

Endpoint endpoint(EndpointKind kind) {
  Endpoint e;
  e.name = "made_up";
  e.kind = kind;
  return e;
}

/// Log odds that are right but twice too sure; `shift` makes the class rarer.
HeldOutPredictions classes(std::size_t count, double shift, const char* stage) {
  chem::CounterRandom random(3, "calibration", stage);
  HeldOutPredictions out;
  for (std::size_t i = 0; i < count; ++i) {
    const double log_odds = 2 * random.normal() + shift;
    out.raw.push_back(2 * log_odds);
    out.similarity.push_back(random.uniform(0.3, 1));
    out.values.push_back(random.uniform() < 1 / (1 + std::exp(-log_odds)) ? 1.0f : 0.0f);
  }
  return out;
}

/// Values whose error grows from 0.2 at similarity 1; below `lost` the prediction knows nothing.
HeldOutPredictions values(std::size_t count, double lost, const char* stage) {
  chem::CounterRandom random(4, "calibration", stage);
  HeldOutPredictions out;
  for (std::size_t i = 0; i < count; ++i) {
    const double s = random.uniform(0.1, 1), truth = 2 * random.normal();
    out.similarity.push_back(s);
    out.values.push_back(static_cast<float>(truth));
    const double noise = s < lost ? 3 : 0.2 * std::exp(1.0 * (1 - s));
    out.raw.push_back(truth + noise * random.normal());
  }
  return out;
}

}  // namespace

TEST_CASE("a class set keeps its promise to each class, also to a rare one") {
  const auto e = endpoint(EndpointKind::probability);
  const auto calibration = calibration_of(e, classes(2000, -2, "seen"));
  const auto fresh = classes(8000, -2, "fresh");
  Values observed, said;
  std::vector<std::string> sets;
  for (std::size_t i = 0; i < fresh.raw.size(); ++i) {
    const auto told = finished(e, calibration, fresh.raw[i], fresh.similarity[i]);
    observed.push_back(fresh.values[i]);
    said.push_back(told.value);
    sets.push_back(told.classes);
  }
  const auto coverage = class_set_coverage(observed, sets);
  CHECK(coverage.ones < coverage.zeros / 2);
  CHECK(coverage.of_one.value == Approx(0.9).margin(0.03));
  CHECK(coverage.of_zero.value == Approx(0.9).margin(0.03));
  CHECK(coverage.single > 0.3);
  CHECK(calibration.slope == Approx(0.5).margin(0.06));  // the log odds were twice too sure
  CHECK(expected_calibration_error(observed, said) < 0.02);
}

TEST_CASE("a class with too few molecules is never ruled out") {
  HeldOutPredictions few;
  for (int i = 0; i < 40; ++i) {
    few.raw.push_back(i < 8 ? 3.0 + 0.1 * i : -3.0 + 0.05 * i);
    few.similarity.push_back(0.5);
    few.values.push_back(i < 8 ? 1.0f : 0.0f);
  }
  const auto e = endpoint(EndpointKind::probability);
  const auto calibration = calibration_of(e, few);  // of 8 molecules none can be left out with 90 % certainty
  CHECK(calibration.one_from == 0);
  CHECK(finished(e, calibration, -9, 0.5).classes == "0|1");
  CHECK(finished(e, calibration, 9, 0.5).classes == "1");
}

TEST_CASE("a prediction between two well known classes is usual for neither") {
  EndpointCalibration calibration;
  calibration.one_from = 0.8;
  calibration.zero_until = 0.3;
  const auto e = endpoint(EndpointKind::probability);
  CHECK(finished(e, calibration, 0, 0.5).classes == "none");
  CHECK(finished(e, calibration, 5, 0.5).classes == "1");
  CHECK(finished(e, calibration, -5, 0.5).classes == "0");
  CHECK(finished(endpoint(EndpointKind::value), calibration, 0, 0.5).classes.empty());
}

TEST_CASE("intervals hold nine of ten near and far") {
  const auto e = endpoint(EndpointKind::value);
  const auto calibration = calibration_of(e, values(2000, 0, "seen"));
  const auto fresh = values(8000, 0, "fresh");
  Values observed, low, high;
  for (std::size_t i = 0; i < fresh.raw.size(); ++i) {
    const auto told = finished(e, calibration, fresh.raw[i], fresh.similarity[i]);
    observed.push_back(fresh.values[i]);
    low.push_back(told.low);
    high.push_back(told.high);
  }
  for (const auto& bin : coverage_by_similarity(observed, low, high, fresh.similarity, {0, 0.3, 0.5, 1}))
    CHECK(bin.share == Approx(0.9).margin(0.025));
}

TEST_CASE("a model has no basis where it was not tested, or no better than the mean") {
  const auto e = endpoint(EndpointKind::value);
  const auto good = calibration_of(e, values(2000, 0, "seen"));
  CHECK(good.known_from < 0.12);  // tested down to 0.1, and good there
  CHECK(good.domain(0.09) == Domain::out);
  CHECK(good.domain(0.13) == Domain::edge);
  CHECK(good.domain(0.45) == Domain::in);
  CHECK(calibration_of(e, values(2000, 0.3, "seen")).known_from >= 0.3);
  auto near = values(2000, 0, "seen");
  for (double& s : near.similarity) s = 0.6 + 0.4 * s;  // nothing unlike was asked
  CHECK(calibration_of(e, near).known_from == domain_out_below);
}

TEST_CASE("few molecules correct a calibration without overturning it") {
  const auto value = endpoint(EndpointKind::value);
  const auto before = values(60, 0, "few");
  const auto known = calibration_of(value, values(2000, 0, "seen"));
  auto after = before;
  for (std::size_t i = 0; i < after.raw.size(); ++i)
    after.raw[i] = after.values[i] + 0.5 * (before.raw[i] - after.values[i]);  // half the error
  const auto changed = recalibrated(value, known, before, after);
  CHECK(changed.width == Approx(known.width * (60 * 0.5 + 10) / 70));
  CHECK(changed.growth == known.growth);
  CHECK(recalibrated(value, known, before, before).width == Approx(known.width));

  // ten molecules that happen to be told apart without an error do not make a model certain
  const auto e = endpoint(EndpointKind::probability);
  const auto trusted = calibration_of(e, classes(2000, 0, "seen"));
  HeldOutPredictions ten;
  for (int i = 0; i < 10; ++i) {
    ten.raw.push_back(i < 5 ? -1 - 0.1 * i : 1 + 0.1 * i);
    ten.similarity.push_back(0.5);
    ten.values.push_back(i < 5 ? 0.0f : 1.0f);
  }
  const auto drawn = recalibrated(e, trusted, ten, ten);
  CHECK(drawn.slope > trusted.slope);
  CHECK(drawn.slope < 1.2);
  CHECK(drawn.one_from == trusted.one_from);
}
