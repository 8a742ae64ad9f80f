#include "cli/screening_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/figure.hpp"
#include "cli/text_table.hpp"
#include "scoring/bootstrap.hpp"
#include "scoring/enrichment.hpp"

namespace theriac::cli {
namespace {

using scoring::Enrichment;
using scoring::Interval;
using scoring::Sample;
using scoring::ScreenRanking;

constexpr int resamples = 2000;
constexpr const char* size_alone = "heavy atoms alone";
constexpr std::array<const char*, 3> figure_names = {"EF1 %", "BEDROC", "AUROC"};

std::vector<double> figures_of(const Enrichment& e) {
  return {e.factor, e.bedroc, e.auroc};
}

/// Scores of one set by one method, higher is better.
struct Method {
  std::string name;
  std::vector<double> scores;
};

/// One set: its molecules, and every method that ranks them.
struct RankedSet {
  std::string name;
  std::vector<bool> active;
  std::vector<Method> methods;

  std::size_t actives() const {
    return static_cast<std::size_t>(std::count(active.begin(), active.end(), true));
  }
};

/// The figures of one method on one set, or of all sets on average.
struct MethodFigures {
  std::string set, method;
  std::size_t actives = 0, decoys = 0;
  std::vector<Interval> figures;  ///< as `figure_names`
};

std::string text_of(const Interval& interval) {
  const auto number = [](double value) {
    return fmt::format("{:.3f}", std::abs(value) < 0.0005 ? 0.0 : value);  // no -0.000
  };
  if (std::isnan(interval.low)) return number(interval.value);
  return fmt::format("{} ({} to {})", number(interval.value), number(interval.low), number(interval.high));
}

void add_method(RankedSet& set, const std::string& name, const std::vector<const ScreeningRow*>& rows,
                double (*score)(const ScreeningRow&)) {
  Method method{name, {}};
  for (const ScreeningRow* row : rows) method.scores.push_back(score(*row));
  set.methods.push_back(std::move(method));
}

/// Only where a scorer said anything.
void add_judged(RankedSet& set, const std::string& name, const std::vector<const ScreeningRow*>& rows,
                double (*score)(const ScreeningRow&)) {
  if (std::any_of(rows.begin(), rows.end(), [&](const auto* row) { return std::isfinite(score(*row)); }))
    add_method(set, name, rows, score);
}

RankedSet ranked(const std::string& name, const std::vector<const ScreeningRow*>& rows) {
  RankedSet set;
  set.name = name;
  for (const ScreeningRow* row : rows) set.active.push_back(row->active);
  add_method(set, "Theriac", rows, [](const ScreeningRow& row) { return -row.score; });
  // Y. Pan, N. Huang, S. Cho, A. D. MacKerell, J. Chem. Inf. Comput. Sci. 43, 267 (2003): by a root of the
  // size
  add_method(set, "Theriac, per root of heavy atoms", rows,
             [](const ScreeningRow& row) { return -row.score / std::sqrt(std::max(1, row.heavy_atoms)); });
  add_judged(set, "score of the most probable pose", rows,
             [](const ScreeningRow& row) { return -row.probable_score; });
  add_judged(set, "probability of the pose", rows, [](const ScreeningRow& row) { return row.probability; });
  add_judged(set, "pose affinity", rows, [](const ScreeningRow& row) { return row.pose_affinity; });
  add_judged(set, "pose affinity, size-corrected", rows,
             [](const ScreeningRow& row) { return row.pose_affinity_size_corrected; });
  add_judged(set, "CNN score", rows, [](const ScreeningRow& row) { return row.cnn_score; });
  add_judged(set, "CNN affinity", rows, [](const ScreeningRow& row) { return row.cnn_affinity; });
  add_judged(set, "CNN score x affinity", rows,
             [](const ScreeningRow& row) { return row.cnn_score * row.cnn_affinity; });
  add_judged(set, "CNN affinity, per root of heavy atoms", rows, [](const ScreeningRow& row) {
    return row.cnn_affinity / std::sqrt(std::max(1, row.heavy_atoms));
  });
  add_method(set, "molecular weight alone", rows,
             [](const ScreeningRow& row) { return row.molecular_weight; });
  add_method(set, size_alone, rows,
             [](const ScreeningRow& row) { return static_cast<double>(row.heavy_atoms); });
  add_method(set, "log P alone", rows, [](const ScreeningRow& row) { return row.clogp; });
  return set;
}

using RowKey = std::pair<std::string, int>;
using RowsBySet = std::vector<std::pair<std::string, std::vector<const ScreeningRow*>>>;

/// In the order in which the sets first appear; the rows of a set in the order of its file.
RowsBySet by_set(const std::vector<ScreeningRow>& rows) {
  RowsBySet sets;
  for (const auto& row : rows) {
    auto at = std::find_if(sets.begin(), sets.end(), [&](const auto& set) { return set.first == row.set; });
    if (at == sets.end()) at = sets.insert(sets.end(), {row.set, {}});
    at->second.push_back(&row);
  }
  for (auto& set : sets)
    std::sort(set.second.begin(), set.second.end(),
              [](const auto* a, const auto* b) { return a->row < b->row; });
  return sets;
}

/// The molecules that both engines have rows of, with both as methods, Theriac first.
std::vector<RankedSet> shared_sets(const std::vector<ScreeningRow>& rows,
                                   const std::vector<ScreeningRow>& vina) {
  std::map<RowKey, const ScreeningRow*> ours;
  for (const auto& row : rows) ours[{row.set, row.row}] = &row;
  std::vector<RankedSet> sets;
  for (const auto& [name, theirs] : by_set(vina)) {
    RankedSet set{name, {}, {{"Theriac", {}}, {"Vina", {}}}};
    for (const ScreeningRow* row : theirs) {
      const auto at = ours.find({name, row->row});
      if (at == ours.end()) continue;
      set.active.push_back(row->active);
      set.methods[0].scores.push_back(-at->second->score);
      set.methods[1].scores.push_back(-row->score);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

std::vector<Sample> strata(const RankedSet& set) {
  std::vector<Sample> both(2);
  for (std::size_t i = 0; i < set.active.size(); ++i) both[set.active[i] ? 0 : 1].push_back(i);
  return both;
}

/// Figures of every method of a set; with two methods also those of their difference, drawn together.
std::vector<MethodFigures> figures_of_set(const RankedSet& set, bool with_difference) {
  std::vector<ScreenRanking> rankings;
  for (const auto& method : set.methods) rankings.emplace_back(method.scores, set.active);
  scoring::BootstrapOptions options;
  options.resamples = resamples;
  const auto all = scoring::bootstrap_all(
      strata(set),
      [&](const Sample& sample) {
        std::vector<double> values;
        for (const auto& ranking : rankings)
          for (const double value : figures_of(ranking.enrichment(sample))) values.push_back(value);
        for (std::size_t k = 0; with_difference && k < 3; ++k) values.push_back(values[k] - values[3 + k]);
        return values;
      },
      options);
  std::vector<MethodFigures> out;
  for (std::size_t m = 0; 3 * m < all.size(); ++m) {
    const std::string name = m < set.methods.size() ? set.methods[m].name : "Theriac - Vina";
    out.push_back({set.name,
                   name,
                   set.actives(),
                   set.active.size() - set.actives(),
                   {all.begin() + static_cast<std::ptrdiff_t>(3 * m),
                    all.begin() + static_cast<std::ptrdiff_t>(3 * m + 3)}});
  }
  return out;
}

/// The mean over sets of each method, with an interval over sets; of a single set its own figures.
std::vector<MethodFigures> means(const std::vector<MethodFigures>& lines) {
  std::vector<MethodFigures> out;
  for (const auto& line : lines) {
    const auto known = [&](const MethodFigures& mean) { return mean.method == line.method; };
    if (std::any_of(out.begin(), out.end(), known)) continue;
    std::vector<const MethodFigures*> same;
    for (const auto& other : lines)
      if (other.method == line.method) same.push_back(&other);
    MethodFigures mean{"mean", line.method, 0, 0, {}};
    for (const auto* each : same) {
      mean.actives += each->actives;
      mean.decoys += each->decoys;
    }
    if (same.size() == 1) mean.figures = same.front()->figures;
    for (std::size_t k = 0; k < figure_names.size() && same.size() > 1; ++k)
      mean.figures.push_back(scoring::bootstrap(same.size(), [&](const Sample& sample) {
        double sum = 0;
        for (const auto i : sample) sum += same[i]->figures[k].value;
        return sum / static_cast<double>(sample.size());
      }));
    out.push_back(std::move(mean));
  }
  return out;
}

/// How much the figures of each method exceed those of heavy atoms alone, set by set; the mean over sets,
/// with an interval over sets. Nothing of a single set.
std::vector<MethodFigures> beside_size(const std::vector<MethodFigures>& lines) {
  std::vector<MethodFigures> out = means(lines);
  out.erase(
      std::remove_if(out.begin(), out.end(), [](const auto& line) { return line.method == size_alone; }),
      out.end());
  std::map<std::string, const MethodFigures*> by_size;
  for (const auto& line : lines)
    if (line.method == size_alone) by_size[line.set] = &line;
  if (by_size.size() < 2) return {};
  for (auto& mean : out) {
    std::vector<const MethodFigures*> same;
    for (const auto& line : lines)
      if (line.method == mean.method) same.push_back(&line);
    for (std::size_t k = 0; k < figure_names.size(); ++k)
      mean.figures[k] = scoring::bootstrap(same.size(), [&](const Sample& sample) {
        double sum = 0;
        for (const auto i : sample)
          sum += same[i]->figures[k].value - by_size.at(same[i]->set)->figures[k].value;
        return sum / static_cast<double>(sample.size());
      });
  }
  return out;
}

std::vector<std::vector<std::string>> table_of(const std::vector<MethodFigures>& lines) {
  std::vector<std::vector<std::string>> table = {{"set", "ranked by", "actives", "decoys"}};
  for (const char* name : figure_names) table[0].push_back(name);
  for (const auto& line : lines) {
    table.push_back({line.set, line.method, fmt::format("{}", line.actives), fmt::format("{}", line.decoys)});
    for (const auto& figure : line.figures) table.back().push_back(text_of(figure));
  }
  return table;
}

nlohmann::ordered_json json_of(const std::vector<MethodFigures>& lines) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& line : lines) {
    nlohmann::ordered_json object = {
        {"set", line.set}, {"method", line.method}, {"actives", line.actives}, {"decoys", line.decoys}};
    for (std::size_t k = 0; k < line.figures.size(); ++k)
      object[figure_names[k]] = {
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

Panel set_panel(const std::vector<MethodFigures>& lines, const std::string& other) {
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
  std::map<RowKey, const ScreeningRow*> ours;
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
                     const ScreeningReportHead& head, const std::vector<MethodFigures>& lines,
                     const std::vector<MethodFigures>& compared) {
  std::string text = "# Screening: actives among presumed decoys\n\n";
  text += fmt::format(
      "Docking at exhaustiveness {:g} and, on the same molecules, plain properties, the larger the "
      "better.\n\n",
      head.exhaustiveness);
  text +=
      markdown_table(table_of(means(lines)), 2) + "\n![Actives found, and AUROC set by set](screening.svg)\n";
  if (const auto beyond = beside_size(lines); !beyond.empty())
    text +=
        "\n## Beside heavy atoms alone\n\nMean over the sets of what each ranking gains over the number of "
        "heavy atoms on the same molecules.\n\n" +
        markdown_table(table_of(beyond), 2);
  if (!compared.empty()) {
    text += fmt::format("\n## Beside Vina {}, exhaustiveness {}, on the molecules that both docked\n\n",
                        head.vina_version, head.vina_exhaustiveness);
    text += markdown_table(table_of(means(compared)), 2) + '\n' + markdown_table(table_of(compared), 2);
  }
  text += "\n## Set by set\n\n" + markdown_table(table_of(lines), 2);
  text += fmt::format(
      "\nIn brackets: 95 % bootstrap intervals, of a set from {} resamples of its actives and of its decoys, "
      "of a mean from "
      "10,000 resamples of the sets. BEDROC with alpha 20. A molecule without a score ranks last. Decoys are "
      "presumed "
      "inactive, not measured. EF1 % cannot exceed the ratio of all molecules to actives.\n",
      resamples);
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
  std::vector<MethodFigures> lines, compared;
  for (const auto& [name, members] : by_set(rows)) sets.push_back(ranked(name, members));
  for (const auto& set : sets)
    for (auto& line : figures_of_set(set, false)) lines.push_back(std::move(line));
  const std::vector<RankedSet> shared = shared_sets(rows, vina);
  for (const auto& set : shared)
    for (auto& line : figures_of_set(set, true)) compared.push_back(std::move(line));

  ScreeningReport report;
  report.markdown = markdown(rows, vina, head, lines, compared);
  auto table = table_of(means(lines));
  if (!compared.empty()) {
    const auto more = table_of(means(compared));
    table.push_back({"", "on Vina's molecules:"});
    table.insert(table.end(), more.begin() + 1, more.end());
  }
  std::vector<TextColumn> titles;
  for (const auto& cell : table.front()) titles.push_back({cell, titles.size() > 1});
  report.text = text_table(titles, {table.begin() + 1, table.end()});
  nlohmann::ordered_json json = {{"schema", "theriac.bench/1"}, {"benchmark", "screening"}};
  for (const auto& [name, value] : head.conditions.settings()) json["conditions"][name] = value;
  json["sets"] = json_of(lines);
  json["means"] = json_of(means(lines));
  json["beside_heavy_atoms"] = json_of(beside_size(lines));
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
