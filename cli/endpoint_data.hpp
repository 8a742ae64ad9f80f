// Measurements of an endpoint from a data folder, split into what a model may learn from and what it is
// tested on.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/property_table.hpp"
#include "scoring/endpoint_model.hpp"

namespace theriac::cli {

struct EndpointData {
  scoring::MeasuredSet train, test;
  datasets::PropertyTallies tallies;
  std::string sha256;               ///< of the file
  std::int64_t copies_of_test = 0;  ///< training rows that left: molecules of the test set in another drawing
  std::int64_t positives = 0;       ///< training rows of class 1
};

/// Rows of `folder`/endpoint.file; molecules go into the library. Benchmark files keep their rows and their
/// split; of others all rows are for training and replicates are merged. A training molecule whose skeleton
/// (chem:: tautomer_skeleton) is that of a test molecule leaves. Throws InputError and UsageError as
/// read_property_table does.
EndpointData read_endpoint_data(const std::string& folder, const scoring::Endpoint& endpoint,
                                scoring::MoleculeLibrary& library);

/// Features of the molecules of a set, for binning.
std::vector<const chem::MolecularFeatures*> features_of(const scoring::MoleculeLibrary& library,
                                                        const std::vector<std::uint32_t>& molecules);

}  // namespace theriac::cli
