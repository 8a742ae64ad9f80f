#include "cli/admet_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "cli/bench_conditions.hpp"
#include "cli/published_admet.hpp"

namespace theriac::cli {
namespace {

using Row = std::vector<std::string>;

std::string cell(double value) {
  return std::isfinite(value) ? fmt::format("{:.4f}", value) : std::string();
}

/// A row of the table by column name.
class Figures {
 public:
  explicit Figures(const Row& row) : row_(row) {}
  const std::string& text(const std::string& column) const {
    static const auto columns = admet_columns();
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i] == column) return row_[i];
    static const std::string none;
    return none;
  }
  double number(const std::string& column) const {
    const std::string& t = text(column);
    return t.empty() ? std::nan("") : std::strtod(t.c_str(), nullptr);
  }
  std::string shown(const std::string& column, int decimals = 3) const {
    return text(column).empty() ? "-" : fmt::format("{:.{}f}", number(column), decimals);
  }
  std::string interval(const std::string& name) const {
    return text(name).empty()
               ? "-"
               : fmt::format("{} [{}, {}]", shown(name), shown(name + "_low"), shown(name + "_high"));
  }

 private:
  const Row& row_;
};

/// "above", "within" or "below" the published figure, by the interval of ours.
std::string verdict(const Figures& f, const PublishedAdmet& published, bool higher) {
  const double low = f.number("ensemble_low"), high = f.number("ensemble_high");
  if (published.best >= low && published.best <= high) return "within error";
  return (published.best < low) == higher ? "better" : "worse";
}

std::string markdown(const std::vector<Row>& table) {
  return markdown_table(table);
}

}  // namespace

std::vector<std::string> admet_columns() {
  return {"task",
          "metric",
          "train_rows",
          "test_rows",
          "copies_of_test",
          "protocol",
          "network_weight",
          "trees",
          "mean",
          "deviation",
          "ensemble",
          "ensemble_low",
          "ensemble_high",
          "forest",
          "forest_low",
          "forest_high",
          "gain_over_forest",
          "gain_low",
          "gain_high",
          "neighbour",
          "coverage",
          "coverage_low",
          "coverage_high",
          "coverage_near",
          "near_rows",
          "coverage_far",
          "far_rows",
          "calibration_error",
          "calibration_error_by_chance",
          "set_coverage_of_1",
          "set_coverage_of_0",
          "set_of_one_class",
          "set_empty",
          "outside_domain",
          "seconds"};
}

std::vector<std::string> admet_cells(const AdmetTaskResult& r) {
  const auto& endpoint = scoring::known_endpoint(r.task);
  const auto set_cell = [&](double value) {
    return endpoint.kind == scoring::EndpointKind::probability ? cell(value) : std::string();
  };
  return {r.task,
          scoring::metric_name(endpoint.metric),
          std::to_string(r.train_rows),
          std::to_string(r.test_rows),
          std::to_string(r.copies_of_test),
          r.cross_validated ? "scaffold cross-validation" : "official test set",
          cell(r.network_weight),
          cell(r.trees),
          cell(r.mean),
          cell(r.deviation),
          cell(r.ensemble.value),
          cell(r.ensemble.low),
          cell(r.ensemble.high),
          cell(r.forest.value),
          cell(r.forest.low),
          cell(r.forest.high),
          cell(r.gain.value),
          cell(r.gain.low),
          cell(r.gain.high),
          cell(r.neighbour),
          cell(r.coverage),
          cell(r.coverage_low),
          cell(r.coverage_high),
          cell(r.coverage_near),
          std::to_string(r.near_rows),
          cell(r.coverage_far),
          std::to_string(r.far_rows),
          cell(r.calibration_error),
          cell(r.calibration_by_chance),
          set_cell(r.sets.of_one.value),
          set_cell(r.sets.of_zero.value),
          set_cell(r.sets.single),
          set_cell(r.sets.empty),
          cell(r.outside),
          fmt::format("{:.1f}", r.seconds)};
}

std::string admet_line(const scoring::Endpoint& endpoint, const AdmetTaskResult& r) {
  return fmt::format("{:32} {:8} {:.3f} [{:.3f}, {:.3f}]  forest {:.3f}  neighbour {:.3f}  {:.0f} s", r.task,
                     scoring::metric_name(endpoint.metric), r.ensemble.value, r.ensemble.low, r.ensemble.high,
                     r.forest.value, r.neighbour, r.seconds);
}

