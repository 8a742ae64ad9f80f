#include "cli/modes_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cli/design_question.hpp"
#include "cli/row_cells.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using Table = std::vector<std::vector<std::string>>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Percent, and diversity as a fraction. SAFE-GPT: E. Noutahi et al., Digital Discovery 3, 796 (2024);
/// GenMol: S. Lee et al., arXiv:2501.06158; InVirtuoGen: its public result tables.
struct PublishedMode {
  const char *mode, *model, *task;
  double valid, unique, quality, diversity;
};
constexpr PublishedMode published[] = {
    {"denovo", "SAFE-GPT", "de novo, no ranges", 94.0, none, 54.7, none},
    {"denovo", "GenMol v1", "de novo, no ranges", 100, 99.7, 84.6, .818},
    {"denovo", "GenMol v2", "de novo, no ranges", 100, 97.8, 89.7, .830},
    {"scaffold", "GenMol v1", "scaffold decoration", 96.6, 82.7, 31.8, none},
    {"scaffold", "GenMol v2", "scaffold decoration", 99.2, 90.5, 39.7, none},
    {"link", "GenMol v1", "one-step linker design", 100, 83.7, 21.9, none},
    {"link", "GenMol v2", "one-step linker design", 81.8, 87.1, 28.6, none},
    {"optimise", "GenMol v1", "motif extension", 82.9, 77.5, 30.1, none},
    {"optimise", "GenMol v2", "motif extension", 99.4, 84.5, 49.0, none},
    {"optimise", "GenMol v1", "superstructure", 97.5, 83.6, 34.8, none},
    {"optimise", "GenMol v2", "superstructure", 99.7, 89.8, 39.0, none},
    {"all", "SAFE-GPT", "mean of 5 tasks with given fragments", 85.0, 75.5, 16.3, .55},
    {"all", "GenMol", "mean of 5 tasks with given fragments", 95.4, 82.2, 28.1, .58},
    {"all", "InVirtuoGen", "mean of 5 tasks with given fragments", 71.4, 90.9, 30.0, .59}};

std::string percent(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.1f}", value);
}

std::string fraction(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.3f}", value);
}

const std::vector<std::string>& titles() {
  static const std::vector<std::string> t = {"model",     "task",      "valid %",  "unique %",
                                             "fulfils %", "quality %", "diversity"};
  return t;
}

/// Means over the drugs of one mode and source; modes "all": over what is asked with given fragments.
std::vector<std::string> mean_line(const std::vector<ModeRow>& rows, const std::string& mode,
                                   const std::string& source) {
  ModeRow mean;
  int n = 0;
  for (const ModeRow& row : rows) {
    const bool wanted = mode == "all" ? row.mode != "denovo" : row.mode == mode;
    if (!wanted || row.source != source || row.status != "ok") continue;
    ++n;
    mean.valid += row.valid;
    mean.unique += row.unique;
    mean.satisfied += row.satisfied;
    mean.quality += row.quality;
    mean.diversity += row.diversity;
  }
  if (n == 0) return {};
  return {fmt::format("Theriac, {}", source == "random" ? "random policy" : source),
          mode == "all" ? "mean of scaffold, link, optimise" : fmt::format("{} drugs", n),
          percent(100 * mean.valid / n),
          percent(100 * mean.unique / n),
          percent(100 * mean.satisfied / n),
          percent(100 * mean.quality / n),
          fraction(mean.diversity / n)};
}

/// How many of the drugs are of that quality themselves: little more can be asked of what is built around
/// them.
std::vector<std::string> drug_line(const std::vector<ModeRow>& rows) {
  std::map<std::string, bool> good;
  for (const ModeRow& row : rows) good[row.drug] = row.drug_qed >= good_qed && row.drug_sa <= good_sa;
  const auto n = std::count_if(good.begin(), good.end(), [](const auto& drug) { return drug.second; });
  return {"the drugs themselves",
          fmt::format("{} drugs", good.size()),
          "-",
          "-",
          "-",
          percent(100 * static_cast<double>(n) / static_cast<double>(good.size())),
          "-"};
}

