#include "repurpose/ligand_similarity.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "chem/error.hpp"
#include "chem/molecule.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;

constexpr double pi = 3.14159265358979323846;
constexpr double euler_gamma = 0.5772157;
// raw score against n random drugs: mean a n^b, deviation c n^d
constexpr double mean_factor = 0.00319, mean_power = 1.014;
constexpr double deviation_factor = 0.02205, deviation_power = 0.694;

std::optional<chem::Fingerprint> fingerprint_of(std::string_view smiles) {
  if (smiles.empty()) return std::nullopt;
  try {
    return chem::morgan_fingerprint(chem::Molecule::from_smiles(std::string(smiles)));
  } catch (const MoleculeError&) {
    return std::nullopt;  // the store recorded it when it was built
  }
}

/// One ligand more.
void add(EnsembleSimilarity& similarity, std::uint32_t ligand, double tanimoto) {
  ++similarity.ligands;
  if (tanimoto >= sea_threshold) similarity.raw += tanimoto;
  if (tanimoto > similarity.nearest_similarity) {
    similarity.nearest_similarity = tanimoto;
    similarity.nearest = ligand;
  }
}

bool allowed(const std::vector<datasets::LicenceClass>& licences, datasets::LicenceClass licence) {
  return licences.empty() || std::find(licences.begin(), licences.end(), licence) != licences.end();
}

}  // namespace

double expected_score(std::size_t ligands) {
  return mean_factor * std::pow(static_cast<double>(ligands), mean_power);
}

double score_deviation(std::size_t ligands) {
  return deviation_factor * std::pow(static_cast<double>(ligands), deviation_power);
}

double extreme_value_p(double z) {
  const double x = std::exp(-z * pi / std::sqrt(6.0) - euler_gamma);
  return -std::expm1(-x);
}

LigandEnsembles::LigandEnsembles(const Store& store, const std::vector<datasets::LicenceClass>& licences) {
  const auto& smiles = store.entities(EntityKind::drug).text("smiles");
  const std::size_t drugs = store.entities(EntityKind::drug).size();
  std::vector<std::optional<chem::Fingerprint>> found(drugs);
  tbb::parallel_for(std::size_t{0}, std::min(drugs, smiles.size()),
                    [&](std::size_t drug) { found[drug] = fingerprint_of(smiles[drug]); });
  row_of_drug_.assign(drugs, -1);
  for (std::size_t drug = 0; drug < drugs; ++drug) {
    if (!found[drug]) continue;
    row_of_drug_[drug] = static_cast<std::int64_t>(fingerprints_.size());
    drug_of_row_.push_back(static_cast<std::uint32_t>(drug));
    fingerprints_.add(*found[drug]);
  }
  ligands_.resize(store.entities(EntityKind::target).size());
  const auto& binds = store.links(LinkKind::binds);
  for (std::size_t i = 0; i < binds.size(); ++i)
    if (row_of_drug_[binds.from[i]] >= 0 && allowed(licences, store.sources()[binds.source[i]].licence_class))
      ligands_[binds.to[i]].push_back(binds.from[i]);
  for (auto& each : ligands_) {
    each.erase(std::unique(each.begin(), each.end()), each.end());  // sorted by drug already
    ensembles_ += !each.empty();
  }
}

void LigandEnsembles::finish(EnsembleSimilarity& similarity) const {
  if (similarity.ligands == 0) return;
  similarity.z = (similarity.raw - expected_score(similarity.ligands)) / score_deviation(similarity.ligands);
  similarity.p = extreme_value_p(similarity.z);
  similarity.e = similarity.p * static_cast<double>(ensembles_);
}

std::vector<std::pair<std::uint32_t, EnsembleSimilarity>> LigandEnsembles::drugs_like_ligands(
    std::uint32_t target) const {
  std::vector<std::pair<std::uint32_t, EnsembleSimilarity>> out(
      ligands_[target].empty() ? 0 : fingerprints_.size());
  for (std::size_t row = 0; row < out.size(); ++row) {
    out[row].first = drug_of_row_[row];
    out[row].second.target = target;
  }
  for (const auto ligand : ligands_[target]) {
    const auto similar = fingerprints_.tanimoto(fingerprints_[row_of(ligand)]);
    for (std::size_t row = 0; row < out.size(); ++row)
      if (drug_of_row_[row] != ligand) add(out[row].second, ligand, similar[row]);
  }
  for (auto& each : out) finish(each.second);
  out.erase(std::remove_if(out.begin(), out.end(), [](const auto& each) { return each.second.ligands == 0; }),
            out.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second.e < b.second.e; });
  return out;
}

std::vector<EnsembleSimilarity> LigandEnsembles::targets_of(const chem::Fingerprint& molecule,
                                                            const std::vector<std::uint32_t>& targets) const {
  const auto similar = fingerprints_.tanimoto(molecule);
  std::vector<EnsembleSimilarity> out;
  for (const auto target : targets) {
    if (ligands_[target].empty()) continue;
    EnsembleSimilarity similarity;
    similarity.target = target;
    for (const auto ligand : ligands_[target]) add(similarity, ligand, similar[row_of(ligand)]);
    finish(similarity);
    out.push_back(similarity);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.e < b.e; });
  return out;
}

}  // namespace theriac::repurpose
