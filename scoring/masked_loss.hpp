// The loss of many tasks at once when most values are not measured: unknown targets count nothing.
#pragma once
#include <cstddef>
#include <vector>

namespace theriac::scoring {

enum class TaskKind {
  regression,      ///< Huber's loss of output - target, in units of the target's spread
  classification,  ///< cross-entropy of the output as a log-odds; targets 0 or 1
};

struct TaskLoss {
  TaskKind kind = TaskKind::regression;
  double weight = 1;  ///< of one value
  double width = 1;   ///< regression: where the square becomes a straight line
};

/// Sum over the known targets of weight x loss. `outputs`, `targets` and `slopes` are rows x tasks; a target
/// that is NaN is not known, and its slope is 0. `slopes` receives the derivative by each output.
double masked_loss(const std::vector<TaskLoss>& tasks, std::size_t rows, const float* outputs,
                   const float* targets, float* slopes);

/// Weights so that a value of a task with n values weighs as 1 / n^exponent, and values weigh 1 on average.
/// Tasks without values get 0.
std::vector<double> task_weights(const std::vector<std::size_t>& values, double exponent);

}  // namespace theriac::scoring
