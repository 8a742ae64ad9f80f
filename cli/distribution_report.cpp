#include "cli/distribution_report.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/published_moses.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using Table = std::vector<std::vector<std::string>>;

std::string shown(double value, const char* missing = "") {
  if (!std::isfinite(value)) return missing;
  return std::fabs(value) < 0.01 && value != 0 ? fmt::format("{:.5f}", value) : fmt::format("{:.4f}", value);
}

std::string published_shown(double value) {
  return std::isfinite(value) ? fmt::format("{:g}", value) : "";
}

bool has_published(const std::vector<MetricLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const MetricLine& line) {
    return std::any_of(line.published.begin(), line.published.end(),
                       [](double x) { return std::isfinite(x); });
  });
}

/// Published models that the generated sample is better than, by name.
std::string surpassed(const MetricLine& line) {
  std::string names;
  for (std::size_t i = 0; i < line.published.size(); ++i) {
    const double theirs = line.published[i];
    if (!std::isfinite(theirs) || !std::isfinite(line.generated)) continue;
    if (line.higher_is_better ? line.generated > theirs : line.generated < theirs)
      names += (names.empty() ? "" : ", ") + std::string(published_moses_models()[i].name);
  }
  return names;
}

Table figures_table(const std::vector<MetricLine>& lines, bool floor, bool compared) {
  Table table = {{"metric", "reference", "better", "generated", "ceiling"}};
  if (floor) table[0].push_back("floor");
  if (compared) table[0].push_back("better than");
  for (const auto& line : lines) {
    table.push_back({line.label, line.reference, line.higher_is_better ? "higher" : "lower",
                     shown(line.generated, "not defined"), shown(line.ceiling, "not defined")});
    if (floor) table.back().push_back(shown(line.floor, "not defined"));
    if (compared) table.back().push_back(surpassed(line));
  }
  return table;
}

Table published_table(const std::vector<MetricLine>& lines) {
  Table table = {{"metric", "reference", "generated"}};
  for (const auto& model : published_moses_models()) table[0].push_back(model.name);
  for (const auto& line : lines) {
    if (!has_published({line})) continue;
    table.push_back({line.label, line.reference, shown(line.generated)});
    for (const double theirs : line.published) table.back().push_back(published_shown(theirs));
  }
  return table;
}

Table graph_model_table() {
  Table table = {{"model", "valid %", "unique %", "novel %", "filters %", "FCD", "SNN", "Scaf %"}};
  for (const auto& m : published_graph_models()) {
    table.push_back({m.name});
    for (const double x : {m.valid, m.unique, m.novel, m.filters, m.fcd, m.snn, m.scaf})
      table.back().push_back(published_shown(x));
  }
  return table;
}

/// What the sample does not share with the published ones, or a confirmation.
std::string sample_size_note(std::int64_t valid) {
  if (valid > 0.95 * published_moses_samples && valid < 1.05 * published_moses_samples) return "";
  return fmt::format(
      "**The published figures are of {} samples, these of {}**: FCD (a bias of about 1,330/n), Scaf, "
      "unique@10k and "
      "the ceiling depend on that number; do not compare them across.\n\n",
      published_moses_samples, valid);
}

std::string published_section(const DistributionReportInput& input, const std::vector<MetricLine>& lines) {
  if (!has_published(lines)) return "";
  const auto valid = static_cast<std::int64_t>(input.generated.sample.members.size());
  const auto& all = published_moses_training_set();
  std::string text = "\n## Beside published generators\n\n" + sample_size_note(valid);
  text += markdown_table(published_table(lines), 2);
  text += fmt::format(
      "\nMOSES, mean of three runs of {} samples each (README of molecularsets/moses at dd7ed6a; the W1 rows "
      "as rounded "
      "in its figures). Its row for the whole training set: FCD {:g} / {:g}, SNN {:g} / {:g}, Frag {:g} / "
      "{:g}, Scaf "
      "{:g} / {:g}, IntDiv {:g}, IntDiv2 {:g}. The published means vary between runs: CharRNN's FCD by "
      "0.025, its "
      "novelty by 0.05.\n",
      published_moses_samples, all.fcd[0], all.fcd[1], all.snn[0], all.snn[1], all.frag[0], all.frag[1],
      all.scaf[0], all.scaf[1], all.diversity, all.diversity_2);
  text +=
      "\nLater graph models, 25,000 samples against the scaffold test set, second-hand (table of the DisCo "
      "paper):\n\n";
  return text + markdown_table(graph_model_table(), 1);
}

