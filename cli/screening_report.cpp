#include "cli/screening_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/figure.hpp"
#include "cli/screening_figures.hpp"
#include "cli/text_table.hpp"
#include "scoring/enrichment.hpp"

namespace theriac::cli {
namespace {

using scoring::Interval;
using scoring::ScreenRanking;

std::string text_of(const Interval& interval) {
  const auto number = [](double value) {
    return fmt::format("{:.3f}", std::abs(value) < 0.0005 ? 0.0 : value);  // no -0.000
  };
  if (std::isnan(interval.low)) return number(interval.value);
  return fmt::format("{} ({} to {})", number(interval.value), number(interval.low), number(interval.high));
}

std::vector<std::vector<std::string>> table_of(const std::vector<ScreeningFigures>& lines) {
  std::vector<std::vector<std::string>> table = {{"set", "ranked by", "actives", "decoys"}};
  for (const char* name : screening_figure_names) table[0].push_back(name);
  for (const auto& line : lines) {
    table.push_back({line.set, line.method, fmt::format("{}", line.actives), fmt::format("{}", line.decoys)});
    for (const auto& figure : line.figures) table.back().push_back(text_of(figure));
  }
  return table;
}

nlohmann::ordered_json json_of(const std::vector<ScreeningFigures>& lines) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& line : lines) {
    nlohmann::ordered_json object = {
        {"set", line.set}, {"method", line.method}, {"actives", line.actives}, {"decoys", line.decoys}};
    for (std::size_t k = 0; k < line.figures.size(); ++k)
      object[screening_figure_names[k]] = {
          {"value", line.figures[k].value}, {"low", line.figures[k].low}, {"high", line.figures[k].high}};
    json.push_back(std::move(object));
  }
  return json;
}

/// Share of actives found against share of the list looked at, averaged over sets.
Curve found_curve(const std::vector<RankedSet>& sets, std::size_t method, const std::string& name, int colour,
                  bool dashed) {
  std::vector<ScreenRanking> rankings;
  for (const auto& set : sets)
    if (method < set.methods.size()) rankings.emplace_back(set.methods[method].scores, set.active);
  Curve curve{name, {}, colour, dashed, 2};
  constexpr double first = 0.002, steps = 60;  // equally spaced on the logarithmic axis, up to the whole list
  for (double step = 0; step <= steps && !rankings.empty(); ++step) {
    const double share = std::min(1.0, first * std::pow(1 / first, step / steps));
    double sum = 0;
    for (const auto& ranking : rankings) sum += ranking.found(share);
    curve.points.emplace_back(100 * share, 100 * sum / static_cast<double>(rankings.size()));
  }
  return curve;
}

std::size_t method_of(const std::vector<RankedSet>& sets, const std::string& name) {
  for (const auto& set : sets)
    for (std::size_t m = 0; m < set.methods.size(); ++m)
      if (set.methods[m].name == name) return m;
  return 0;
}

Panel found_panel(const std::vector<RankedSet>& sets, const std::vector<RankedSet>& shared) {
  Panel panel{"Actives found, mean of the sets",
              {"share of the list looked at (%)", 0.2, 100, true},
              {"actives found (%)", 0, 100, false},
              {},
              {},
              {}};
  panel.legend_at_top_left = true;
  Curve chance{"chance", {}, 4, false, 1};
  for (double x = 0.2; x <= 100; x *= 1.1) chance.points.emplace_back(x, x);
  panel.curves.push_back(std::move(chance));
  const auto& docked = shared.empty() ? sets : shared;
  panel.curves.push_back(found_curve(docked, 0, "Theriac", 0, false));
  if (!shared.empty()) panel.curves.push_back(found_curve(shared, 1, "Vina, same molecules", 1, false));
  panel.curves.push_back(
      found_curve(sets, method_of(sets, "molecular weight alone"), "molecular weight alone", 2, true));
  return panel;
}

Panel set_panel(const std::vector<ScreeningFigures>& lines, const std::string& other) {
  Panel panel{"AUROC, set by set", {other, 0, 1, false}, {"Theriac", 0, 1, false}, {}, {}, {}};
  panel.curves.push_back({"", {{0, 0}, {1, 1}}, 4, false, 1});
  for (const auto& ours : lines) {
    if (ours.method != "Theriac") continue;
    for (const auto& theirs : lines)
      if (theirs.set == ours.set && theirs.method == other)
        panel.dots.push_back({theirs.figures[2].value, ours.figures[2].value,
                              fmt::format("{}: Theriac {:.2f}, {} {:.2f}", ours.set, ours.figures[2].value,
                                          other, theirs.figures[2].value),
                              0});
  }
  return panel;
}

std::string seconds_text(const std::string& who, const std::vector<ScreeningRow>& rows) {
  double wall = 0, cpu = 0, count = 0;
  for (const auto& row : rows) {
    if (!std::isfinite(row.wall_seconds)) continue;
    wall += row.wall_seconds;
    cpu += row.cpu_seconds;
    ++count;
  }
  return count == 0 ? ""
                    : fmt::format("- {}: {:.3g} s wall, {:.3g} s CPU, {:.0f} ligands\n", who, wall / count,
                                  cpu / count, count);
}

