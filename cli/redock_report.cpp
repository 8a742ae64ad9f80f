#include "cli/redock_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "cli/figure.hpp"
#include "cli/text_table.hpp"

namespace theriac::cli {
namespace {

using scoring::Interval;
using scoring::Sample;
using Engine = RedockResult RedockRow::*;
using Value = double RedockResult::*;

constexpr double within = 2.0;  // angstrom

bool hit(const RedockRow& row, Engine engine, Value rmsd, double threshold) {
  return (row.*engine).ran && (row.*engine).*rmsd <= threshold;
}

std::string percent(const Interval& share) {
  return fmt::format("{:.1f} % ({:.1f} to {:.1f})", 100 * share.value, 100 * share.low, 100 * share.high);
}

std::string points(const Interval& difference) {
  return fmt::format("{:+.1f} points ({:+.1f} to {:+.1f})", 100 * difference.value, 100 * difference.low,
                     100 * difference.high);
}

std::string times(const Interval& ratio) {
  return fmt::format("{:.3g}x ({:.3g} to {:.3g})", ratio.value, ratio.low, ratio.high);
}

std::string duration(const Interval& seconds) {
  return fmt::format("{:.3g} s ({:.3g} to {:.3g})", seconds.value, seconds.low, seconds.high);
}

/// The figures of one set of rows, each with its interval.
class RedockFigures {
 public:
  explicit RedockFigures(const std::vector<RedockRow>& rows) : rows_(rows) {
    for (const auto& row : rows)
      if (row.theriac.ran && row.vina.ran) both_.push_back(&row);
  }

  std::size_t compared() const { return both_.size(); }

  Interval lead(Value rmsd) const {
    return scoring::bootstrap(rows_.size(), [&](const Sample& sample) {
      double sum = 0;
      for (const auto i : sample)
        sum +=
            hit(rows_[i], &RedockRow::theriac, rmsd, within) - hit(rows_[i], &RedockRow::vina, rmsd, within);
      return sum / static_cast<double>(sample.size());
    });
  }

  Interval median_time(Engine engine, Value time) const {
    std::vector<double> values;
    for (const auto& row : rows_)
      if ((row.*engine).ran) values.push_back((row.*engine).*time);
    return of_values(values, scoring::median);
  }

  /// Vina's time over ours, complex by complex.
  Interval ratio(Value time, double (*figure)(std::vector<double>)) const {
    std::vector<double> ratios;
    for (const RedockRow* row : both_) ratios.push_back(row->vina.*time / (row->theriac.*time));
    return of_values(ratios, figure);
  }

  /// Ligands per second over ligands per second: total times compared.
  Interval throughput_ratio(Value time) const {
    return scoring::bootstrap(both_.size(), [&](const Sample& sample) {
      double ours = 0, theirs = 0;
      for (const auto i : sample) {
        ours += both_[i]->theriac.*time;
        theirs += both_[i]->vina.*time;
      }
      return theirs / ours;
    });
  }

 private:
  static Interval of_values(const std::vector<double>& values, double (*figure)(std::vector<double>)) {
    return scoring::bootstrap(values.size(), [&](const Sample& sample) {
      std::vector<double> drawn;
      for (const auto i : sample) drawn.push_back(values[i]);
      return figure(std::move(drawn));
    });
  }

  const std::vector<RedockRow>& rows_;
  std::vector<const RedockRow*> both_;
};

double geometric(std::vector<double> values) {
  return scoring::geometric_mean(values);
}

/// Lines of the table and the same figures for programs.
struct Lines {
  bool with_vina = false;
  std::vector<std::vector<std::string>> table;
  nlohmann::ordered_json json;

