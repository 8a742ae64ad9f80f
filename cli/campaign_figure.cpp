#include "cli/campaign_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/figure.hpp"

namespace theriac::cli {
namespace {

using generative::RoundSummary;

template <typename Value>
Curve curve(const std::string& name, const std::vector<RoundSummary>& rounds, int colour, bool dashed,
            Value value) {
  Curve out;
  out.name = name;
  out.colour = colour;
  out.dashed = dashed;
  int stage = 0;
  for (const RoundSummary& r : rounds) {
    if (r.stage != stage) out.points.emplace_back(r.round, std::nan(""));  // the pen goes up
    stage = r.stage;
    if (r.docked + r.scored > 0) out.points.emplace_back(r.round, value(r));
  }
  return out;
}

void mark_stages(Panel& panel, const std::vector<generative::StageSummary>& stages) {
  const double from = panel.y.low, to = panel.y.high;
  for (const auto& stage : stages) {
    if (stage.name.empty()) continue;
    Curve line;
    line.colour = 4;
    line.dashed = true;
    line.width = 1;
    line.points = {{stage.first_round, from}, {stage.first_round, to}};
    panel.curves.push_back(line);
    panel.notes.push_back({static_cast<double>(stage.first_round), to - 0.05 * (to - from), stage.name});
  }
}

Axis round_axis(const std::vector<RoundSummary>& rounds) {
  return {"round (0: starting molecules)", 0, std::max(1.0, static_cast<double>(rounds.back().round))};
}

Panel totals(const std::vector<RoundSummary>& rounds, bool several_objectives) {
  Panel panel;
  panel.title = "combined desirability";
  panel.x = round_axis(rounds);
  panel.y = {"total, 0 to 1", 0, 1};
  panel.curves = {
      curve("best so far", rounds, 0, false, [](const RoundSummary& r) { return r.best_so_far; }),
      curve("best of the round", rounds, 2, true, [](const RoundSummary& r) { return r.best_total; }),
      curve("mean of the round", rounds, 4, false, [](const RoundSummary& r) { return r.mean_total; })};
  if (several_objectives) {
    panel.title = "desirability and hypervolume";
    panel.y.label = "total and hypervolume, 0 to 1";
    panel.curves.push_back(
        curve("hypervolume", rounds, 3, true, [](const RoundSummary& r) { return r.hypervolume; }));
  }
  return panel;
}

Panel scores(const std::vector<RoundSummary>& rounds, double reference) {
  Panel panel;
  panel.title = "docking score";
  panel.x = round_axis(rounds);
  double low = reference, high = reference;
  for (const RoundSummary& r : rounds)
    for (const double v : {r.best_affinity, r.mean_affinity}) {
      if (!(low <= v)) low = std::isnan(v) ? low : v;
      if (!(high >= v)) high = std::isnan(v) ? high : v;
    }
  panel.y = {"kcal/mol, lower is better", std::floor(low - 0.4 * (high - low)), std::ceil(high + 0.2)};
  panel.curves = {
      curve("best of the round", rounds, 2, true, [](const RoundSummary& r) { return r.best_affinity; }),
      curve("mean of the round", rounds, 4, false, [](const RoundSummary& r) { return r.mean_affinity; })};
  if (std::isfinite(reference)) {
    Curve line;
    line.name = "reference ligand";
    line.colour = 1;
    line.width = 1.5;
    line.points = {{panel.x.low, reference}, {panel.x.high, reference}};
    panel.curves.push_back(line);
  }
  return panel;
}

}  // namespace

std::string campaign_figure(const std::string& name, const std::vector<RoundSummary>& rounds,
                            double reference_affinity, bool several_objectives,
                            const std::vector<generative::StageSummary>& stages) {
  const bool any = std::any_of(rounds.begin(), rounds.end(),
                               [](const RoundSummary& r) { return r.docked + r.scored > 0; });
  if (!any) return svg_figure({}, name + ": nothing was docked");
  std::vector<Panel> panels{totals(rounds, several_objectives), scores(rounds, reference_affinity)};
  for (Panel& panel : panels) mark_stages(panel, stages);
  return svg_figure(panels, fmt::format("{}: combined desirability and docking score by round", name));
}

}  // namespace theriac::cli
