#include "cli/endpoint_data.hpp"

#include <set>

#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

void append(scoring::MeasuredSet& set, std::uint32_t molecule, const datasets::Measurement& row) {
  set.molecules.push_back(molecule);
  set.values.push_back(static_cast<float>(row.value));
  set.bounds.push_back(static_cast<scoring::Bound>(row.bound));
}

}  // namespace

EndpointData read_endpoint_data(const std::string& folder, const scoring::Endpoint& endpoint,
                                scoring::MoleculeLibrary& library) {
  const std::string path = folder + "/" + endpoint.file;
  datasets::PropertyTableOptions options;
  options.target_column = endpoint.column;
  if (endpoint.benchmarked()) {
    options.split_column = "split";
    options.merge_duplicates = false;
  }
  const auto table = datasets::read_property_table(path, options);
  EndpointData out;
  out.tallies = table.tallies;
  out.sha256 = datasets::sha256_of_file(path);
  std::vector<std::string> parents;
  std::set<std::string> test_skeletons;
  for (const auto& row : table.rows) {
    parents.push_back(row.smiles);
    if (row.split == "test") test_skeletons.insert(row.skeleton);
  }
  const auto places = library.add(parents);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (places[i] == scoring::MoleculeLibrary::unknown) continue;
    if (row.split == "test") {
      append(out.test, places[i], row);
    } else if (test_skeletons.count(row.skeleton)) {
      ++out.copies_of_test;
    } else {
      append(out.train, places[i], row);
      out.positives += row.value > 0.5;
    }
  }
  return out;
}

std::vector<const chem::MolecularFeatures*> features_of(const scoring::MoleculeLibrary& library,
                                                        const std::vector<std::uint32_t>& molecules) {
  std::vector<const chem::MolecularFeatures*> out;
  for (const auto place : molecules) out.push_back(&library[place].features);
  return out;
}

}  // namespace theriac::cli
