// The model card of a trained endpoint: what it was made of, how good it is beside simple rivals, and where
// its promises hold.
//
// After M. Mitchell et al., "Model cards for model reporting", FAccT (2019). The card computes every figure
// itself from predictions of molecules that the model had not seen, so that nothing in it can be quoted from
// elsewhere; intervals are 95 % percentile bootstraps over the molecules, differences are paired. A model
// that is not better than its rivals is said to be so in the first paragraph.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scoring/property_metrics.hpp"

namespace theriac::cli {

/// A rival's predictions of the same molecules, in the same order: "training mean", "nearest neighbour",
/// "random forest".
struct CardRival {
  std::string name;
  scoring::Values predicted;
};

/// One way of holding molecules out, with the predictions of every molecule while it was held out. Exact
/// values only: a bound (">10") has no error.
struct CardSplit {
  std::string name;   ///< "scaffold", "random", "time", "column split"
  std::string about;  ///< "5 folds of whole Bemis-Murcko scaffolds, seed 1"
  scoring::Values observed;
  scoring::Values predicted;  ///< in the unit of the endpoint; of classes the calibrated probability of 1
  scoring::Values low, high;  ///< prediction intervals; both empty for classes
  std::vector<std::string> classes;  ///< of classes the 90 % sets, "0", "1", "0|1", "none"; or empty
  scoring::Values
      similarity;  ///< Tanimoto similarity to the nearest molecule that was learned from; or empty
  std::vector<std::string> names;  ///< of the molecules, for the plots; or empty
  std::vector<CardRival> rivals;
};

struct EndpointCard {
  std::string name;       ///< "herg"
  std::string title;      ///< "block of the hERG channel"; empty: the name
  std::string unit;       ///< "" for classes
  std::string direction;  ///< "higher is better", "lower is better", or empty
  bool binary = false;

  std::string data_file, data_sha256, data_licence, data_source;
  std::int64_t molecules = 0;            ///< learned from by the final model
  std::int64_t positives = 0;            ///< of these in class 1
  std::vector<std::string> data_lines;   ///< what was read and left out: datasets::tally_lines
  double replicate_deviation = 0;        ///< of the assay, in the unit; 0 or NaN: not known
  std::vector<std::string> split_lines;  ///< what was checked against leaks: datasets::leak_line ...

  std::vector<CardSplit> splits;  ///< the strictest first: its predictions are drawn
  double nominal_coverage = 0.9;
  /// Similarities between which calibration and coverage are told apart; by default the borders of the
  /// verdicts out, edge and in (scoring/endpoint_model.hpp), and one more.
  scoring::Values similarity_edges = {0, 0.25, 0.45, 0.7, 1};
  /// Empty: MAE, RMSE, R2, Spearman; of classes AUROC, AUPRC, Brier, MCC. The first decides.
  std::vector<scoring::PropertyMetric> metrics;

  std::vector<std::pair<std::string, std::string>> model_facts;  ///< "trees", "3 x 1,000, depth 6" ...
  std::vector<std::string> limits;                               ///< sentences
  std::string command, date, version, licence;
  int resamples = 1000;
  std::uint64_t seed = 1;
};

/// The card as Markdown; it links the figures that `write_endpoint_card` makes. Throws UsageError when lists
/// of a split differ in length, or there is no split.
std::string endpoint_card_text(const EndpointCard& card);

/// Writes card.md and, beside it, observed.svg (numbers) or reliability.svg (classes) and similarity.svg
/// (when similarities are given). Makes the folder when it is missing. Throws StorageError.
void write_endpoint_card(const EndpointCard& card, const std::string& folder);

}  // namespace theriac::cli
