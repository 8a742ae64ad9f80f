// Rankings of the molecules of screening sets by docking, by judges and by plain properties, and how well
// each of them finds the actives.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cli/screening_row.hpp"
#include "scoring/bootstrap.hpp"

namespace theriac::cli {

constexpr int screening_resamples = 2000;  ///< of a set, for its intervals
constexpr std::array<const char*, 3> screening_figure_names = {"EF1 %", "BEDROC", "AUROC"};

/// Scores of one set by one method, higher is better.
struct RankingMethod {
  std::string name;
  std::vector<double> scores;
};

/// One set: its molecules, and every method that ranks them.
struct RankedSet {
  std::string name;
  std::vector<bool> active;
  std::vector<RankingMethod> methods;

  std::size_t actives() const {
    return static_cast<std::size_t>(std::count(active.begin(), active.end(), true));
  }
};

/// The figures of one method on one set, or of all sets on average.
struct ScreeningFigures {
  std::string set, method;
  std::size_t actives = 0, decoys = 0;
  std::vector<scoring::Interval> figures;  ///< as `screening_figure_names`
};

using RowsBySet = std::vector<std::pair<std::string, std::vector<const ScreeningRow*>>>;
/// In the order in which the sets first appear; the rows of a set in the order of its file.
RowsBySet by_set(const std::vector<ScreeningRow>& rows);

/// The rows of a set with every method that they have scores of.
RankedSet ranked_set(const std::string& name, const std::vector<const ScreeningRow*>& rows);
/// The molecules that both engines have rows of, with both as methods, Theriac first.
std::vector<RankedSet> shared_sets(const std::vector<ScreeningRow>& rows,
                                   const std::vector<ScreeningRow>& vina);

/// Figures of every method of a set; with two methods also those of their difference, drawn together.
std::vector<ScreeningFigures> figures_of_set(const RankedSet& set, bool with_difference);
/// The mean over sets of each method, with an interval over sets; of a single set its own figures.
std::vector<ScreeningFigures> mean_figures(const std::vector<ScreeningFigures>& lines);
/// How much the figures of each method exceed those of heavy atoms alone, set by set; the mean over sets,
/// with an interval over sets. Nothing of a single set.
std::vector<ScreeningFigures> figures_beside_size(const std::vector<ScreeningFigures>& lines);

}  // namespace theriac::cli
