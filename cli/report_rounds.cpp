#include "cli/report_rounds.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cli/report_plot.hpp"
#include "cli/report_table.hpp"

namespace theriac::cli {
namespace {

using kainjow::mustache::data;
using Object = kainjow::mustache::object;

/// A column by round; lines break where a stage begins, because its totals are of other objectives.
PlotSeries by_round(const std::string& name, const ReportTable& rounds, const std::string& column) {
  PlotSeries out;
  out.name = name;
  for (const std::size_t row : rounds.all()) {
    const bool begins = row > 0 && rounds.text(row, "stage") != rounds.text(row - 1, "stage");
    if (begins) {
      out.x.push_back(rounds.number(row, "round"));
      out.y.push_back(std::nan(""));
    }
    const bool empty = rounds.text(row, "docked") == "0" && rounds.number(row, "scored") == 0;
    out.x.push_back(rounds.number(row, "round"));
    out.y.push_back(empty ? std::nan("") : rounds.number(row, column));
  }
  return out;
}

}  // namespace

std::vector<Figure> round_figures(const RunReport& report) {
  std::vector<Figure> out;
  if (!report.rounds) return out;
  const ReportTable rounds(*report.rounds);
  std::vector<PlotMark> stages;
  for (const ReportStage& stage : report.stages)
    stages.push_back({stage.name, static_cast<double>(stage.first_round)});
  const std::string anew = stages.size() > 1 ? " Each stage begins anew with its own objectives." : "";
  PlotFrame frame;
  frame.title = "Total by round";
  frame.x_label = "round (0 is the starting set)";
  frame.y_label = "total (0 to 1)";
  out.push_back({line_plot(frame,
                           {by_round("best so far", rounds, "best_so_far"),
                            by_round("best", rounds, "best_total"), by_round("mean", rounds, "mean_total")},
                           stages),
                 "Combined desirability of the molecules docked in each round." + anew});
  if (report.front && std::isfinite(report.front->hypervolume)) {
    frame.title = "Pareto front by round";
    frame.y_label = "hypervolume (0 to 1)";
    out.push_back({line_plot(frame, {by_round("hypervolume", rounds, "hypervolume")}, stages),
                   "Share of the unit cube of desirabilities that is dominated by the front of all rounds so "
                   "far, from desirability 0 in every objective." +
                       anew});
  }
  frame.title = "Docking score by round";
  frame.y_label = "score (kcal/mol), lower is better";
  out.push_back(
      {line_plot(frame,
                 {by_round("best", rounds, "best_kcal_mol"), by_round("mean", rounds, "mean_kcal_mol")},
                 stages),
       "Docking effort of the loop throughout."});
  return out;
}

kainjow::mustache::data stage_rows(const RunReport& report) {
  data list{data::type::list};
  for (const ReportStage& stage : report.stages)
    list.push_back(Object{{"name", stage.name},
                          {"rounds", fmt::format("{} to {}", stage.first_round, stage.last_round)},
                          {"objectives", stage.objectives},
                          {"scored", std::to_string(stage.scored)},
                          {"docked", std::to_string(stage.docked)},
                          {"best_total", fmt::format("{:.3f}", stage.best_total)},
                          {"ending", stage.ending}});
  return list;
}

}  // namespace theriac::cli
