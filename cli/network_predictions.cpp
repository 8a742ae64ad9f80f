#include "cli/network_predictions.hpp"

#include <cmath>

#include "datasets/results_table.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using datasets::real_column;
using datasets::text_column;
using scoring::MessageNetwork;
using scoring::PropertyLearningSet;

const char* metric_of(const scoring::PropertyTask& task) {
  if (!task.metric.empty()) return task.metric.c_str();
  return task.kind == scoring::TaskKind::classification ? "AUROC" : "MAE";
}

}  // namespace

NetworkPredictions network_predictions(const MessageNetwork& network, const PropertyLearningSet& set,
                                       const std::function<bool(const scoring::PropertyRow&)>& wanted) {
  NetworkPredictions out;
  std::vector<const chem::BondGraph*> graphs;
  std::vector<std::ptrdiff_t> place(set.molecules.size(), -1);
  for (const auto& row : set.rows) {
    if (!wanted(row)) continue;
    const auto m = static_cast<std::size_t>(row.molecule);
    if (place[m] < 0) {
      place[m] = static_cast<std::ptrdiff_t>(graphs.size());
      graphs.push_back(&set.molecules[m].graph);
    }
    out.rows.push_back(&row);
  }
  const auto outputs = network.outputs(graphs);
  for (const auto* row : out.rows) {
    const auto t = static_cast<std::size_t>(row->task);
    const auto at = static_cast<std::size_t>(place[static_cast<std::size_t>(row->molecule)]);
    out.values.push_back(network.tasks()[t].measured(outputs[at * network.tasks().size() + t]));
  }
  return out;
}

std::vector<TaskFigure> task_figures(const NetworkPredictions& predictions, const PropertyLearningSet& set) {
  std::vector<scoring::Values> observed(set.tasks.size()), predicted(set.tasks.size());
  for (std::size_t i = 0; i < predictions.rows.size(); ++i) {
    if (std::isnan(predictions.rows[i]->value)) continue;
    const auto t = static_cast<std::size_t>(predictions.rows[i]->task);
    observed[t].push_back(predictions.rows[i]->value);
    predicted[t].push_back(predictions.values[i]);
  }
  std::vector<TaskFigure> out;
  for (std::size_t t = 0; t < set.tasks.size(); ++t) {
    const std::string metric = metric_of(set.tasks[t]);
    out.push_back({metric,
                   scoring::property_metric(scoring::metric_from_name(metric), observed[t], predicted[t]),
                   observed[t].size()});
  }
  return out;
}

void write_predictions(const std::string& path, const NetworkPredictions& predictions,
                       const PropertyLearningSet& set) {
  datasets::CsvTable table(path, {text_column("task"), text_column("smiles"), real_column("y"),
                                  real_column("prediction", {}, {}, 6)});
  for (std::size_t i = 0; i < predictions.rows.size(); ++i) {
    const auto& row = *predictions.rows[i];
    table.append({set.tasks[static_cast<std::size_t>(row.task)].name, row.smiles,
                  std::isnan(row.value) ? datasets::Cell{} : datasets::Cell{row.value},
                  predictions.values[i]});
  }
  table.publish();
}

}  // namespace theriac::cli
