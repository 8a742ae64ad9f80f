#include "cli/endpoint_data.hpp"

#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

/// The rows whose molecule the library could describe.
scoring::MeasuredSet measured(const std::vector<datasets::Measurement>& table, std::vector<std::size_t>& rows,
                              scoring::MoleculeLibrary& library) {
  std::vector<std::string> parents;
  for (const auto row : rows) parents.push_back(table[row].smiles);
  const auto places = library.add(parents);
  scoring::MeasuredSet set;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (places[i] == scoring::MoleculeLibrary::unknown) continue;
    const auto& row = table[rows[i]];
    kept.push_back(rows[i]);
    set.molecules.push_back(places[i]);
    set.values.push_back(static_cast<float>(row.value));
    set.bounds.push_back(static_cast<scoring::Bound>(row.bound));
  }
  rows = kept;
  return set;
}

void deal_folds(EndpointData& data, std::uint64_t seed) {
  std::vector<datasets::Measurement> rows;
  std::vector<double> classes;
  for (const auto row : data.train_rows) {
    rows.push_back(data.table.rows[row]);
    if (data.table.binary) classes.push_back(rows.back().value);
  }
  data.train.folds = datasets::group_folds(datasets::scaffold_groups(rows), calibration_folds, seed, classes);
  data.folds = datasets::fold_check(rows, data.train.folds);
}

}  // namespace

EndpointData read_endpoint_data(const std::string& path, const datasets::PropertyTableOptions& options,
                                TestRows test, std::uint64_t seed, scoring::MoleculeLibrary& library) {
  EndpointData data;
  data.table = datasets::read_property_table(path, options);
  data.sha256 = datasets::sha256_of_file(path);
  datasets::DataSplit split;
  for (std::size_t i = 0; i < data.table.rows.size(); ++i)
    (test == TestRows::split_column && data.table.rows[i].split == "test" ? split.test : split.train)
        .push_back(i);
  return rows_apart(data, split, seed, library);
}

EndpointData rows_apart(const EndpointData& all, const datasets::DataSplit& split, std::uint64_t seed,
                        scoring::MoleculeLibrary& library) {
  EndpointData data;
  data.table = all.table;
  data.sha256 = all.sha256;
  datasets::HeldOutMolecules held_out;
  std::vector<datasets::Measurement> training;
  for (const auto row : split.test) held_out.add(data.table.rows[row]);
  for (const auto row : split.train) training.push_back(data.table.rows[row]);
  data.leaks = datasets::leak_check(training, held_out);
  for (const auto kept : data.leaks.kept) data.train_rows.push_back(split.train[kept]);
  data.test_rows = split.test;
  data.train = measured(data.table.rows, data.train_rows, library);
  data.test = measured(data.table.rows, data.test_rows, library);
  deal_folds(data, seed);
  return data;
}

EndpointData read_endpoint_data(const std::string& folder, const scoring::Endpoint& endpoint,
                                std::uint64_t seed, scoring::MoleculeLibrary& library) {
  datasets::PropertyTableOptions options;
  options.target_column = endpoint.column;
  if (endpoint.benchmarked()) {
    options.split_column = "split";
    options.merge_duplicates = false;
  }
  return read_endpoint_data(folder + "/" + endpoint.file, options,
                            endpoint.benchmarked() ? TestRows::split_column : TestRows::none, seed, library);
}

std::vector<const chem::MolecularFeatures*> features_of(const scoring::MoleculeLibrary& library,
                                                        const std::vector<std::uint32_t>& molecules) {
  std::vector<const chem::MolecularFeatures*> out;
  for (const auto place : molecules) out.push_back(&library[place].features);
  return out;
}

}  // namespace theriac::cli
