#include "cli/ranking_figures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "repurpose/isotonic.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {

RankingFigures ranking_figures(const std::vector<double>& scores, const std::vector<double>& known) {
  using scoring::PropertyMetric;
  RankingFigures figures;
  figures.auroc = scoring::property_metric(PropertyMetric::auroc, known, scores);
  figures.average_precision = scoring::property_metric(PropertyMetric::average_precision, known, scores);
  figures.recall_50 = recall_among(scores, known, 50);
  figures.recall_100 = recall_among(scores, known, 100);
  return figures;
}

double recall_among(const std::vector<double>& scores, const std::vector<double>& known, std::size_t places) {
  const double all = std::accumulate(known.begin(), known.end(), 0.0);
  if (all == 0) return std::numeric_limits<double>::quiet_NaN();
  if (scores.size() <= places) return 1;
  auto sorted = scores;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(places - 1), sorted.end(),
                   std::greater<>());
  const double bar = sorted[places - 1];
  double above = 0, found = 0, ties = 0, known_ties = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > bar) {
      ++above;
      found += known[i];
    } else if (scores[i] == bar) {
      ++ties;
      known_ties += known[i];
    }
  }
  return (found + known_ties * (static_cast<double>(places) - above) / ties) / all;
}

MethodFigures method_figures(const std::string& method, const DrugRows& scores, const DrugRows& known) {
  MethodFigures figures;
  figures.method = method;
  for (std::size_t d = 0; d < scores.size(); ++d)
    figures.diseases.push_back(ranking_figures(scores[d], known[d]));
  const auto mean_of = [&](double RankingFigures::*field) {
    return scoring::bootstrap(figures.diseases.size(), [&](const scoring::Sample& sample) {
      double sum = 0;
      for (const auto d : sample) sum += figures.diseases[d].*field;
      return sum / static_cast<double>(sample.size());
    });
  };
  figures.auroc = mean_of(&RankingFigures::auroc);
  figures.average_precision = mean_of(&RankingFigures::average_precision);
  figures.recall_50 = mean_of(&RankingFigures::recall_50);
  figures.recall_100 = mean_of(&RankingFigures::recall_100);
  return figures;
}

CalibrationFigures calibration_figures(const DrugRows& logits, const DrugRows& known) {
  struct Pair {
    double probability, known;
  };
  std::vector<Pair> pairs;
  CalibrationFigures figures;
  for (std::size_t d = 0; d < logits.size(); ++d) {
    std::vector<double> scores, classes;
    for (std::size_t other = 0; other < logits.size(); ++other) {
      if (other == d) continue;
      scores.insert(scores.end(), logits[other].begin(), logits[other].end());
      classes.insert(classes.end(), known[other].begin(), known[other].end());
    }
    const auto calibration = repurpose::IsotonicCalibration::fit(scores, classes);
    for (std::size_t c = 0; c < logits[d].size(); ++c) {
      pairs.push_back({calibration.probability(logits[d][c]), known[d][c]});
      figures.brier += std::pow(pairs.back().probability - known[d][c], 2);
      figures.brier_prevalence += std::pow(calibration.prevalence() - known[d][c], 2);
    }
  }
  figures.brier /= static_cast<double>(pairs.size());
  figures.brier_prevalence /= static_cast<double>(pairs.size());
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.probability < b.probability; });
  std::size_t begin = 0;
  for (const double edge : {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.01}) {
    CalibrationFigures::Bin bin;
    for (; begin < pairs.size() && pairs[begin].probability < edge; ++begin) {
      bin.probability += pairs[begin].probability;
      bin.known += pairs[begin].known == 1;
      ++bin.pairs;
    }
    if (bin.pairs == 0) continue;
    bin.probability /= static_cast<double>(bin.pairs);
    bin.share = static_cast<double>(bin.known) / static_cast<double>(bin.pairs);
    figures.bins.push_back(bin);
  }
  return figures;
}

}  // namespace theriac::cli
