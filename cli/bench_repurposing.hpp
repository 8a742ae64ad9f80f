// theriac bench repurposing: are the drugs of a disease found again when nothing says that they treat it?
//
// (a) Leave-disease-out. All links of a disease to drugs are hidden (those of its ancestors and descendants
// too), from its own features and from those of the diseases that weights, scales and penalty are learned
// from; then all candidate drugs are ranked for it. Mean over the diseases with enough known drugs of AUROC,
// AUPR (average precision) and recall among the first 50, with intervals that resample diseases; beside each
// single evidence line, the sum of six path counts that nobody learned, popularity and chance.
//
// (b) New indications, after Project Rephetio (D. S. Himmelstein et al., eLife 6, e26726 (2017)): weights are
// learned from Hetionet's treatments, and indications of other sources that are not among these are the
// positives, all other pairs the negatives.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"

namespace theriac::cli {

class Session;

struct RepurposingBenchOptions {
  std::string store, out;
  std::string links = "any";  ///< licences, as allowed_licences takes them
  std::string drugs;          ///< file of the ids of the candidates; empty: those Hetionet covers
  int min_known = 5;          ///< drugs of a disease that is judged
  int folds = 0;              ///< diseases are left out one by one, or in so many groups
};

/// How well known drugs stand at the top of one ranking.
struct RankingFigures {
  double auroc = 0, average_precision = 0, recall_50 = 0;
};
/// Ties share their places: recall counts the expected share of those that straddle place 50. NaN without
/// known drugs or when all are known.
RankingFigures ranking_figures(const std::vector<double>& scores, const std::vector<double>& known);

/// Scores of one method for the judged diseases, and what follows from them.
struct MethodFigures {
  std::string method;
  std::vector<RankingFigures> diseases;
  scoring::Interval auroc, average_precision, recall_50;  ///< mean over diseases
};
MethodFigures method_figures(const std::string& method, const std::vector<std::vector<double>>& scores,
                             const std::vector<std::vector<double>>& known);

/// Probabilities of pairs, each calibrated on the other diseases, against what is known.
struct CalibrationFigures {
  double brier = 0, brier_prevalence = 0;  ///< of the share of positives as the probability of every pair
  struct Bin {
    double probability = 0, share = 0;  ///< mean predicted, observed
    std::size_t pairs = 0, known = 0;
  };
  std::vector<Bin> bins;  ///< of rising probability
};
CalibrationFigures calibration_figures(const std::vector<std::vector<double>>& logits,
                                       const std::vector<std::vector<double>>& known);

/// One set of new indications.
struct NewIndicationFigures {
  std::string set, method;
  std::size_t pairs = 0, new_pairs = 0;
  double auroc = 0, average_precision = 0;
};

struct RepurposingFigures {
  std::vector<MethodFigures> methods;  ///< the learned ranking first
  std::vector<std::string> diseases;   ///< names of the judged ones
  std::vector<std::size_t> known;      ///< drugs of each
  CalibrationFigures calibration;
  std::vector<NewIndicationFigures> new_indications;
  std::string data, candidates, penalties;
  double seconds = 0;
};

/// Predicted against observed probability, as SVG.
std::string calibration_figure(const CalibrationFigures& calibration);

/// Writes `figures.csv`, `diseases.csv`, `calibration.csv`, `calibration.svg` and `repurposing.md` to the
/// folder and prints the last. Returns an exit code.
int bench_repurposing(const RepurposingBenchOptions& options, Session& session);
/// The page, in Markdown.
std::string repurposing_report(const RepurposingFigures& figures, const std::string& conditions);
void write_repurposing_tables(const RepurposingFigures& figures, const std::string& folder);

}  // namespace theriac::cli