/// Vina's time over ours for the molecules that both have a row of.
std::string ratio_text(const std::vector<ScreeningRow>& rows, const std::vector<ScreeningRow>& vina) {
  std::map<std::pair<std::string, int>, const ScreeningRow*> ours;
  for (const auto& row : rows) ours[{row.set, row.row}] = &row;
  double wall = 0, cpu = 0, our_wall = 0, our_cpu = 0;
  for (const auto& row : vina) {
    const auto at = ours.find({row.set, row.row});
    if (at == ours.end() || !std::isfinite(row.wall_seconds)) continue;
    wall += row.wall_seconds;
    cpu += row.cpu_seconds;
    our_wall += at->second->wall_seconds;
    our_cpu += at->second->cpu_seconds;
  }
  if (our_wall == 0) return "";
  return fmt::format(
      "- the same molecules: Vina takes {:.3g} times the wall time and {:.3g} times the CPU time\n",
      wall / our_wall, cpu / our_cpu);
}

std::string failures_text(const std::string& who, const std::vector<ScreeningRow>& rows) {
  std::string text;
  for (const auto& row : rows)
    if (row.status != "ok") text += fmt::format("- {}, {} {}: {}\n", who, row.set, row.id, row.message);
  return text;
}

std::string markdown(const std::vector<ScreeningRow>& rows, const std::vector<ScreeningRow>& vina,
                     const ScreeningReportHead& head, const std::vector<ScreeningFigures>& lines,
                     const std::vector<ScreeningFigures>& compared) {
  std::string text = "# Screening: actives among presumed decoys\n\n";
  text += fmt::format(
      "Docking at exhaustiveness {:g} and, on the same molecules, plain properties, the larger the "
      "better.\n\n",
      head.exhaustiveness);
  text += markdown_table(table_of(mean_figures(lines)), 2) +
          "\n![Actives found, and AUROC set by set](screening.svg)\n";
  if (const auto beyond = figures_beside_size(lines); !beyond.empty())
    text +=
        "\n## Beside heavy atoms alone\n\nMean over the sets of what each ranking gains over the number of "
        "heavy atoms on the same molecules.\n\n" +
        markdown_table(table_of(beyond), 2);
  if (!compared.empty()) {
    text += fmt::format("\n## Beside Vina {}, exhaustiveness {}, on the molecules that both docked\n\n",
                        head.vina_version, head.vina_exhaustiveness);
    text +=
        markdown_table(table_of(mean_figures(compared)), 2) + '\n' + markdown_table(table_of(compared), 2);
  }
  text += "\n## Set by set\n\n" + markdown_table(table_of(lines), 2);
  text += fmt::format(
      "\nIn brackets: 95 % bootstrap intervals, of a set from {} resamples of its actives and of its decoys, "
      "of a mean from "
      "10,000 resamples of the sets. BEDROC with alpha 20. A molecule without a score ranks last. Decoys are "
      "presumed "
      "inactive, not measured. EF1 % cannot exceed the ratio of all molecules to actives.\n",
      screening_resamples);
  text += "\nTime per ligand:\n\n" + seconds_text("Theriac (embedding and grids included)", rows) +
          seconds_text("Vina " + head.vina_version + " (its process alone)", vina) + ratio_text(rows, vina);
  text += fmt::format("\nMeasured on {}.\n", head.conditions.text());
  for (const auto& set : head.without_box)
    text += fmt::format("\n{} has no box: docked into the best pocket.\n", set);
  const std::string failures = failures_text("Theriac", rows) + failures_text("Vina", vina);
  return text + (failures.empty() ? "" : "\nFailed:\n\n" + failures);
}

}  // namespace

ScreeningReport screening_report(const std::vector<ScreeningRow>& rows, const std::vector<ScreeningRow>& vina,
                                 const ScreeningReportHead& head) {
  std::vector<RankedSet> sets;
  std::vector<ScreeningFigures> lines, compared;
  for (const auto& [name, members] : by_set(rows)) sets.push_back(ranked_set(name, members));
  for (const auto& set : sets)
    for (auto& line : figures_of_set(set, false)) lines.push_back(std::move(line));
  const std::vector<RankedSet> shared = shared_sets(rows, vina);
  for (const auto& set : shared)
    for (auto& line : figures_of_set(set, true)) compared.push_back(std::move(line));

  ScreeningReport report;
  report.markdown = markdown(rows, vina, head, lines, compared);
  auto table = table_of(mean_figures(lines));
  if (!compared.empty()) {
    const auto more = table_of(mean_figures(compared));
    table.push_back({"", "on Vina's molecules:"});
    table.insert(table.end(), more.begin() + 1, more.end());
  }
  std::vector<TextColumn> titles;
  for (const auto& cell : table.front()) titles.push_back({cell, titles.size() > 1});
  report.text = text_table(titles, {table.begin() + 1, table.end()});
  nlohmann::ordered_json json = {{"schema", "theriac.bench/1"}, {"benchmark", "screening"}};
  for (const auto& [name, value] : head.conditions.settings()) json["conditions"][name] = value;
  json["sets"] = json_of(lines);
  json["means"] = json_of(mean_figures(lines));
  json["beside_heavy_atoms"] = json_of(figures_beside_size(lines));
  json["with_vina"] = json_of(compared);
  report.json = json.dump(2) + '\n';
  const bool with_vina = !compared.empty();
  report.figure =
      svg_figure({found_panel(sets, shared),
                  set_panel(with_vina ? compared : lines, with_vina ? "Vina" : "molecular weight alone")},
                 fmt::format("Screening of {} sets: actives found, and AUROC set by set", sets.size()));
  return report;
}

}  // namespace theriac::cli
