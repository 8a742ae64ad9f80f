#include "cli/endpoint_rivals.hpp"

#include "scoring/random_forest.hpp"

namespace theriac::cli {
namespace {

constexpr int forest_bits = 2048;
constexpr std::size_t large_set = 3000;  // rows; from here on fewer trees do
constexpr int trees = 500, trees_of_large_set = 200;

chem::FingerprintSet forest_fingerprints(const scoring::MoleculeLibrary& library,
                                         const std::vector<std::uint32_t>& molecules) {
  chem::FingerprintSet out(forest_bits);
  for (const auto m : molecules)
    out.add(chem::morgan_fingerprint(chem::Molecule::from_smiles(library[m].smiles), 2, forest_bits));
  return out;
}

}  // namespace

EndpointRivals endpoint_rivals(const scoring::Endpoint& endpoint, const scoring::MoleculeLibrary& library,
                               const scoring::MeasuredSet& train, const std::vector<std::uint32_t>& asked,
                               std::uint64_t seed) {
  scoring::ForestOptions options;
  options.trees = train.size() > large_set ? trees_of_large_set : trees;
  options.classes = endpoint.kind == scoring::EndpointKind::probability;
  options.seed = seed;
  std::vector<float> targets;
  for (const float v : train.values) targets.push_back(static_cast<float>(scoring::model_scale(endpoint, v)));
  const scoring::RandomForest forest(forest_fingerprints(library, train.molecules), targets, options);
  const auto bits = forest_fingerprints(library, asked);
  chem::FingerprintSet known(scoring::MoleculeLibrary::fingerprint_bits);
  for (const auto m : train.molecules) known.add(library.fingerprints()[m]);
  const double mean = scoring::mean({train.values.begin(), train.values.end()});
  EndpointRivals out;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    out.mean.push_back(mean);
    out.forest.push_back(scoring::natural_scale(endpoint, forest.predict(bits[i])));
    out.neighbour.push_back(train.values[known.nearest(library.fingerprints()[asked[i]]).index]);
  }
  return out;
}

}  // namespace theriac::cli