std::string guacamol_section(const GuacamolScores& g) {
  std::string text = fmt::format(
      "\n## GuacaMol's own scores, {} molecules\n\nOf {} records in the order of the file. Molecules are "
      "told apart "
      "without stereochemistry; the KL score is taken of the distinct ones.\n\n",
      g.molecules, g.records);
  return text + markdown_table({{"", "validity", "uniqueness", "novelty", "KL score"},
                                {"generated", shown(g.validity), shown(g.uniqueness), shown(g.novelty),
                                 shown(g.kl_score, "not defined")}},
                               1);
}

std::string sample_line(const std::string& name, const MeasuredSample& m) {
  return fmt::format("- {}: {} records of {} in `{}`, {} valid, {} not\n", name, m.sample.records,
                     m.drawn_from, m.file, m.sample.members.size(), m.sample.unread.size());
}

std::string unread_section(const std::string& title, const std::vector<generative::UnreadRecord>& unread,
                           std::int64_t count) {
  if (count == 0) return "";
  std::string text = fmt::format("\n{}: {} records that cannot be read\n\n", title, count);
  const std::size_t shown_count = std::min<std::size_t>(unread.size(), 10);
  for (std::size_t i = 0; i < shown_count; ++i) text += fmt::format("- {}\n", unread[i].message);
  if (count > static_cast<std::int64_t>(shown_count)) text += "- ...\n";
  return text;
}

double peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

Table time_table(const std::vector<generative::StepTime>& times) {
  Table table = {{"step", "molecules", "seconds", "molecules/s"}};
  for (const auto& [step, molecules, seconds] : times)
    table.push_back({step, fmt::format("{}", molecules), fmt::format("{:.2f}", seconds),
                     seconds > 0 ? fmt::format("{:.0f}", static_cast<double>(molecules) / seconds) : ""});
  return table;
}

std::string markdown(const DistributionReportInput& input, const std::vector<MetricLine>& lines) {
  std::string text = "# Generated molecules beside the molecules they should be like\n\n";
  text += sample_line("generated", input.generated);
  text += sample_line("ceiling, training molecules drawn at random", input.ceiling);
  if (input.floor) text += sample_line("floor", *input.floor);
  for (const auto& reference : input.references)
    text += fmt::format("- reference {}: {} molecules of `{}`\n", reference.label,
                        reference.records - reference.unread_count, reference.file);
  text += fmt::format("- training set: {} records of `{}`\n\n", input.train_records, input.train_file);
  text += markdown_table(figures_table(lines, input.floor.has_value(), has_published(lines)), 3);
  text +=
      "\nMetrics as the MOSES program defines them; W1: Wasserstein-1 distance to the first reference. The "
      "KL score is "
      "GuacaMol's, against as many other training molecules. The ceiling is what molecules of the training "
      "set get, and "
      "with it a perfect generator of this many molecules; its novelty is close to 0 by nature.\n";
  if (input.chemnet_file.empty()) text += "\nNo Frechet ChemNet distance: --chemnet names the weights.\n";
  text += published_section(input, lines);
  if (input.guacamol) text += guacamol_section(*input.guacamol);
  text += "\n## Time, generated sample\n\n" + markdown_table(time_table(input.generated.sample.times), 1);
  text += fmt::format("\nPeak memory {:.0f} MB. Measured on {}.\n", peak_memory_bytes() / 1e6,
                      input.conditions.text());
  text += unread_section("Generated", input.generated.sample.unread,
                         static_cast<std::int64_t>(input.generated.sample.unread.size()));
  text += unread_section("Training sample", input.ceiling.sample.unread,
                         static_cast<std::int64_t>(input.ceiling.sample.unread.size()));
  if (input.floor)
    text += unread_section("Floor", input.floor->sample.unread,
                           static_cast<std::int64_t>(input.floor->sample.unread.size()));
  for (const auto& reference : input.references)
    text += unread_section("Reference " + reference.label, reference.unread, reference.unread_count);
  return text;
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "";
}

std::string csv(const std::vector<MetricLine>& lines) {
  std::string text = "metric,reference,better,generated,ceiling,floor";
  for (const auto& model : published_moses_models())
    text += fmt::format(",{}", datasets::csv_field(model.name));
  text += '\n';
  for (const auto& line : lines) {
    text += fmt::format("{},{},{},{},{},{}", line.key, datasets::csv_field(line.reference),
                        line.higher_is_better ? "higher" : "lower", csv_number(line.generated),
                        csv_number(line.ceiling), csv_number(line.floor));
    for (const double theirs : line.published) text += ',' + csv_number(theirs);
    text += '\n';
  }
  return text;
}

