#include "generative/property_divergence.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "chem/bulk_similarity.hpp"
#include "chem/descriptors.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"
#include "scoring/sample_distance.hpp"

namespace theriac::generative {
namespace {

constexpr int similarity_radius = 2, similarity_bits = 4096;
constexpr std::size_t similarity_property = divergence_property_count - 1;
constexpr std::size_t queries_per_task = 64;

/// All but the last, which needs the other molecules.
std::array<double, similarity_property> properties_of(const chem::Molecule& molecule) {
  const auto d = chem::descriptors(molecule);
  return {chem::bertz_complexity(molecule),
          d.clogp,
          d.molecular_weight,
          d.tpsa,
          static_cast<double>(d.hydrogen_bond_acceptors),
          static_cast<double>(d.hydrogen_bond_donors),
          static_cast<double>(d.rotatable_bonds),
          static_cast<double>(chem::ring_counts(molecule).aliphatic),
          static_cast<double>(d.aromatic_rings)};
}

std::vector<double> nearest_others(const std::vector<chem::Fingerprint>& fingerprints) {
  chem::FingerprintSet set(similarity_bits);
  for (const auto& fingerprint : fingerprints) set.add(fingerprint);
  const chem::BulkSimilarity bulk(set);
  std::vector<double> out(set.size());
  tbb::parallel_for(
      std::size_t{0}, (set.size() + queries_per_task - 1) / queries_per_task, [&](std::size_t task) {
        const chem::RowRange range{task * queries_per_task,
                                   std::min(set.size(), (task + 1) * queries_per_task)};
        const auto nearest = bulk.nearest_other(set, range);
        std::copy(nearest.begin(), nearest.end(), out.begin() + static_cast<std::ptrdiff_t>(range.begin));
      });
  return out;
}

}  // namespace

const std::array<DivergenceProperty, divergence_property_count>& divergence_properties() {
  static const std::array<DivergenceProperty, divergence_property_count> properties = {
      {{"BertzCT", false},
       {"MolLogP", false},
       {"MolWt", false},
       {"TPSA", false},
       {"NumHAcceptors", true},
       {"NumHDonors", true},
       {"NumRotatableBonds", true},
       {"NumAliphaticRings", true},
       {"NumAromaticRings", true},
       {"internal_similarity", false}}};
  return properties;
}

PropertyLists property_lists(const std::vector<std::string>& flat_smiles) {
  const std::size_t n = flat_smiles.size();
  PropertyLists lists;
  for (auto& list : lists) list.resize(n);
  std::vector<chem::Fingerprint> fingerprints(n);
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const auto molecule = chem::Molecule::from_smiles(flat_smiles[i]);
    const auto values = properties_of(molecule);
    for (std::size_t k = 0; k < values.size(); ++k) lists[k][i] = values[k];
    fingerprints[i] = chem::morgan_fingerprint(molecule, similarity_radius, similarity_bits);
  });
  lists[similarity_property] = nearest_others(fingerprints);
  return lists;
}

std::vector<std::string> distinct_flat_smiles(const std::vector<std::string>& smiles) {
  std::vector<std::string> flat(smiles.size());
  tbb::parallel_for(std::size_t{0}, smiles.size(), [&](std::size_t i) {
    flat[i] = chem::flat_smiles(chem::Molecule::from_smiles(smiles[i]));
  });
  std::unordered_set<std::string> seen;
  flat.erase(std::remove_if(flat.begin(), flat.end(),
                            [&](const std::string& each) { return !seen.insert(each).second; }),
             flat.end());
  return flat;
}

std::array<double, divergence_property_count> property_divergences(const PropertyLists& training,
                                                                   const PropertyLists& generated) {
  std::array<double, divergence_property_count> out{};
  tbb::parallel_for(std::size_t{0}, out.size(), [&](std::size_t k) {
    out[k] = divergence_properties()[k].counted ? scoring::histogram_divergence(training[k], generated[k])
                                                : scoring::density_divergence(training[k], generated[k]);
  });
  return out;
}

double kl_score(const std::array<double, divergence_property_count>& divergences) {
  double sum = 0;
  for (const double divergence : divergences) sum += std::exp(-divergence);
  return sum / static_cast<double>(divergences.size());
}

}  // namespace theriac::generative