std::string admet_report(const std::vector<Row>& rows) {
  std::vector<Row> tested = {{"task", "metric", "5 seeds", "ensemble [95 %]", "trees alone", "random forest",
                              "gain over it [95 %]", "nearest neighbour", "published best", "MapLight",
                              "against the best"}};
  std::vector<Row> folded = {
      {"task", "metric", "ours [95 %]", "random forest", "gain over it [95 %]", "nearest neighbour"}};
  std::vector<Row> values = {
      {"task", "rows", "inside the 90 % interval [95 %]", "similarity from 0.5", "below 0.3"}};
  std::vector<Row> classes = {{"task", "rows", "calibration error", "by chance alone",
                               "90 % set holds 1, of class 1", "holds 0, of class 0", "one class", "none"}};
  int not_below = 0, above_forest = 0;
  for (const Row& row : rows) {
    const Figures f(row);
    const auto& endpoint = scoring::known_endpoint(f.text("task"));
    above_forest += f.number("gain_over_forest") > 0;
    if (f.text("protocol") != "official test set") {
      folded.push_back(
          {f.text("task"), f.text("metric"), f.interval("ensemble"), f.shown("forest"),
           fmt::format("{} [{}, {}]", f.shown("gain_over_forest"), f.shown("gain_low"), f.shown("gain_high")),
           f.shown("neighbour")});
      continue;
    }
    const auto* published = published_admet(endpoint.name);
    const std::string against =
        published ? verdict(f, *published, scoring::higher_is_better(endpoint.metric)) : "-";
    not_below += against == "better" || against == "within error";
    tested.push_back(
        {f.text("task"), f.text("metric"), fmt::format("{} ± {}", f.shown("mean"), f.shown("deviation")),
         f.interval("ensemble"), f.shown("trees"), f.shown("forest"),
         fmt::format("{} [{}, {}]", f.shown("gain_over_forest"), f.shown("gain_low"), f.shown("gain_high")),
         f.shown("neighbour"), published ? fmt::format("{:.3f}", published->best) : "-",
         published ? fmt::format("{:.3f}", published->maplight) : "-", against});
    if (endpoint.kind == scoring::EndpointKind::value)
      values.push_back({f.text("task"), f.text("test_rows"), f.interval("coverage"),
                        fmt::format("{} of {}", f.shown("coverage_near"), f.text("near_rows")),
                        fmt::format("{} of {}", f.shown("coverage_far"), f.text("far_rows"))});
    else
      classes.push_back({f.text("task"), f.text("test_rows"), f.shown("calibration_error"),
                         f.shown("calibration_error_by_chance"), f.shown("set_coverage_of_1"),
                         f.shown("set_coverage_of_0"), f.shown("set_of_one_class"), f.shown("set_empty")});
  }
  std::string out = "# Endpoints of absorption, distribution, metabolism, excretion and toxicity\n\n";
  out +=
      "Therapeutics Data Commons ADMET group, official scaffold test sets. Training rows whose molecule "
      "stands in the "
      "test set in another drawing (stereo, tautomer, salt) were left out. Intervals are percentile "
      "bootstraps over "
      "the test molecules; the gain is paired and positive where ours is better.\n\n";
  out += markdown(tested) + "\n" + published_admet_source() + "\n";
  out += fmt::format(
      "\nNot below the published best beyond the error of the test set: {} of {} tasks. Above the random "
      "forest: {} of {}.\n",
      not_below, tested.size() - 1, above_forest, rows.size());
  if (folded.size() > 1)
    out +=
        "\n## Tasks without test labels\n\nFive-fold cross-validation by scaffold inside the training rows; "
        "not "
        "comparable with published test figures.\n\n" +
        markdown(folded);
  if (values.size() > 1)
    out +=
        "\n## Are the intervals true?\n\nShare of test measurements inside their 90 % interval, with its own "
        "error; "
        "and apart by similarity to the nearest training molecule.\n\n" +
        markdown(values);
  if (classes.size() > 1)
    out +=
        "\n## Are the probabilities true?\n\nExpected calibration error in ten bins of equally many test "
        "molecules, "
        "beside what it would be if every probability were exactly right; and the 90 % class sets: the "
        "share of the molecules of a class whose set holds it, and of sets that decide for one class or hold "
        "none.\n\n" +
        markdown(classes);
  return out;
}

}  // namespace theriac::cli
