// What a property network says about rows of the tables, and how good that is.
#pragma once
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "scoring/property_learning_set.hpp"

namespace theriac::cli {

/// Rows of tables with what a network says about them.
struct NetworkPredictions {
  std::vector<const scoring::PropertyRow*> rows;
  std::vector<double> values;  ///< in the units of the tables; of classes probabilities
};

/// Of the rows that are `wanted`.
NetworkPredictions network_predictions(const scoring::MessageNetwork& network,
                                       const scoring::PropertyLearningSet& set,
                                       const std::function<bool(const scoring::PropertyRow&)>& wanted);

struct TaskFigure {
  std::string metric;  ///< the benchmark's; elsewhere AUROC or MAE
  double value = std::numeric_limits<double>::quiet_NaN();
  std::size_t rows = 0;
};

/// One per task; NaN without rows, or when they are of one class.
std::vector<TaskFigure> task_figures(const NetworkPredictions& predictions,
                                     const scoring::PropertyLearningSet& set);

/// CSV: task, smiles (as in the table), y, prediction. Throws StorageError.
void write_predictions(const std::string& path, const NetworkPredictions& predictions,
                       const scoring::PropertyLearningSet& set);

}  // namespace theriac::cli
