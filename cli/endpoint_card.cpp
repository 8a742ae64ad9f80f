#include "cli/endpoint_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "chem/error.hpp"
#include "cli/endpoint_figures.hpp"
#include "datasets/durable_file.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {
namespace {

using scoring::Interval;
using scoring::PropertyMetric;
using scoring::Values;
using Cells = std::vector<std::string>;

std::string cell(std::string text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? "\\|" : c == '\n' || c == '\r' ? " " : std::string(1, c);
  return safe;
}

std::string row(const Cells& cells) {
  std::string text = "|";
  for (const auto& c : cells) text += " " + cell(c) + " |";
  return text + "\n";
}

/// The first `words` columns hold words, the others numbers.
std::string table(const std::vector<Cells>& rows, std::size_t words) {
  std::string text = row(rows.front()) + "|";
  for (std::size_t i = 0; i < rows.front().size(); ++i) text += i < words ? "---|" : "---:|";
  text += "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) text += row(rows[i]);
  return text + "\n";
}

std::string shown(double value) {
  return std::isfinite(value) ? fmt::format("{:.3g}", value) : "not defined";
}
std::string shown(const Interval& interval) {
  if (!std::isfinite(interval.value)) return "not defined";
  return fmt::format("{:.3g} ({:.3g} to {:.3g})", interval.value, interval.low, interval.high);
}
std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", 100 * share) : "not defined";
}

std::vector<PropertyMetric> metrics_of(const EndpointCard& card) {
  if (!card.metrics.empty()) return card.metrics;
  if (card.binary)
    return {PropertyMetric::auroc, PropertyMetric::average_precision, PropertyMetric::brier,
            PropertyMetric::mcc};
  return {PropertyMetric::mae, PropertyMetric::rmse, PropertyMetric::r2, PropertyMetric::spearman};
}

scoring::BootstrapOptions resampling(const EndpointCard& card) {
  scoring::BootstrapOptions options;
  options.resamples = card.resamples;
  options.seed = card.seed;
  return options;
}

/// By how much the model is better than the rival; negative when it is worse.
Interval advantage(const EndpointCard& card, const CardSplit& split, const CardRival& rival,
                   PropertyMetric metric) {
  const bool higher = scoring::higher_is_better(metric);
  return scoring::metric_difference(metric, split.observed, higher ? split.predicted : rival.predicted,
                                    higher ? rival.predicted : split.predicted, resampling(card));
}

void require_lengths(const CardSplit& split) {
  const auto check = [&](std::size_t length, const std::string& what) {
    if (length != split.observed.size())
      throw UsageError(fmt::format("split '{}' has {} observed values and {} {}", split.name,
                                   split.observed.size(), length, what));
  };
  if (split.observed.empty()) throw UsageError(fmt::format("split '{}' holds out no molecule", split.name));
  check(split.predicted.size(), "predictions");
  for (const auto& rival : split.rivals) check(rival.predicted.size(), "predictions of the " + rival.name);
  if (!split.low.empty() || !split.high.empty()) {
    check(split.low.size(), "lower interval ends");
    check(split.high.size(), "upper interval ends");
  }
  if (!split.classes.empty()) check(split.classes.size(), "sets of classes");
  if (!split.similarity.empty()) check(split.similarity.size(), "similarities");
  if (!split.names.empty()) check(split.names.size(), "names");
}

void require_valid(const EndpointCard& card) {
  if (card.splits.empty())
    throw UsageError(fmt::format("the card of '{}' has no split to report", card.name));
  for (const auto& split : card.splits) require_lengths(split);
}

