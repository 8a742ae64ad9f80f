// How well known drugs stand at the top of rankings, and whether probabilities are what they say: the figures
// of theriac bench repurposing.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"

namespace theriac::cli {

/// Per disease and drug.
using DrugRows = std::vector<std::vector<double>>;

/// Of one disease.
struct RankingFigures {
  double auroc = 0, average_precision = 0, recall_50 = 0, recall_100 = 0;
};
/// Ties share their places: recall counts the expected share of those that straddle the last place. NaN
/// without known drugs or when all are known.
RankingFigures ranking_figures(const std::vector<double>& scores, const std::vector<double>& known);
/// Share of the known drugs (1 in `known`) among the first `places`.
double recall_among(const std::vector<double>& scores, const std::vector<double>& known, std::size_t places);

/// Scores of one method for the judged diseases, and what follows from them.
struct MethodFigures {
  std::string method;
  std::vector<RankingFigures> diseases;
  scoring::Interval auroc, average_precision, recall_50, recall_100;  ///< mean over diseases
};
MethodFigures method_figures(const std::string& method, const DrugRows& scores, const DrugRows& known);

/// Probabilities of pairs, each calibrated on the other diseases, against what is known.
struct CalibrationFigures {
  double brier = 0, brier_prevalence = 0;  ///< of the share of positives as the probability of every pair
  struct Bin {
    double probability = 0, share = 0;  ///< mean predicted, observed
    std::size_t pairs = 0, known = 0;
  };
  std::vector<Bin> bins;  ///< of rising probability
};
CalibrationFigures calibration_figures(const DrugRows& logits, const DrugRows& known);

}  // namespace theriac::cli
