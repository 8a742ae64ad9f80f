// What every training of endpoints has in common: how models are fitted, and what their file says of them.
#pragma once
#include <map>
#include <string>

#include "cli/endpoint_data.hpp"
#include "cli/train_endpoints.hpp"
#include "scoring/endpoint_set.hpp"

namespace theriac::cli {

scoring::EndpointFitOptions fit_options(const EndpointTrainingOptions& options, const Session& session);

/// Of the file as a whole: description, licence of the data, date, seed, version.
std::map<std::string, std::string> set_metadata(const EndpointTrainingOptions& options,
                                                const Session& session);

/// What cross-validation says of an endpoint, every row calibrated without its fold: "cv_AUROC",
/// "cv_coverage_90" (values), "cv_calibration_error", "cv_coverage_90_of_1" and "_of_0" (class sets) ...
scoring::EndpointSet::Facts cross_validated_facts(const scoring::Endpoint& endpoint,
                                                  const scoring::MeasuredSet& measured,
                                                  const scoring::OutOfFold& seen);

/// The same with what the model was trained on: "rows", "molecules", "data_sha256",
/// "copies_of_test_removed".
scoring::EndpointSet::Facts training_facts(const scoring::EndpointModel& model, const EndpointData& data,
                                           const scoring::OutOfFold& seen);

}  // namespace theriac::cli
