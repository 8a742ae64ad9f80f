#include "generative/diversity.hpp"

#include <fmt/format.h>

#include "chem/scaffold.hpp"

namespace theriac::generative {

std::string DiversityFilter::bucket(const chem::Molecule& molecule) const {
  if (settings_.method == DiversityMethod::off) return {};
  if (settings_.method == DiversityMethod::murcko) {
    const std::string scaffold = chem::murcko_scaffold(molecule);
    return scaffold.empty() ? "no rings" : scaffold;
  }
  if (leaders_.size() > 0) {
    const auto nearest = leaders_.nearest(chem::morgan_fingerprint(molecule));
    if (nearest.similarity >= settings_.similarity) return fmt::format("cluster {}", nearest.index + 1);
  }
  return "new cluster";
}

bool DiversityFilter::full(const std::string& bucket) const {
  const auto found = counts_.find(bucket);
  return found != counts_.end() && found->second >= settings_.bucket;
}

std::string DiversityFilter::count(const chem::Molecule& molecule, double total) {
  std::string at = bucket(molecule);
  if (at.empty() || total < settings_.min_score) return at;
  if (settings_.method == DiversityMethod::similarity && at == "new cluster") {
    leaders_.add(chem::morgan_fingerprint(molecule));
    at = fmt::format("cluster {}", leaders_.size());
  }
  ++counts_[at];
  return at;
}

double internal_diversity(const std::vector<chem::Molecule>& molecules) {
  if (molecules.size() < 2) return 0;
  chem::FingerprintSet set;
  for (const auto& m : molecules) set.add(chem::morgan_fingerprint(m));
  double sum = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto row = set.tanimoto(set[i]);
    for (std::size_t j = i + 1; j < row.size(); ++j) sum += 1 - row[j];
  }
  const double n = static_cast<double>(molecules.size());
  return sum / (n * (n - 1) / 2);
}

std::vector<double> nearest_similarities(const std::vector<chem::Molecule>& molecules,
                                         const std::vector<chem::Molecule>& known) {
  chem::FingerprintSet set;
  for (const auto& m : known) set.add(chem::morgan_fingerprint(m));
  std::vector<double> out;
  for (const auto& m : molecules)
    out.push_back(known.empty() ? 0 : set.nearest(chem::morgan_fingerprint(m)).similarity);
  return out;
}

}  // namespace theriac::generative
