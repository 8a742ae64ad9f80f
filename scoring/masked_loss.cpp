#include "scoring/masked_loss.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

struct Slope {
  double loss, slope;
};

Slope of_regression(double difference, double width) {
  if (std::abs(difference) <= width) return {0.5 * difference * difference / width, difference / width};
  return {std::abs(difference) - 0.5 * width, difference > 0 ? 1.0 : -1.0};
}

Slope of_classification(double log_odds, double target) {
  // log(1 + e^x) without overflow
  const double softplus = std::max(log_odds, 0.0) + std::log1p(std::exp(-std::abs(log_odds)));
  return {softplus - target * log_odds, 1 / (1 + std::exp(-log_odds)) - target};
}

}  // namespace

double masked_loss(const std::vector<TaskLoss>& tasks, std::size_t rows, const float* outputs,
                   const float* targets, float* slopes) {
  double sum = 0;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      const std::size_t i = row * tasks.size() + t;
      slopes[i] = 0;
      if (std::isnan(targets[i])) continue;
      const TaskLoss& task = tasks[t];
      const double output = outputs[i], target = targets[i];
      const Slope s = task.kind == TaskKind::regression ? of_regression(output - target, task.width)
                                                        : of_classification(output, target);
      sum += task.weight * s.loss;
      slopes[i] = static_cast<float>(task.weight * s.slope);
    }
  return sum;
}

std::vector<double> task_weights(const std::vector<std::size_t>& values, double exponent) {
  std::vector<double> weights;
  double total = 0, count = 0;
  for (const std::size_t n : values) {
    const double weight = n == 0 ? 0 : std::pow(static_cast<double>(n), -exponent);
    weights.push_back(weight);
    total += weight * static_cast<double>(n);
    count += static_cast<double>(n);
  }
  for (double& weight : weights)
    if (total > 0) weight *= count / total;
  return weights;
}

}  // namespace theriac::scoring
