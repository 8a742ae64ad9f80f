// theriac bench repurposing: are the drugs of a disease found again when nothing says that they treat it?
//
// (a) Leave-disease-out. All links of a disease to drugs are hidden (those of its ancestors and descendants
// too), from its own features and from those of the diseases that weights, scales and penalty are learned
// from; then all candidate drugs are ranked for it. Mean over the diseases with enough known drugs of AUROC,
// AUPR (average precision) and recall among the first 50, with intervals that resample diseases; beside each
// single evidence line, the sum of six path counts that nobody learned, popularity and chance.
//
// (b) New indications (cli/new_indications.hpp): weights are learned from Hetionet's treatments, and
// indications of other sources that are not among these are the positives.
//
// (d) Whole areas of medicine left out (cli/bench_disease_areas.hpp), with --areas, in place of (a) and (b).
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "cli/new_indications.hpp"
#include "cli/ranking_figures.hpp"

namespace theriac::cli {

class Session;

struct RepurposingBenchOptions {
  std::string store, out;
  std::string links = "any";   ///< licences, as allowed_licences takes them
  std::string drugs;           ///< file of the ids of the candidates; empty: those Hetionet covers
  int min_known = 5;           ///< drugs of a disease that is judged
  int folds = 0;               ///< diseases are left out one by one, or in so many groups
  std::string areas;           ///< table of areas to leave out instead, as read_disease_areas takes it
  double hidden_links = 0.05;  ///< share of the other links of a disease of an area that are left out
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