Table mode_table(const std::vector<ModeRow>& rows, const std::string& mode) {
  Table table = {titles()};
  for (const char* source : {"network", "random"})
    if (auto line = mean_line(rows, mode, source); !line.empty()) table.push_back(std::move(line));
  if (table.size() == 1) return {};
  table.push_back(drug_line(rows));
  for (const auto& p : published)
    if (p.mode == mode)
      table.push_back({p.model, p.task, percent(p.valid), percent(p.unique), "-", percent(p.quality),
                       fraction(p.diversity)});
  return table;
}

Table drug_table(const std::vector<ModeRow>& rows, const std::string& mode) {
  Table table = {
      {"drug", "source", "asked for", "valid %", "unique %", "fulfils %", "quality %", "diversity"}};
  for (const ModeRow& row : rows) {
    if (row.mode != mode) continue;
    if (row.status != "ok") {
      table.push_back({row.drug, row.source, row.message, "-", "-", "-", "-", "-"});
      continue;
    }
    table.push_back({row.drug, row.source, fmt::format("`{}`", row.wanted), percent(100 * row.valid),
                     percent(100 * row.unique), percent(100 * row.satisfied), percent(100 * row.quality),
                     fraction(row.diversity)});
  }
  return table;
}

std::string csv(const std::vector<ModeRow>& rows) {
  const auto visit = [](auto& row, auto each) { visit_mode_row(row, each); };
  std::string text = fmt::format("{}\n", fmt::join(column_names(visit, ModeRow()), ","));
  for (const ModeRow& row : rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row_cells(visit, row)) cells.push_back(datasets::csv_field(cell));
    text += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return text;
}

const char* const explanation =
    "\nEvery figure is of the first draws of a stream, unfiltered: valid, the SMILES written reads back as "
    "itself; unique, distinct valid ones; fulfils, the scaffold is there and every point of it has grown, or "
    "both warheads are there with a linker of the length asked for, or the similarity is within its bounds "
    "and "
    "the molecule another one, or all properties lie in their ranges; quality, distinct with QED >= 0.6 and "
    "SA "
    "score <= 4, of all draws; diversity, mean Tanimoto distance (Morgan, radius 2) over pairs of distinct "
    "ones. Means over the drugs.\n"
    "\nThe published rows are of 100 samples for each of other drugs and of other cuts, and of fragment "
    "tasks "
    "that differ in detail: they stand beside ours for orientation. SAFE-GPT: E. Noutahi et al., Digital "
    "Discovery 3, 796 (2024), de novo second-hand; GenMol: S. Lee et al., arXiv:2501.06158; InVirtuoGen: its "
    "public result tables.\n";

}  // namespace

ModesReport modes_report(const std::vector<ModeRow>& rows, const std::string& model,
                         const BenchConditions& conditions) {
  ModesReport out;
  out.csv = csv(rows);
  out.markdown = fmt::format("# Ways to ask the generator, on real drugs\n\nWeights `{}`; {}.\n", model,
                             conditions.text());
  std::vector<std::string> modes = design_modes();
  modes.emplace_back("all");
  for (const std::string& mode : modes) {
    const Table table = mode_table(rows, mode);
    if (table.empty()) continue;
    const std::string title = mode == "all" ? "with given pieces" : mode;
    out.markdown += fmt::format("\n## {}\n\n", title) + markdown_table(table, 2);
    std::vector<TextColumn> columns;
    for (const auto& t : table.front()) columns.push_back({t, columns.size() > 1});
    out.text += fmt::format("{}\n", title) + text_table(columns, {table.begin() + 1, table.end()}) + "\n";
  }
  out.markdown += explanation;
  for (const std::string& mode : design_modes())
    if (const Table table = drug_table(rows, mode); table.size() > 1)
      out.markdown += fmt::format("\n### {}, each drug\n\n", mode) + markdown_table(table, 3);
  return out;
}

}  // namespace theriac::cli
