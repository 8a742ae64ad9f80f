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

/// What was measured of a model by its own cross-validation: "rows", "cv_AUROC", "cv_coverage_90" ...
scoring::EndpointSet::Facts cross_validated_facts(const scoring::EndpointModel& model,
                                                  const EndpointData& data, const scoring::OutOfFold& seen);

}  // namespace theriac::cli
