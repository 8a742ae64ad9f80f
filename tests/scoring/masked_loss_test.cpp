// The masked loss against values by hand and numeric slopes.
#include "scoring/masked_loss.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace theriac::scoring;

namespace {
constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
const std::vector<TaskLoss> tasks = {{TaskKind::regression, 2, 0.5}, {TaskKind::classification, 3, 1}};
}  // namespace

TEST_CASE("the masked loss of four values by hand") {
  const std::vector<float> outputs = {1.25f, 0.f, 3.f, -2.f}, targets = {1.f, 1.f, 1.f, unknown};
  std::vector<float> slopes(4, 99.f);
  // 2 * (0.25^2 / 2 / 0.5) + 3 * ln 2 + 2 * (2 - 0.25)
  CHECK(masked_loss(tasks, 2, outputs.data(), targets.data(), slopes.data()) ==
        Approx(0.125 + 3 * std::log(2.0) + 3.5));
  CHECK(slopes[0] == Approx(1.0));   // 2 * 0.25 / 0.5
  CHECK(slopes[1] == Approx(-1.5));  // 3 * (1/2 - 1)
  CHECK(slopes[2] == Approx(2.0));
  CHECK(slopes[3] == 0);
}

TEST_CASE("slopes are derivatives, far from zero too") {
  for (const float output : {-80.f, -3.f, -0.2f, 0.1f, 2.f, 90.f})
    for (const float target : {0.f, 1.f}) {
      const float step = 0.01f;
      std::vector<float> slopes(2), ignored(2);
      const auto loss = [&](float x) {
        const float outputs[2] = {x, x}, targets[2] = {target, target};
        return masked_loss(tasks, 1, outputs, targets, ignored.data());
      };
      const float outputs[2] = {output, output}, targets[2] = {target, target};
      masked_loss(tasks, 1, outputs, targets, slopes.data());
      const double numeric = (loss(output + step) - loss(output - step)) / (2 * step);
      CHECK(slopes[0] + slopes[1] == Approx(numeric).margin(0.02));
    }
}

TEST_CASE("small tasks weigh more per value and values weigh one on average") {
  const auto weights = task_weights({10000, 100, 0}, 0.5);
  CHECK(weights[1] / weights[0] == Approx(10));
  CHECK(weights[2] == 0);
  CHECK((weights[0] * 10000 + weights[1] * 100) / 10100 == Approx(1));
}
