#include "cli/endpoint_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/figure.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {
namespace {

using scoring::Values;

constexpr std::size_t most_dots = 2000;
constexpr std::size_t band_windows = 24;

std::string with_unit(const std::string& what, const std::string& unit) {
  return unit.empty() ? what : fmt::format("{} ({})", what, unit);
}

/// The range that holds all but the outermost half per cent of `values`, with a margin.
std::pair<double, double> drawn_range(Values values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }),
               values.end());
  if (values.empty()) return {0, 1};
  const double low = scoring::quantile(values, 0.005), high = scoring::quantile(values, 0.995);
  const double margin = high > low ? 0.08 * (high - low) : 1;
  return {low - margin, high + margin};
}

Curve line(double x0, double y0, double x1, double y1, int colour, bool dashed) {
  Curve curve;
  curve.points = {{x0, y0}, {x1, y1}};
  curve.colour = colour;
  curve.dashed = dashed;
  curve.width = 1.2;
  return curve;
}

/// A vertical bar with an end stop at each end.
void add_whisker(Panel& panel, double x, const scoring::Interval& interval, int colour) {
  const double stop = 0.012 * (panel.x.high - panel.x.low);
  Curve bar = line(x, interval.low, x, interval.high, colour, false);
  panel.curves.push_back(bar);
  for (const double end : {interval.low, interval.high})
    panel.curves.push_back(line(x - stop, end, x + stop, end, colour, false));
}

/// Medians of predictions and interval ends in windows of equally many molecules along the predictions.
void add_band(Panel& panel, const CardSplit& split) {
  std::vector<std::size_t> order(split.predicted.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return split.predicted[a] < split.predicted[b]; });
  const std::size_t windows = std::min(band_windows, order.size() / 5);
  Curve low, high;
  low.name = "prediction interval";
  low.colour = high.colour = 2;
  low.dashed = high.dashed = true;
  for (std::size_t w = 0; w < windows; ++w) {
    Values x, lows, highs;
    for (std::size_t i = w * order.size() / windows; i < (w + 1) * order.size() / windows; ++i) {
      x.push_back(split.predicted[order[i]]);
      lows.push_back(split.low[order[i]]);
      highs.push_back(split.high[order[i]]);
    }
    low.points.emplace_back(scoring::median(x), scoring::median(lows));
    high.points.emplace_back(scoring::median(x), scoring::median(highs));
  }
  panel.curves.push_back(low);
  panel.curves.push_back(high);
}

std::string dot_name(const CardSplit& split, std::size_t i) {
  std::string name = split.names.empty() ? std::string() : split.names[i] + ": ";
  name += fmt::format("observed {:.3g}, predicted {:.3g}", split.observed[i], split.predicted[i]);
  return split.similarity.empty() ? name : name + fmt::format(", similarity {:.2f}", split.similarity[i]);
}

/// Steps of a histogram of probabilities.
Curve spread_of(const Values& probability, double& tallest) {
  constexpr int bins = 20;
  Values share(bins);
  for (const double p : probability)
    share[static_cast<std::size_t>(std::clamp(static_cast<int>(p * bins), 0, bins - 1))] +=
        1.0 / static_cast<double>(probability.size());
  Curve steps;
  steps.points.emplace_back(0, 0);
  for (int b = 0; b < bins; ++b) {
    steps.points.emplace_back(static_cast<double>(b) / bins, share[static_cast<std::size_t>(b)]);
    steps.points.emplace_back(static_cast<double>(b + 1) / bins, share[static_cast<std::size_t>(b)]);
  }
  steps.points.emplace_back(1, 0);
  tallest = *std::max_element(share.begin(), share.end());
  return steps;
}

Panel similarity_panel(const std::string& title, const std::string& y_label) {
  Panel panel;
  panel.title = title;
  panel.x = {"similarity to the nearest training molecule", 0, 1};
  panel.y = {y_label, 0, 1};
  return panel;
}

void add_coverage(Panel& panel, const EndpointCard& card, const CardSplit& split) {
  Curve nominal = line(0, card.nominal_coverage, 1, card.nominal_coverage, 4, true);
  nominal.name = fmt::format("promised: {:.0f} %", 100 * card.nominal_coverage);
  panel.curves.push_back(nominal);
  for (const auto& bin : scoring::coverage_by_similarity(split.observed, split.low, split.high,
                                                         split.similarity, card.similarity_edges)) {
    if (bin.count == 0) continue;
    const double x = 0.5 * (bin.similarity_low + bin.similarity_high);
    add_whisker(panel, x, {bin.share, bin.low, bin.high}, 0);
    panel.dots.push_back({x, bin.share,
                          fmt::format("{:.1f} % of {} molecules at similarity {:g} to {:g}", 100 * bin.share,
                                      bin.count, bin.similarity_low, bin.similarity_high),
                          0});
    panel.notes.push_back({x - 0.03, 0.12, fmt::format("n {}", bin.count)});
  }
}

