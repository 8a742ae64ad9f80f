#include "cli/admet_task.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "cli/endpoint_rivals.hpp"

namespace theriac::cli {
namespace {

using scoring::EndpointKind;
using scoring::MeasuredSet;
using scoring::MoleculeLibrary;
using scoring::Values;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double near_from = 0.5, far_below = 0.3;
constexpr int resamples = 2000;

Values values_of(const MeasuredSet& set) {
  return {set.values.begin(), set.values.end()};
}

void compare(const scoring::Endpoint& endpoint, const std::vector<AdmetPrediction>& rows,
             AdmetTaskResult& result) {
  Values observed, predicted, forest, neighbour, low, high, similarity;
  std::vector<std::string> classes;
  for (const auto& row : rows) {
    classes.push_back(row.classes);
    observed.push_back(row.observed);
    predicted.push_back(row.predicted);
    forest.push_back(row.forest);
    neighbour.push_back(row.neighbour);
    low.push_back(row.low);
    high.push_back(row.high);
    similarity.push_back(row.similarity);
  }
  scoring::BootstrapOptions bootstrap;
  bootstrap.resamples = resamples;
  result.ensemble = scoring::metric_interval(endpoint.metric, observed, predicted, bootstrap);
  result.forest = scoring::metric_interval(endpoint.metric, observed, forest, bootstrap);
  result.gain = scoring::higher_is_better(endpoint.metric)
                    ? scoring::metric_difference(endpoint.metric, observed, predicted, forest, bootstrap)
                    : scoring::metric_difference(endpoint.metric, observed, forest, predicted, bootstrap);
  result.neighbour = scoring::property_metric(endpoint.metric, observed, neighbour);
  result.coverage = result.coverage_near = result.coverage_far = nan;
  result.coverage_low = result.coverage_high = nan;
  result.calibration_error = result.calibration_by_chance = nan;
  if (endpoint.kind == EndpointKind::probability) {
    result.calibration_error = scoring::expected_calibration_error(observed, predicted);
    result.calibration_by_chance = scoring::calibration_error_by_chance(predicted).value;
    result.sets = scoring::class_set_coverage(observed, classes);
    return;
  }
  const auto all = scoring::interval_coverage(observed, low, high);
  result.coverage = all.share;
  result.coverage_low = all.low;
  result.coverage_high = all.high;
  const auto by_similarity =
      scoring::coverage_by_similarity(observed, low, high, similarity, {0, far_below, near_from, 1});
  result.coverage_far = by_similarity.front().share;
  result.far_rows = by_similarity.front().count;
  result.coverage_near = by_similarity.back().share;
  result.near_rows = by_similarity.back().count;
}

void set_mean_and_deviation(const Values& figures, AdmetTaskResult& result) {
  result.mean = scoring::mean(figures);
  double squares = 0;
  for (const double f : figures) squares += (f - result.mean) * (f - result.mean);
  result.deviation = std::sqrt(squares / (static_cast<double>(figures.size()) - 1));
}

/// Official protocol: trained on all of train_val with several seeds, scored on the fixed test set.
void test(const scoring::EndpointModel& model, const scoring::FeatureBins& bins, const EndpointData& data,
          const MoleculeLibrary& library, const AdmetTaskOptions& options, AdmetTaskResult& result,
          std::vector<AdmetPrediction>& rows) {
  const auto& asked = data.test.molecules;
  std::vector<Values> members;
  for (const auto& member : model.members)
    members.push_back(scoring::predicted_raw({member}, bins, library, asked));
  const auto similarity = scoring::nearest_similarity(library, asked, model.training);
  const Values observed = values_of(data.test);
  const Values network = options.network && model.network_weight > 0
                             ? options.network->raw(model.endpoint, library, asked)
                             : Values(asked.size());
  Values figures;
  for (const Values& member : members) {
    Values natural;
    for (std::size_t i = 0; i < asked.size(); ++i)
      natural.push_back(model.finished(model.mixed(member[i], network[i]), similarity[i]).value);
    figures.push_back(scoring::property_metric(model.endpoint.metric, observed, natural));
  }
  set_mean_and_deviation(figures, result);
  const auto others = endpoint_rivals(model.endpoint, library, data.train, asked, options.seed);
  Values trees;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    double raw = 0;
    for (const Values& member : members) raw += member[i] / static_cast<double>(members.size());
    trees.push_back(model.finished(raw, similarity[i]).value);
    const auto p = model.finished(model.mixed(raw, network[i]), similarity[i]);
    rows.push_back({library[asked[i]].smiles, observed[i], p.value, p.low, p.high, similarity[i],
                    others.forest[i], others.neighbour[i], p.classes});
  }
  result.trees = scoring::property_metric(model.endpoint.metric, observed, trees);
  result.network_weight = model.network_weight;
}

MeasuredSet subset(const MeasuredSet& set, const std::vector<std::size_t>& rows) {
  MeasuredSet out;
  for (const auto i : rows) {
    out.molecules.push_back(set.molecules[i]);
    out.values.push_back(set.values[i]);
  }
  return out;
}

/// Without test labels: every fold as predicted by the model that did not see it, and baselines on the same
/// folds.
void cross_validate(const scoring::EndpointModel& model, const scoring::OutOfFold& seen,
                    const EndpointData& data, const MoleculeLibrary& library, const AdmetTaskOptions& options,
                    AdmetTaskResult& result, std::vector<AdmetPrediction>& rows) {
  result.mean = result.deviation = result.trees = nan;
  result.cross_validated = true;
  const auto calibrated = scoring::cross_calibrated(model.endpoint, data.train, seen);
  const auto& fold_of = data.train.folds;
  const int folds = 1 + *std::max_element(fold_of.begin(), fold_of.end());
  for (int fold = 0; fold < folds; ++fold) {
    std::vector<std::size_t> inside, outside;
    for (std::size_t i = 0; i < fold_of.size(); ++i) (fold_of[i] == fold ? inside : outside).push_back(i);
    const auto held_out = subset(data.train, inside);
    const auto others = endpoint_rivals(model.endpoint, library, subset(data.train, outside),
                                        held_out.molecules, options.seed);
    for (std::size_t k = 0; k < inside.size(); ++k) {
      const std::size_t i = inside[k];
      const auto& p = calibrated[i];
      rows.push_back({library[held_out.molecules[k]].smiles, data.train.values[i], p.value, p.low, p.high,
                      seen.similarity[i], others.forest[k], others.neighbour[k], p.classes});
    }
  }
}

}  // namespace