/// The first paragraph: what it is, how good on the strictest split, and whether a rival would do.
std::string verdict(const EndpointCard& card) {
  const auto& split = card.splits.front();
  const PropertyMetric metric = metrics_of(card).front();
  const Interval own = scoring::metric_interval(metric, split.observed, split.predicted, resampling(card));
  std::string text = fmt::format("On {} molecules held out by {}: {} {}{}.", split.observed.size(),
                                 split.name, scoring::metric_name(metric), shown(own),
                                 metric == PropertyMetric::mae && !card.unit.empty() ? " " + card.unit : "");
  std::string equals;
  for (const auto& rival : split.rivals) {
    const Interval gain = advantage(card, split, rival, metric);
    if (!(gain.low > 0))
      equals += fmt::format("{}{} ({})", equals.empty() ? "" : ", ", rival.name, shown(gain));
  }
  if (split.rivals.empty()) return text + "\n\n";
  if (equals.empty()) return text + " Better than every rival below beyond chance.\n\n";
  return text + fmt::format(
                    " **Not better beyond chance than: {}** (in brackets the advantage in {} with its 95 % "
                    "interval). "
                    "Treat its predictions as no more informed than theirs.\n\n",
                    equals, scoring::metric_name(metric));
}

std::string facts(const EndpointCard& card) {
  std::vector<Cells> rows = {{"", ""}};
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) rows.push_back({name, value});
  };
  add("name", card.name);
  add("predicts", card.binary ? "probability of class 1" : "a number");
  add("unit", card.unit);
  add("direction", card.direction);
  add("molecules learned from", std::to_string(card.molecules));
  if (card.binary) add("of these in class 1", std::to_string(card.positives));
  add("data file", card.data_file);
  add("sha256 of the data", card.data_sha256);
  add("source of the data", card.data_source);
  add("licence of the data", card.data_licence);
  for (const auto& [name, value] : card.model_facts) add(name, value);
  add("licence of the model", card.licence);
  add("date", card.date);
  add("Theriac", card.version);
  std::string text = table(rows, 2);
  if (!card.command.empty()) text += "Trained with:\n\n    " + card.command + "\n\n";
  return text;
}

std::string bullets(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "- " + line + "\n";
  return text.empty() ? text : text + "\n";
}

std::string data_section(const EndpointCard& card) {
  std::string text = bullets(card.data_lines);
  if (card.replicate_deviation > 0)
    text += fmt::format(
        "Measured twice, a molecule of this assay differs with a standard deviation of {:.3g}{}: no model "
        "can have a "
        "smaller RMSE on single measurements.\n\n",
        card.replicate_deviation, card.unit.empty() ? "" : " " + card.unit);
  if (!card.split_lines.empty())
    text += "Checked for leaks between training and test molecules:\n\n" + bullets(card.split_lines);
  return text.empty() ? text : "## Data\n\n" + text;
}

std::string split_table(const EndpointCard& card, const CardSplit& split) {
  const auto metrics = metrics_of(card);
  std::vector<Cells> rows = {{"method"}};
  for (const auto metric : metrics)
    rows[0].push_back(scoring::metric_name(metric) +
                      (scoring::higher_is_better(metric) ? ", higher" : ", lower"));
  if (!split.rivals.empty()) rows[0].push_back("advantage in " + scoring::metric_name(metrics.front()));
  const auto add = [&](const std::string& name, const Values& predicted, const std::string& gain) {
    rows.push_back({name});
    for (const auto metric : metrics)
      rows.back().push_back(
          shown(scoring::metric_interval(metric, split.observed, predicted, resampling(card))));
    if (!split.rivals.empty()) rows.back().push_back(gain);
  };
  add("**this model**", split.predicted, "");
  for (const auto& rival : split.rivals)
    add(rival.name, rival.predicted, shown(advantage(card, split, rival, metrics.front())));
  return table(rows, 1);
}

std::string performance_section(const EndpointCard& card) {
  std::string text =
      "## How good it is\n\nEvery molecule was predicted by a model that had not seen it. Brackets: 95 % "
      "bootstrap "
      "interval over the molecules; the advantage is resampled in pairs and above 0 where this model is "
      "better.\n\n";
  for (const auto& split : card.splits) {
    text += fmt::format("### Held out by {}\n\n", split.name);
    if (!split.about.empty()) text += split.about + ". ";
    text += fmt::format("{} molecules", split.observed.size());
    if (card.binary)
      text += fmt::format(", {} in class 1", std::count_if(split.observed.begin(), split.observed.end(),
                                                           [](double value) { return value > 0.5; }));
    text += ".\n\n" + split_table(card, split);
  }
  return text + (card.binary ? "![reliability](reliability.svg)\n\n"
                             : "![observed against predicted](observed.svg)\n\n");
}