  void add(const std::string& title, const std::string& ours, const std::string& theirs,
           const std::string& compared) {
    if (with_vina)
      table.push_back({title, ours, theirs, compared});
    else
      table.push_back({title, ours});
  }
  void keep(const std::string& name, const Interval& interval) {
    json[name] = {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
  }
};

void add_success(Lines& lines, const std::vector<RedockRow>& rows, const RedockFigures& figures) {
  const std::vector<std::pair<const char*, Value>> ranks = {{"top-1", &RedockResult::rmsd_top1},
                                                            {"top-3", &RedockResult::rmsd_top3},
                                                            {"top-9", &RedockResult::rmsd_top9}};
  for (const auto& [name, rmsd] : ranks) {
    const Interval ours = success(rows, &RedockRow::theriac, rmsd),
                   theirs = success(rows, &RedockRow::vina, rmsd);
    lines.add(fmt::format("{} within 2 Å", name), percent(ours), percent(theirs), points(figures.lead(rmsd)));
    lines.keep(fmt::format("theriac_{}", name), ours);
    if (!lines.with_vina) continue;
    lines.keep(fmt::format("vina_{}", name), theirs);
    lines.keep(fmt::format("lead_{}", name), figures.lead(rmsd));
  }
}

void add_times(Lines& lines, const RedockFigures& figures) {
  struct Kind {
    const char *title, *name;
    Value seconds;
  };
  for (const auto& [title, name, time] :
       {Kind{"wall", "wall", &RedockResult::wall_seconds}, Kind{"CPU", "cpu", &RedockResult::cpu_seconds}}) {
    const Interval ours = figures.median_time(&RedockRow::theriac, time);
    const Interval theirs = figures.median_time(&RedockRow::vina, time);
    lines.keep(fmt::format("theriac_{}_s", name), ours);
    if (!lines.with_vina) {
      lines.add(fmt::format("{} time per ligand, median", title), duration(ours), "", "");
      continue;
    }
    const Interval middle = figures.ratio(time, scoring::median),
                   geometric_ratio = figures.ratio(time, geometric);
    const Interval throughput = figures.throughput_ratio(time);
    lines.add(fmt::format("{} time per ligand, median", title), duration(ours), duration(theirs),
              times(middle) + " (median of ratios)");
    lines.add(fmt::format("{} time ratio, geometric mean", title), "", "", times(geometric_ratio));
    lines.add(fmt::format("ligands per {} second", title), "", "", times(throughput));
    lines.keep(fmt::format("vina_{}_s", name), theirs);
    lines.keep(fmt::format("median_{}_ratio", name), middle);
    lines.keep(fmt::format("geometric_mean_{}_ratio", name), geometric_ratio);
    lines.keep(fmt::format("throughput_{}_ratio", name), throughput);
  }
}

void add_pose_checks(Lines& lines, const std::vector<RedockRow>& rows) {
  int checked = 0, sound = 0;
  for (const auto& row : rows) {
    checked += row.checked_poses;
    sound += row.sound_poses;
  }
  if (checked == 0) return;
  lines.add("poses that pass our checks", fmt::format("{:.1f} % of {}", 100.0 * sound / checked, checked),
            "not checked", "");
  lines.json["checked_poses"] = checked;
  lines.json["sound_poses"] = sound;
}

Lines all_lines(const std::vector<RedockRow>& rows, const RedockReportHead& head) {
  Lines lines;
  lines.with_vina = !head.vina_version.empty();
  lines.json["schema"] = "theriac.bench/1";
  lines.json["benchmark"] = "redock";
  lines.json["complexes"] = rows.size();
  for (const auto& [name, value] : head.conditions.settings()) lines.json["conditions"][name] = value;
  lines.json["conditions"]["exhaustiveness"] = head.exhaustiveness;
  if (lines.with_vina) {
    lines.json["conditions"]["vina"] = head.vina_version;
    lines.json["conditions"]["vina_exhaustiveness"] = head.vina_exhaustiveness;
  }
  const RedockFigures figures(rows);
  lines.add("", "Theriac " + head.conditions.theriac_version, "Vina " + head.vina_version,
            "Theriac against Vina");
  lines.add("exhaustiveness", fmt::format("{:g}", head.exhaustiveness),
            fmt::format("{}", head.vina_exhaustiveness), "");
  add_success(lines, rows, figures);
  add_times(lines, figures);
  add_pose_checks(lines, rows);
  return lines;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string failures_text(const std::vector<RedockRow>& rows) {
  std::string text;
  for (const auto& row : rows)
    if (row.status != "ok") text += fmt::format("- {}: {}\n", row.id, row.message);
  return text.empty()
             ? ""
             : "\nFailed (an engine that gave no pose missed; such rows are not in the ratios):\n\n" + text;
}

std::string complaints_text(const std::vector<RedockRow>& rows) {
  std::string text;
  for (const auto& row : rows)
    if (!row.failed_checks.empty()) text += fmt::format("- {}: {}\n", row.id, row.failed_checks);
  return text.empty() ? "" : "\nPoses that fail a check, by complex:\n\n" + text;
}

std::string markdown(const std::vector<RedockRow>& rows, const RedockReportHead& head, const Lines& lines) {
  const bool with_vina = lines.with_vina;
  std::string text = fmt::format("# Redocking {} complexes\n\n", rows.size());
  text += markdown_table(lines.table);
  text += "\n![Success by threshold, and time per ligand](redock.svg)\n\n";
  text +=
      "In brackets: 95 % bootstrap intervals (10,000 resamples of complexes, paired where engines are "
      "compared). ";
  text +=
      "Success: a pose within 2 Å symmetry-corrected heavy-atom RMSD of the crystal pose, of the best-scored "
      "pose "
      "and of the three and nine best. Docked from `ligand_start.sdf`, a conformer unrelated to the crystal "
      "pose, as "
      "drawn; at most 9 poses within 3 kcal/mol, 1 Å apart; box from `index.csv`. ";
  text += fmt::format(
      "Time: from reading the ligand to the final poses, grids and ring conformers (at most {}) "
      "included{}.\n\n",
      head.ring_conformers,
      with_vina ? "; Vina's is that of its process, ligand and receptor given as PDBQT" : "");
  text += fmt::format(
      "Measured on {}.{}\n", head.conditions.text(),
      with_vina ? " Both engines ran in turn, complex by complex, on the same threads, from the same "
                  "receptor and ligand; which one came first alternated."
                : "");
  if (with_vina && RedockFigures(rows).compared() < rows.size())
    text += fmt::format("\nBoth engines gave poses for {} of {} complexes.\n", RedockFigures(rows).compared(),
                        rows.size());
  if (!head.left_out.empty())
    text += fmt::format("\nLeft out, without a start conformer: {}.\n", joined(head.left_out));
  text +=
      "\nProteins repeat in the set, so complexes are not independent and the intervals are somewhat too "
      "narrow.\n";
  return text + failures_text(rows) + complaints_text(rows);
}

/// Share of rows within every threshold up to 5 angstrom, as a step curve.
Curve success_curve(const std::vector<RedockRow>& rows, Engine engine, Value rmsd, const std::string& name,
                    int colour) {
  std::vector<double> values;
  for (const auto& row : rows)
    if ((row.*engine).ran) values.push_back((row.*engine).*rmsd);
  std::sort(values.begin(), values.end());
  Curve curve{name, {{0, 0}}, colour, rmsd == &RedockResult::rmsd_top9, 2};
  const double step = 100.0 / static_cast<double>(std::max<std::size_t>(1, rows.size()));
  for (std::size_t i = 0; i < values.size() && values[i] <= 5; ++i) {
    curve.points.emplace_back(values[i], step * static_cast<double>(i));
    curve.points.emplace_back(values[i], step * static_cast<double>(i + 1));
  }
  curve.points.emplace_back(5, curve.points.back().second);
  return curve;
}

Panel success_panel(const std::vector<RedockRow>& rows, bool with_vina) {
  Panel panel{"Redocking success",
              {"RMSD threshold (Å)", 0, 5, false},
              {"complexes within (%)", 0, 100, false},
              {},
              {},
              {}};
  panel.curves.push_back({"", {{within, 0}, {within, 100}}, 4, false, 1});
  panel.curves.push_back(
      success_curve(rows, &RedockRow::theriac, &RedockResult::rmsd_top9, "Theriac, best of 9", 0));
  panel.curves.push_back(
      success_curve(rows, &RedockRow::theriac, &RedockResult::rmsd_top1, "Theriac, top pose", 0));
  if (!with_vina) return panel;
  panel.curves.push_back(
      success_curve(rows, &RedockRow::vina, &RedockResult::rmsd_top9, "Vina, best of 9", 1));
  panel.curves.push_back(
      success_curve(rows, &RedockRow::vina, &RedockResult::rmsd_top1, "Vina, top pose", 1));
  return panel;
}

/// Lines of equal ratio, from the left edge of a square panel.
void add_ratio_lines(Panel& panel) {
  for (const double ratio : {1.0, 10.0, 100.0}) {
    Curve line{"", {}, 4, ratio != 1.0, 1};
    for (double x = panel.x.low; x <= panel.x.high * 1.001; x *= 1.05)
      if (x / ratio >= panel.y.low) line.points.emplace_back(x, x / ratio);
    if (line.points.empty()) continue;
    const auto& [x, y] = line.points.back();
    panel.notes.push_back({x / 2.2, y / 1.5, fmt::format("{:g}x", ratio)});
    panel.curves.push_back(std::move(line));
  }
}

Panel time_panel(const std::vector<RedockRow>& rows, bool with_vina) {
  Panel panel{"Time per ligand", {}, {}, {}, {}, {}};
  double low = 1e9, high = 1e-9;
  for (const auto& row : rows) {
    if (!row.theriac.ran || (with_vina && !row.vina.ran)) continue;
    const double ours = row.theriac.wall_seconds, theirs = with_vina ? row.vina.wall_seconds : ours;
    low = std::min({low, ours, theirs});
    high = std::max({high, ours, theirs});
    panel.dots.push_back({with_vina ? theirs : static_cast<double>(row.rotors), ours,
                          with_vina ? fmt::format("{}: Theriac {:.2f} s, Vina {:.2f} s", row.id, ours, theirs)
                                    : fmt::format("{}: {:.2f} s", row.id, ours),
                          0});
  }
  if (panel.dots.empty()) low = high = 1;
  const double first = std::pow(10.0, std::floor(std::log10(low))),
               last = std::pow(10.0, std::ceil(std::log10(high * 1.01)));
  panel.y = {"Theriac, wall time (s)", first, last, true};
  if (!with_vina) {
    panel.x = {"rotatable bonds", 0, 30, false};
    return panel;
  }
  panel.x = {"Vina, wall time (s)", first, last, true};
  add_ratio_lines(panel);
  return panel;
}

}  // namespace

Interval success(const std::vector<RedockRow>& rows, RedockResult RedockRow::*engine,
                 double RedockResult::*rmsd, double threshold) {
  return scoring::bootstrap(rows.size(), [&](const Sample& sample) {
    double hits = 0;
    for (const auto i : sample) hits += hit(rows[i], engine, rmsd, threshold);
    return hits / static_cast<double>(sample.size());
  });
}

RedockReport redock_report(const std::vector<RedockRow>& rows, const RedockReportHead& head) {
  const Lines lines = all_lines(rows, head);
  RedockReport report;
  report.markdown = markdown(rows, head, lines);
  std::vector<TextColumn> titles;
  for (const auto& cell : lines.table.front()) titles.push_back({cell, !titles.empty()});
  report.text = text_table(titles, {lines.table.begin() + 1, lines.table.end()});
  report.json = lines.json.dump(2) + '\n';
  report.figure = svg_figure(
      {success_panel(rows, lines.with_vina), time_panel(rows, lines.with_vina)},
      fmt::format("Redocking of {} complexes: success by RMSD threshold and time per ligand", rows.size()));
  return report;
}

}  // namespace theriac::cli
