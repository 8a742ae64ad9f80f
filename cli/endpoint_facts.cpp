#include "cli/endpoint_facts.hpp"

#include <fmt/format.h>

#include "chem/library_versions.hpp"
#include "cli/session.hpp"
#include "datasets/provenance.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {

using scoring::EndpointKind;
using scoring::EndpointModel;

scoring::EndpointFitOptions fit_options(const EndpointTrainingOptions& options, const Session& session) {
  scoring::EndpointFitOptions fit;
  fit.members = options.members;
  fit.trees = options.trees;
  fit.seed = session.seed();
  return fit;
}

std::map<std::string, std::string> set_metadata(const EndpointTrainingOptions& options,
                                                const Session& session) {
  return {{"description", options.about},
          {"data_licence", options.licence},
          {"version", datasets::utc_now().substr(0, 10)},
          {"date", datasets::utc_now().substr(0, 10)},
          {"seed", std::to_string(session.seed())},
          {"theriac_version", chem::theriac_version()}};
}

scoring::EndpointSet::Facts cross_validated_facts(const scoring::Endpoint& endpoint,
                                                  const scoring::MeasuredSet& measured,
                                                  const scoring::OutOfFold& seen) {
  const auto told = scoring::cross_calibrated(endpoint, measured, seen);
  scoring::Values observed, predicted, low, high;
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!measured.bounds.empty() && measured.bounds[i] != scoring::Bound::exact) continue;
    observed.push_back(measured.values[i]);
    predicted.push_back(told[i].value);
    low.push_back(told[i].low);
    high.push_back(told[i].high);
    classes.push_back(told[i].classes);
  }
  scoring::EndpointSet::Facts facts = {
      {"cv_" + scoring::metric_name(endpoint.metric),
       fmt::format("{:.4f}", scoring::property_metric(endpoint.metric, observed, predicted))}};
  if (endpoint.kind == EndpointKind::value) {
    facts["cv_coverage_90"] = fmt::format("{:.4f}", scoring::interval_coverage(observed, low, high).share);
    return facts;
  }
  const auto sets = scoring::class_set_coverage(observed, classes);
  facts["cv_calibration_error"] =
      fmt::format("{:.4f}", scoring::expected_calibration_error(observed, predicted));
  facts["cv_coverage_90_of_1"] = fmt::format("{:.4f}", sets.of_one.value);
  facts["cv_coverage_90_of_0"] = fmt::format("{:.4f}", sets.of_zero.value);
  facts["cv_single_class"] = fmt::format("{:.4f}", sets.single);
  return facts;
}

scoring::EndpointSet::Facts training_facts(const EndpointModel& model, const EndpointData& data,
                                           const scoring::OutOfFold& seen) {
  auto facts = cross_validated_facts(model.endpoint, data.train, seen);
  facts["rows"] = std::to_string(data.train.size());
  facts["molecules"] = std::to_string(model.training.size());
  facts["data_sha256"] = data.sha256;
  facts["copies_of_test_removed"] = std::to_string(data.leaks.removed.size());
  return facts;
}

}  // namespace theriac::cli