AdmetTaskResult run_admet_task(const scoring::Endpoint& endpoint, const EndpointData& data,
                               const MoleculeLibrary& library, const AdmetTaskOptions& options,
                               std::vector<AdmetPrediction>& predictions) {
  const auto started = std::chrono::steady_clock::now();
  AdmetTaskResult result;
  result.task = endpoint.name;
  result.train_rows = data.train.size();
  result.test_rows = data.test.size();
  result.copies_of_test = static_cast<std::int64_t>(data.leaks.removed.size());
  const scoring::FeatureBins bins(features_of(library, data.train.molecules));
  scoring::EndpointFitOptions fit;
  fit.trees = options.trees;
  fit.seed = options.seed;
  fit.members = data.test.size() > 0 ? options.seeds : 0;
  scoring::OutOfFold seen;
  auto model = scoring::EndpointModel::fit(endpoint, library, bins, data.train, fit, &seen);
  if (options.network)
    model.add_network(data.train, seen, options.network->evidence(endpoint, library, data.train));
  if (data.test.size() > 0)
    test(model, bins, data, library, options, result, predictions);
  else
    cross_validate(model, seen, data, library, options, result, predictions);
  compare(endpoint, predictions, result);
  for (const auto& row : predictions)
    result.outside += (model.calibration.domain(row.similarity) == scoring::Domain::out) /
                      static_cast<double>(predictions.size());
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace theriac::cli