std::string coverage_verdict(const scoring::IntervalCoverage& all, double nominal) {
  if (nominal < all.low) return "The intervals are wider than they need to be.";
  if (nominal > all.high) return "**The intervals are too narrow here.**";
  return "As promised, within the error of the count.";
}

std::string coverage_section(const EndpointCard& card) {
  std::string text = fmt::format(
      "## Intervals\n\nPromised: {:.0f} % of the measured values lie inside. Brackets: 95 % interval "
      "(Wilson).\n\n",
      100 * card.nominal_coverage);
  std::vector<Cells> rows = {{"held out by", "similarity", "molecules", "inside", "median width"}};
  for (const auto& split : card.splits) {
    if (split.low.empty()) continue;
    const auto all = scoring::interval_coverage(split.observed, split.low, split.high);
    const auto add = [&](const scoring::IntervalCoverage& c, const std::string& similarity) {
      rows.push_back(
          {split.name, similarity, std::to_string(c.count),
           c.count ? fmt::format("{} ({} to {})", percent(c.share), percent(c.low), percent(c.high)) : "",
           c.count ? shown(c.median_width) : ""});
    };
    add(all, "all");
    if (split.similarity.empty()) continue;
    for (const auto& bin : scoring::coverage_by_similarity(split.observed, split.low, split.high,
                                                           split.similarity, card.similarity_edges))
      add(bin, fmt::format("{:g} to {:g}", bin.similarity_low, bin.similarity_high));
  }
  if (rows.size() == 1) return "";
  text += table(rows, 2);
  const auto& first = card.splits.front();
  if (!first.low.empty())
    text += coverage_verdict(scoring::interval_coverage(first.observed, first.low, first.high),
                             card.nominal_coverage) +
            "\n\n";
  return text + (first.similarity.empty() ? "" : "![coverage near and far](similarity.svg)\n\n");
}

/// The part of a split whose similarity lies in [low, high), or [low, high] when `closed`.
CardSplit part_of(const CardSplit& split, double low, double high, bool closed) {
  CardSplit part;
  for (std::size_t i = 0; i < split.observed.size(); ++i) {
    const double s = split.similarity[i];
    if (!(s >= low && (s < high || (closed && s <= high)))) continue;
    part.observed.push_back(split.observed[i]);
    part.predicted.push_back(split.predicted[i]);
  }
  return part;
}

Cells calibration_row(const CardSplit& split, const std::string& name, const std::string& similarity) {
  const auto chance = scoring::calibration_error_by_chance(split.predicted);
  return {
      name,
      similarity,
      std::to_string(split.observed.size()),
      shown(scoring::property_metric(PropertyMetric::auroc, split.observed, split.predicted)),
      shown(scoring::expected_calibration_error(split.observed, split.predicted)),
      shown(scoring::expected_calibration_error(split.observed, split.predicted,
                                                scoring::CalibrationBins::equal_width)),
      std::isfinite(chance.value) ? fmt::format("{:.3g}, at most {:.3g}", chance.value, chance.high) : ""};
}

std::string calibration_section(const EndpointCard& card) {
  std::string text =
      "## Probabilities\n\nCalibration error: mean distance between said and true share over ten bins. By "
      "chance: what "
      "right probabilities would show with as many molecules (mean, 97.5 % quantile); an error below that "
      "quantile "
      "cannot be told from none.\n\n";
  std::vector<Cells> rows = {{"held out by", "similarity", "molecules", "AUROC", "error, equal mass",
                              "error, equal width", "by chance"}};
  for (const auto& split : card.splits) {
    rows.push_back(calibration_row(split, split.name, "all"));
    if (split.similarity.empty()) continue;
    const auto& edges = card.similarity_edges;
    for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
      const auto part = part_of(split, edges[e], edges[e + 1], e + 2 == edges.size());
      if (!part.observed.empty())
        rows.push_back(
            calibration_row(part, split.name, fmt::format("{:g} to {:g}", edges[e], edges[e + 1])));
    }
  }
  text += table(rows, 2);
  return text + (card.splits.front().similarity.empty() ? "" : "![near and far](similarity.svg)\n\n");
}

