// Learning the classes of peptides (peptide_classes.hpp), and saying honestly how well that works.
//
// Published sets are full of families that differ in a residue or two, so a random split measures memory.
// Here peptides that share half of the three-residue words of the shorter one stand on one side (single
// linkage).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "scoring/peptide_classes.hpp"

namespace theriac::scoring {

struct PeptideLearningSet {
  PeptideClass about;  ///< name, meaning, direction, data, licence
  std::vector<std::string> peptides;
  std::vector<int> labels;          ///< 0 or 1
  std::vector<std::string> splits;  ///< the authors' "model" or "validation"; empty where there are none
  std::size_t left_out = 0;         ///< rows with other letters, copies, or both labels
};

/// Keeps a peptide once, and not at all when it has both labels or letters beside the twenty.
PeptideLearningSet cleaned(PeptideLearningSet set);

/// A number per peptide, equal for relatives.
std::vector<std::size_t> peptide_families(const std::vector<std::string>& peptides);

struct PeptideTrainingOptions {
  int trees = 500, depth = 5, folds = 5;
  double column_share = 0.2;
  std::uint64_t seed = 1;
};

/// How the model does on peptides that it has not seen.
struct PeptideJudgement {
  std::vector<std::size_t> rows;  ///< of the set, those that were judged
  std::vector<double> log_odds, probability, baseline;
  std::size_t largest_family = 0, families = 0;
  Interval auroc, baseline_auroc;
  double calibration_error = 0;
};

/// Families held out fold by fold.
PeptideJudgement cross_validated(const PeptideLearningSet& set, const PeptideBins& bins,
                                 const PeptideTrainingOptions& options);
/// Every peptide for itself: how most published figures were made. Flatters.
PeptideJudgement randomly_split(const PeptideLearningSet& set, const PeptideBins& bins,
                                const PeptideTrainingOptions& options);
/// The authors' own split. Throws UsageError when the set has none.
PeptideJudgement on_authors_split(const PeptideLearningSet& set, const PeptideBins& bins,
                                  const PeptideTrainingOptions& options);

/// Trained on all of the set, calibrated by `judged`. Throws UsageError with fewer than 50 peptides or one
/// label only.
PeptideClass trained_class(const PeptideLearningSet& set, const PeptideBins& bins,
                           const PeptideJudgement& judged, const PeptideTrainingOptions& options);

/// Borders from all peptides of the sets.
PeptideBins bins_of(const std::vector<PeptideLearningSet>& sets);

}  // namespace theriac::scoring