void add_shares(Panel& panel, const EndpointCard& card, const CardSplit& split) {
  for (std::size_t e = 0; e + 1 < card.similarity_edges.size(); ++e) {
    const double low = card.similarity_edges[e], high = card.similarity_edges[e + 1];
    const bool last = e + 2 == card.similarity_edges.size();
    std::size_t count = 0, positives = 0;
    double said = 0;
    for (std::size_t i = 0; i < split.observed.size(); ++i) {
      const double s = split.similarity[i];
      if (!(s >= low && (s < high || (last && s <= high)))) continue;
      ++count;
      positives += split.observed[i] > 0.5;
      said += split.predicted[i];
    }
    if (count == 0) continue;
    const double x = 0.5 * (low + high);
    const auto share = scoring::share_interval(positives, count);
    said /= static_cast<double>(count);
    add_whisker(panel, x, share, 0);
    panel.dots.push_back(
        {x, share.value, fmt::format("true share {:.3f} of {} molecules", share.value, count), 0});
    panel.dots.push_back({x, said, fmt::format("said {:.3f}", said), 1});
    panel.notes.push_back({x - 0.03, 0.03, fmt::format("n {}", count)});
  }
}

}  // namespace

std::string observed_figure(const EndpointCard& card, const CardSplit& split) {
  Values both = split.observed;
  both.insert(both.end(), split.predicted.begin(), split.predicted.end());
  const auto [low, high] = drawn_range(both);
  Panel panel;
  panel.title = fmt::format("{}: held out by {}", card.name, split.name);
  panel.x = {with_unit("predicted", card.unit), low, high};
  panel.y = {with_unit("observed", card.unit), low, high};
  panel.legend_at_top_left = true;
  const std::size_t step = (split.observed.size() + most_dots - 1) / most_dots;
  for (std::size_t i = 0; i < split.observed.size(); i += std::max<std::size_t>(1, step)) {
    const bool far = !split.similarity.empty() && card.similarity_edges.size() > 1 &&
                     split.similarity[i] < card.similarity_edges[1];
    panel.dots.push_back({split.predicted[i], split.observed[i], dot_name(split, i), far ? 1 : 0});
  }
  Curve diagonal = line(low, low, high, high, 4, false);
  diagonal.name = "predicted = observed";
  panel.curves.push_back(diagonal);
  if (!split.low.empty()) add_band(panel, split);
  return svg_figure({panel},
                    fmt::format("Observed against predicted {} of {} molecules held out by {}; far from the "
                                "training data as squares",
                                card.name, split.observed.size(), split.name));
}

std::string reliability_figure(const EndpointCard& card, const CardSplit& split) {
  Panel said;
  said.title = fmt::format("{}: held out by {}", card.name, split.name);
  said.x = {"said probability of class 1", 0, 1};
  said.y = {"true share of class 1", 0, 1};
  Curve diagonal = line(0, 0, 1, 1, 4, true), curve;
  diagonal.name = "as said";
  curve.name = "ten bins of equal mass";
  said.curves.push_back(diagonal);
  for (const auto& bin :
       scoring::reliability_bins(split.observed, split.predicted, scoring::CalibrationBins::equal_mass)) {
    const auto hits =
        static_cast<std::size_t>(std::lround(bin.observed_share * static_cast<double>(bin.count)));
    add_whisker(said, bin.mean_probability, scoring::share_interval(hits, bin.count), 0);
    curve.points.emplace_back(bin.mean_probability, bin.observed_share);
    said.dots.push_back({bin.mean_probability, bin.observed_share,
                         fmt::format("said {:.3f}, true {:.3f}, {} molecules", bin.mean_probability,
                                     bin.observed_share, bin.count),
                         0});
  }
  said.curves.push_back(curve);
  Panel spread;
  double tallest = 1;
  spread.curves.push_back(spread_of(split.predicted, tallest));
  spread.title = "how the probabilities are spread";
  spread.x = {"said probability of class 1", 0, 1};
  spread.y = {"share of the molecules", 0, 1.1 * tallest};
  return svg_figure({said, spread},
                    fmt::format("Reliability of the probabilities of {} for {} molecules held out by "
                                "{}",
                                card.name, split.observed.size(), split.name));
}

std::string similarity_figure(const EndpointCard& card, const CardSplit& split) {
  Panel panel;
  if (card.binary) {
    panel = similarity_panel("near and far: said (squares), true (circles)", "share of class 1");
    add_shares(panel, card, split);
  } else {
    panel = similarity_panel("near and far: coverage of the intervals", "observed values inside");
    add_coverage(panel, card, split);
  }
  return svg_figure(
      {panel},
      fmt::format("{} by similarity of {} held-out molecules to the nearest training molecule",
                  card.binary ? "Said and true share of class 1" : "Coverage", split.observed.size()));
}

}  // namespace theriac::cli