/// Sets of the molecules whose similarity lies between two edges.
scoring::ClassSetCoverage class_sets(const CardSplit& split, double low, double high, bool closed) {
  Values observed;
  std::vector<std::string> sets;
  for (std::size_t i = 0; i < split.observed.size(); ++i) {
    const double s = split.similarity.empty() ? low : split.similarity[i];
    if (!(s >= low && (s < high || (closed && s <= high)))) continue;
    observed.push_back(split.observed[i]);
    sets.push_back(split.classes[i]);
  }
  return scoring::class_set_coverage(observed, sets);
}

std::string class_set_section(const EndpointCard& card) {
  std::vector<Cells> rows = {{"held out by", "similarity", "class 1", "its set holds 1", "class 0",
                              "its set holds 0", "one class", "none"}};
  const auto share = [](const Interval& i, std::size_t n) {
    return n ? fmt::format("{} ({} to {})", percent(i.value), percent(i.low), percent(i.high)) : "";
  };
  for (const auto& split : card.splits) {
    if (split.classes.empty()) continue;
    const auto add = [&](const scoring::ClassSetCoverage& c, const std::string& similarity) {
      if (c.ones + c.zeros > 0)
        rows.push_back({split.name, similarity, std::to_string(c.ones), share(c.of_one, c.ones),
                        std::to_string(c.zeros), share(c.of_zero, c.zeros), percent(c.single),
                        percent(c.empty)});
    };
    add(scoring::class_set_coverage(split.observed, split.classes), "all");
    if (split.similarity.empty()) continue;
    const auto& edges = card.similarity_edges;
    for (std::size_t e = 0; e + 1 < edges.size(); ++e)
      add(class_sets(split, edges[e], edges[e + 1], e + 2 == edges.size()),
          fmt::format("{:g} to {:g}", edges[e], edges[e + 1]));
  }
  if (rows.size() == 1) return "";
  return fmt::format(
             "## Class sets\n\nThe classes that cannot be ruled out. Promised, for each class by itself: of "
             "its molecules {:.0f} % have it in their set. Brackets: 95 % interval (Wilson). One class: sets "
             "that decide; none: sets without a class, for molecules that are usual for neither.\n\n",
             100 * card.nominal_coverage) +
         table(rows, 2);
}

void publish(const std::string& path, const std::string& text) {
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

}  // namespace

std::string endpoint_card_text(const EndpointCard& card) {
  require_valid(card);
  std::string text = fmt::format("# {}\n\n", card.title.empty() ? card.name : card.title);
  text += verdict(card) + facts(card) + data_section(card) + performance_section(card);
  text += card.binary ? calibration_section(card) + class_set_section(card) : coverage_section(card);
  if (!card.limits.empty()) text += "## Limits\n\n" + bullets(card.limits);
  return text;
}

void write_endpoint_card(const EndpointCard& card, const std::string& folder) {
  const std::string text = endpoint_card_text(card);
  const CardSplit& split = card.splits.front();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw StorageError(fmt::format("cannot make the folder '{}': {}", folder, failed.message()));
  if (card.binary)
    publish(folder + "/reliability.svg", reliability_figure(card, split));
  else
    publish(folder + "/observed.svg", observed_figure(card, split));
  if (!split.similarity.empty() && (card.binary || !split.low.empty()))
    publish(folder + "/similarity.svg", similarity_figure(card, split));
  publish(folder + "/card.md", text);
}

}  // namespace theriac::cli