nlohmann::ordered_json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json json_of(const MeasuredSample& m) {
  nlohmann::ordered_json json = {{"file", m.file},
                                 {"records_in_file", m.drawn_from},
                                 {"records", m.sample.records},
                                 {"valid", m.sample.members.size()}};
  for (const auto& [step, molecules, seconds] : m.sample.times)
    json["seconds"][step] = {{"molecules", molecules}, {"wall", seconds}};
  return json;
}

nlohmann::ordered_json json_of(const MetricLine& line) {
  nlohmann::ordered_json json = {{"metric", line.key},
                                 {"label", line.label},
                                 {"reference", line.reference},
                                 {"better", line.higher_is_better ? "higher" : "lower"},
                                 {"generated", number_or_null(line.generated)},
                                 {"ceiling", number_or_null(line.ceiling)},
                                 {"floor", number_or_null(line.floor)}};
  for (std::size_t i = 0; i < line.published.size(); ++i)
    if (std::isfinite(line.published[i]))
      json["published"][published_moses_models()[i].name] = line.published[i];
  return json;
}

std::string json(const DistributionReportInput& input, const std::vector<MetricLine>& lines) {
  nlohmann::ordered_json out = {{"schema", "theriac.bench/1"}, {"benchmark", "distribution"}};
  for (const auto& [name, value] : input.conditions.settings()) out["conditions"][name] = value;
  out["generated"] = json_of(input.generated);
  out["ceiling"] = json_of(input.ceiling);
  if (input.floor) out["floor"] = json_of(*input.floor);
  out["training_set"] = {{"file", input.train_file}, {"records", input.train_records}};
  for (const auto& r : input.references)
    out["references"].push_back(
        {{"label", r.label}, {"file", r.file}, {"records", r.records}, {"unread", r.unread_count}});
  out["published_samples"] = published_moses_samples;
  for (const auto& line : lines) out["metrics"].push_back(json_of(line));
  if (const auto& g = input.guacamol)
    out["guacamol"] = {{"molecules", g->molecules}, {"records", g->records},
                       {"validity", g->validity},   {"uniqueness", g->uniqueness},
                       {"novelty", g->novelty},     {"kl_score", number_or_null(g->kl_score)}};
  out["peak_memory_bytes"] = peak_memory_bytes();
  return out.dump(2) + '\n';
}

}  // namespace

DistributionReport distribution_report(const DistributionReportInput& input) {
  const auto lines = metric_lines(input);
  const auto table = figures_table(lines, input.floor.has_value(), false);
  std::vector<TextColumn> columns;
  for (const auto& title : table.front()) columns.push_back({title, columns.size() > 2});
  return {csv(lines), markdown(input, lines), text_table(columns, {table.begin() + 1, table.end()}),
          json(input, lines)};
}

std::string molecules_csv(const MeasuredSample& generated, const std::vector<MeasuredReference>& references) {
  std::string text = "record,name,status,message,smiles,scaffold,filters,log_p,sa,qed,weight";
  for (const auto& reference : references) text += ',' + datasets::csv_field("nearest_" + reference.label);
  text += '\n';
  const auto& sample = generated.sample;
  const auto& s = sample.statistics;
  for (std::size_t good = 0, bad = 0; good + bad < static_cast<std::size_t>(sample.records);) {
    if (bad < sample.unread.size() &&
        (good == sample.members.size() || sample.unread[bad].record < sample.members[good].record)) {
      const auto& unread = sample.unread[bad++];
      text += fmt::format("{},{},failed,{},{},,,,,,", unread.record + 1, datasets::csv_field(unread.name),
                          datasets::csv_field(unread.message), datasets::csv_field(unread.text));
      text += std::string(references.size(), ',') + '\n';
      continue;
    }
    const auto& member = sample.members[good];
    std::string hits;
    for (const auto& hit : member.filter_hits) hits += (hits.empty() ? "" : ";") + hit;
    text += fmt::format("{},{},ok,,{},{},{},{:.6g},{:.6g},{:.6g},{:.6g}", member.record + 1,
                        datasets::csv_field(member.name), datasets::csv_field(member.smiles),
                        datasets::csv_field(member.scaffold), datasets::csv_field(hits), s.log_p[good],
                        s.sa[good], s.qed[good], s.weight[good]);
    for (const auto& reference : generated.figures.references)
      text += fmt::format(",{:.6g}", reference.nearest[good]);
    text += '\n';
    ++good;
  }
  return text;
}

}  // namespace theriac::cli
