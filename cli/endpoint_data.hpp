// Measurements of an endpoint, split into what a model may learn from and what it is tested on, with their
// molecules.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/data_split.hpp"
#include "datasets/property_table.hpp"
#include "scoring/endpoint_model.hpp"

namespace theriac::cli {

constexpr int calibration_folds = 5;

struct EndpointData {
  datasets::PropertyTable table;
  std::vector<std::size_t> train_rows, test_rows;  ///< of the table; what is in the sets below, in order
  scoring::MeasuredSet train, test;
  datasets::LeakCheck
      leaks;  ///< training rows that left: molecules of the test set, perhaps in another drawing
  datasets::FoldCheck folds;  ///< of the training rows: whole scaffolds
  std::string sha256;         ///< of the file
};

/// Which rows test; empty: none.
enum class TestRows { none, split_column };

/// Reads `path` and puts its molecules into the library. Training rows are dealt to folds of whole scaffolds
/// by `seed`. Throws InputError and UsageError as read_property_table does.
EndpointData read_endpoint_data(const std::string& path, const datasets::PropertyTableOptions& options,
                                TestRows test, std::uint64_t seed, scoring::MoleculeLibrary& library);

/// Of an endpoint of the list: `folder`/endpoint.file. Benchmark files keep their rows and their split; of
/// others all rows are for training and replicates are merged.
EndpointData read_endpoint_data(const std::string& folder, const scoring::Endpoint& endpoint,
                                std::uint64_t seed, scoring::MoleculeLibrary& library);

/// The same rows with another choice of what trains and what tests; training rows with a copy among the test
/// rows leave.
EndpointData rows_apart(const EndpointData& all, const datasets::DataSplit& split, std::uint64_t seed,
                        scoring::MoleculeLibrary& library);

/// Features of the molecules of a set, for binning.
std::vector<const chem::MolecularFeatures*> features_of(const scoring::MoleculeLibrary& library,
                                                        const std::vector<std::uint32_t>& molecules);

}  // namespace theriac::cli
