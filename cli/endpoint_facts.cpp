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

scoring::EndpointSet::Facts cross_validated_facts(const EndpointModel& model, const EndpointData& data,
                                                  const scoring::OutOfFold& seen) {
  const auto& endpoint = model.endpoint;
  const auto told = scoring::cross_calibrated(endpoint, data.train, seen);
  scoring::Values observed, predicted, low, high;
  for (std::size_t i = 0; i < data.train.size(); ++i) {
    if (!data.train.bounds.empty() && data.train.bounds[i] != scoring::Bound::exact) continue;
    observed.push_back(data.train.values[i]);
    predicted.push_back(told[i].value);
    low.push_back(told[i].low);
    high.push_back(told[i].high);
  }
  scoring::EndpointSet::Facts facts = {
      {"rows", std::to_string(data.train.size())},
      {"molecules", std::to_string(model.training.size())},
      {"data_sha256", data.sha256},
      {"copies_of_test_removed", std::to_string(data.leaks.removed.size())},
      {"cv_" + scoring::metric_name(endpoint.metric),
       fmt::format("{:.4f}", scoring::property_metric(endpoint.metric, observed, predicted))}};
  if (endpoint.kind == EndpointKind::value)
    facts["cv_coverage_90"] = fmt::format("{:.4f}", scoring::interval_coverage(observed, low, high).share);
  else
    facts["cv_calibration_error"] =
        fmt::format("{:.4f}", scoring::expected_calibration_error(observed, predicted));
  return facts;
}

}  // namespace theriac::cli
