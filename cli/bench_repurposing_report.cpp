#include <fmt/format.h>

#include <cmath>

#include "cli/bench_conditions.hpp"
#include "cli/bench_repurposing.hpp"
#include "cli/figure.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;

Column text(const char* name) {
  return datasets::text_column(name);
}
Column whole(const char* name, const char* meaning) {
  return {name, ColumnType::int64, "", meaning, -1, {}};
}
Column real(const char* name, const char* meaning) {
  return datasets::real_column(name, "", meaning, 6);
}

std::string with_interval(const scoring::Interval& figure) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", figure.value, figure.low, figure.high);
}

std::string figure_table(const std::vector<MethodFigures>& methods) {
  std::vector<std::vector<std::string>> rows = {{"method", "AUROC", "AUPR", "recall@50"}};
  for (const auto& m : methods)
    rows.push_back(
        {m.method, with_interval(m.auroc), with_interval(m.average_precision), with_interval(m.recall_50)});
  return markdown_table(rows);
}

std::string calibration_table(const CalibrationFigures& calibration) {
  std::vector<std::vector<std::string>> rows = {{"predicted", "observed", "pairs", "known"}};
  for (const auto& bin : calibration.bins)
    rows.push_back({fmt::format("{:.4f}", bin.probability), fmt::format("{:.4f}", bin.share),
                    std::to_string(bin.pairs), std::to_string(bin.known)});
  return markdown_table(rows, 0);
}

std::string new_indication_table(const std::vector<NewIndicationFigures>& figures) {
  std::vector<std::vector<std::string>> rows = {
      {"indications", "method", "new pairs", "of", "AUROC", "AUPR"}};
  for (const auto& f : figures)
    rows.push_back({f.set, f.method, std::to_string(f.new_pairs), std::to_string(f.pairs),
                    fmt::format("{:.3f}", f.auroc), fmt::format("{:.4f}", f.average_precision)});
  return markdown_table(rows, 2);
}

}  // namespace

std::string repurposing_report(const RepurposingFigures& f, const std::string& conditions) {
  std::string page = fmt::format(
      "# Repurposing\n\n{}; {}. {}; {:.0f} s.\n\n## Diseases left out\n\nEvery link of a disease to drugs is "
      "hidden, "
      "then all candidates are ranked for it: mean over {} diseases, with 95 % intervals that resample "
      "diseases. "
      "{}.\n\n{}\n",
      f.data, f.candidates, conditions, f.seconds, f.diseases.size(), f.penalties, figure_table(f.methods));
  page += fmt::format(
      "\n## Calibration\n\nProbability of each pair, calibrated on the other diseases. Brier score {:.6f}, "
      "of the "
      "prevalence alone {:.6f}.\n\n{}\n",
      f.calibration.brier, f.calibration.brier_prevalence, calibration_table(f.calibration));
  if (!f.new_indications.empty())
    page += fmt::format(
        "\n## New indications\n\nWeights learned from Hetionet's treatments; pairs that only the other "
        "source has "
        "are the positives, all other pairs that Hetionet does not have the negatives.\n\n{}\n",
        new_indication_table(f.new_indications));
  return page;
}

std::string calibration_figure(const CalibrationFigures& calibration) {
  constexpr double least = 1e-4;
  Panel panel;
  panel.title = "known pairs by predicted probability";
  panel.x = {"predicted probability", least, 1, true};
  panel.y = {"share of known pairs", least, 1, true};
  Curve even{"predicted = observed", {{least, least}, {1, 1}}, 4, true, 1};
  Curve observed{"observed", {}, 0, false, 2};
  for (const auto& bin : calibration.bins) {
    if (bin.probability < least || bin.share < least) continue;  // no place on a logarithmic axis
    observed.points.emplace_back(bin.probability, bin.share);
    panel.dots.push_back({bin.probability, bin.share,
                          fmt::format("{} of {} pairs known, {:.2g} predicted on average", bin.known,
                                      bin.pairs, bin.probability),
                          0});
  }
  panel.curves = {even, observed};
  return svg_figure({panel}, "Calibration of repurposing: share of known pairs by predicted probability");
}

void write_repurposing_tables(const RepurposingFigures& f, const std::string& folder) {
  datasets::CsvTable figures(
      folder + "/figures.csv",
      {text("method"), real("auroc", "mean over diseases"), real("auroc_low", ""), real("auroc_high", ""),
       real("average_precision", ""), real("average_precision_low", ""), real("average_precision_high", ""),
       real("recall_50", ""), real("recall_50_low", ""), real("recall_50_high", "")});
  for (const auto& m : f.methods)
    figures.append({m.method, m.auroc.value, m.auroc.low, m.auroc.high, m.average_precision.value,
                    m.average_precision.low, m.average_precision.high, m.recall_50.value, m.recall_50.low,
                    m.recall_50.high});
  figures.publish();
  datasets::CsvTable diseases(folder + "/diseases.csv",
                              {text("method"), text("disease"), whole("known", "drugs"), real("auroc", ""),
                               real("average_precision", ""), real("recall_50", "")});
  for (const auto& m : f.methods)
    for (std::size_t d = 0; d < m.diseases.size(); ++d)
      diseases.append({m.method, f.diseases[d], static_cast<std::int64_t>(f.known[d]), m.diseases[d].auroc,
                       m.diseases[d].average_precision, m.diseases[d].recall_50});
  diseases.publish();
  datasets::CsvTable calibration(folder + "/calibration.csv", {real("predicted", "mean probability"),
                                                               real("observed", "share of known pairs"),
                                                               whole("pairs", ""), whole("known", "")});
  for (const auto& bin : f.calibration.bins)
    calibration.append({bin.probability, bin.share, static_cast<std::int64_t>(bin.pairs),
                        static_cast<std::int64_t>(bin.known)});
  calibration.publish();
  datasets::DurableFile figure(folder + "/calibration.svg");
  figure.write(calibration_figure(f.calibration));
  figure.publish();
}

}  // namespace theriac::cli
