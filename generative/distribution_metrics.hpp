// How good a set of generated molecules is, by the metrics of the MOSES benchmark.
//
// D. Polykovskiy et al., Molecular Sets (MOSES), Front. Pharmacol. 11, 565644 (2020). The definitions are
// those of its program (molsets 0.3.1), which differ from the paper in places: see internal_diversity(). The
// values of one sample say little alone: put those of as many training molecules beside them (the ceiling),
// because most depend on the number of molecules.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "generative/molecule_sample.hpp"

namespace theriac::generative {

/// Valid records over all. NaN without records.
double valid_share(const MoleculeSample& sample);

/// Distinct SMILES among the first `k` valid ones, over the number of those. NaN when there is none.
double unique_share(const std::vector<SampleMember>& members, std::size_t k);

/// Distinct generated SMILES that do not occur in a training set, which streams by, so that its size does not
/// matter. As in MOSES, canonical SMILES are compared with the training strings as they are written.
class NoveltyCount {
 public:
  explicit NoveltyCount(const std::vector<SampleMember>& members);
  void see(const std::string& training_smiles);
  /// Over the distinct SMILES; NaN when there is none.
  double share() const;

 private:
  std::unordered_map<std::string, bool> seen_;  ///< never iterated over
  std::size_t known_ = 0;
};

struct InternalDiversity {
  double first = 0;   ///< 1 - mean Tanimoto over all ordered pairs, a molecule with itself included
  double second = 0;  ///< 1 - mean over molecules of the root of its mean squared Tanimoto
};
InternalDiversity internal_diversity(const chem::FingerprintSet& set);

/// Tanimoto similarity of each molecule to its nearest neighbour in the reference; their mean is SNN.
std::vector<double> nearest_in(const chem::FingerprintSet& reference, const chem::FingerprintSet& set);

/// Cosine of two count vectors: Frag and Scaf. NaN when either is empty.
double cosine_similarity(const SmilesCounts& a, const SmilesCounts& b);

/// Molecules without a filter hit over all.
double filters_share(const std::vector<SampleMember>& members);

/// NaN for an empty list.
double mean(const std::vector<double>& values);

/// A sample against one reference set. NaN: not defined or, for the Frechet distance, no activations.
struct ReferenceFigures {
  double snn = 0, fragments = 0, scaffolds = 0, frechet = 0;
  std::vector<double> nearest;  ///< similarity of each molecule to its nearest neighbour
};

/// All metrics of a sample but those that need the training set.
struct DistributionFigures {
  double valid = 0, unique_1k = 0, unique_10k = 0, filters = 0;
  InternalDiversity diversity;
  double log_p = 0, sa = 0, qed = 0, weight = 0;  ///< Wasserstein-1 to the first reference set
  std::vector<ReferenceFigures> references;       ///< in the order given
};

/// `references` is not empty. What the steps took is added to the sample's times.
DistributionFigures distribution_figures(MoleculeSample& sample,
                                         const std::vector<const SetStatistics*>& references);

}  // namespace theriac::generative
