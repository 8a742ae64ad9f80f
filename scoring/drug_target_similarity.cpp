#include "scoring/drug_target_similarity.hpp"

#include <tbb/parallel_for.h>

#include <optional>

#include "chem/fingerprint.hpp"

namespace theriac::scoring {

DrugFingerprints::DrugFingerprints(const chem::Molecule& molecule)
    : counts_{chem::morgan_counts(molecule), chem::feature_morgan_counts(molecule),
              chem::atom_pair_counts(molecule)} {}

double DrugFingerprints::similarity(const DrugFingerprints& a, const DrugFingerprints& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.counts_.size(); ++k) sum += chem::tanimoto(a.counts_[k], b.counts_[k]);
  return sum / static_cast<double>(a.counts_.size());
}

std::vector<DrugFingerprints> drug_fingerprints(const std::vector<std::string>& smiles) {
  std::vector<std::optional<DrugFingerprints>> made(smiles.size());
  tbb::parallel_for(std::size_t{0}, smiles.size(),
                    [&](std::size_t i) { made[i].emplace(chem::Molecule::from_smiles(smiles[i])); });
  std::vector<DrugFingerprints> out;
  for (auto& one : made) out.push_back(std::move(*one));
  return out;
}

FloatMatrix drug_similarities(const std::vector<DrugFingerprints>& drugs) {
  FloatMatrix out(drugs.size(), drugs.size(), 1);
  tbb::parallel_for(std::size_t{0}, drugs.size(), [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j)
      out(i, j) = out(j, i) = static_cast<float>(DrugFingerprints::similarity(drugs[i], drugs[j]));
  });
  return out;
}

FloatMatrix target_similarities(const std::vector<std::string>& sequences) {
  const chem::SequenceSet set(sequences);
  FloatMatrix out(sequences.size(), sequences.size());
  std::vector<std::vector<std::pair<std::size_t, double>>> halves(sequences.size());
  tbb::parallel_for(std::size_t{0}, sequences.size(),
                    [&](std::size_t i) { halves[i] = set.likeness_half(i); });
  for (std::size_t i = 0; i < halves.size(); ++i)
    for (const auto& [j, likeness] : halves[i]) out(i, j) = out(j, i) = static_cast<float>(likeness);
  return out;
}

}  // namespace theriac::scoring
