// How well affinities of unseen pairs, drugs and targets are predicted, beside what is simple.
//
// Baselines: `degree` is the mean of the drug plus the mean of the target less the mean of all; `ligand only`
// and `target only` the means of similar drugs or targets (weights s^12); `nearest neighbour` the value of
// the known pair with the largest product of similarities; `process` the Gaussian process alone (Kronecker
// ridge); `fingerprint network` a plain network on both sides' make-up (fingerprint_network.hpp).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/affinity_model.hpp"
#include "scoring/bootstrap.hpp"

namespace theriac::scoring {

enum class AffinitySplit {
  test_fold,        ///< the fixed test pairs of the table; all others train
  chosen_on_fold4,  ///< the test fold with the groups of features that fold 4 chooses, the others training
  related_pairs,    ///< five folds of pairs; those of one drug with targets of likeness 0.6 or more together
  validation_fold,  ///< fold 4; folds 0 to 3 train, and the test pairs are not touched
  new_drug,         ///< five folds of whole drugs
  new_target,       ///< five folds of whole targets; equal sequences stay together
  new_target_cluster,  ///< the same with targets of likeness 0.6 or more together
  both_new             ///< drugs of one fold against targets of one fold, neither in training
};
const char* to_text(AffinitySplit split);

struct AffinityMethod {
  std::string name;
  std::vector<double> predicted;
};

struct AffinityTrial {
  std::vector<double> observed;
  std::vector<std::size_t> unit;        ///< what is resampled: the pair, the drug or the target
  std::vector<AffinityMethod> methods;  ///< the model first
  std::vector<std::string> left_out;    ///< groups of features that were chosen away
  double coverage = 0, width = 0;       ///< of the model's 90 % intervals; NaN without them
};

struct AffinityFigure {
  Interval mse, ci;
};

/// `folds`: how many of the five are asked, for a quick look. Throws UsageError when the table lacks the
/// fold that is asked.
AffinityTrial affinity_trial(const datasets::AffinityTable& table, const FloatMatrix& drug_similarity,
                             const FloatMatrix& target_similarity, AffinitySplit split,
                             const AffinityFitOptions& options, int folds = 5);

/// 95 % percentile intervals; whole units are resampled.
AffinityFigure affinity_figure(const AffinityTrial& trial, const AffinityMethod& method,
                               const BootstrapOptions& options);

}  // namespace theriac::scoring
