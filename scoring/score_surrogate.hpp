// A quick guess of docking scores, learned from molecules that were docked, for libraries too large to dock.
//
// Dock a sample, learn from its scores, dock what the model ranks best, learn again: F. Gentile et al., ACS
// Cent. Sci. 6, 939 (2020) (Deep Docking); D. E. Graff, E. I. Shakhnovich, C. W. Coley, Chem. Sci. 12, 7866
// (2021), whose measure, the share found of the library's true best 1 %, is used here. The model is that of
// property prediction: boosted trees on counts of small pieces and descriptors (molecular_features.hpp).
#pragma once
#include <cstdint>
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/molecular_features.hpp"
#include "scoring/boosted_trees.hpp"
#include "scoring/feature_bins.hpp"

namespace theriac::scoring {

using FeatureList = std::vector<const chem::MolecularFeatures*>;

class ScoreSurrogate {
 public:
  /// `scores` in kcal/mol, one per molecule. Throws UsageError without molecules or when the lengths differ.
  ScoreSurrogate(const FeatureList& molecules, const std::vector<float>& scores, int trees = 300,
                 std::uint64_t seed = 1);

  /// kcal/mol, lower is better; on all threads.
  std::vector<float> predict(const FeatureList& molecules) const;

 private:
  FeatureBins bins_;
  BoostedTrees trees_;
};

/// How the next molecules to dock are chosen.
enum class Choosing {
  surrogate,   ///< the best by a model of all scores so far
  similarity,  ///< those most similar to one of the best so far
  random,
  heaviest,  ///< those with most heavy atoms, from the first round on: how much of a score is size
};

/// A library whose scores are all known, to find out how many of its best would be found.
struct DockedLibrary {
  FeatureList features;
  const chem::FingerprintSet* fingerprints = nullptr;
  std::vector<float> scores;     ///< kcal/mol
  std::vector<int> heavy_atoms;  ///< needed for `heaviest` alone
};

struct SurrogateTrial {
  double docked = 0.1;  ///< share of the library that is docked in all
  int rounds = 5;       ///< equally large; the first is drawn at random
  double best = 0.01;   ///< share of the library that is looked for
  int references = 20;  ///< of the best so far, for similarity
  int trees = 300;
  std::uint64_t seed = 1;  ///< of the draw
};

/// The share found of the library's best. Throws UsageError when a round would be empty.
double recall_of_best(const DockedLibrary& library, Choosing choosing, const SurrogateTrial& trial);

}  // namespace theriac::scoring
