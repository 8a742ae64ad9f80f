#include "cli/report_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/depiction.hpp"

namespace theriac::cli {
namespace {

using chem::xml_escaped;

constexpr const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7"};
constexpr const char* dashes[] = {"", "6 4", "2 3", "8 3 2 3"};
constexpr int left = 58, right = 14, top = 34, bottom = 46;  // room for labels, pixels

/// A range of numbers onto a range of pixels.
struct Scale {
  double low, high, from, to;

  double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

struct Canvas {
  const PlotFrame& frame;
  Scale x, y;
  std::string body;

  template <class... Values>
  void add(fmt::format_string<Values...> text, Values&&... values) {
    body += fmt::format(text, std::forward<Values>(values)...);
  }
};

std::string opening(const PlotFrame& frame) {
  return fmt::format(
      "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\"><title>{2}</title>"
      "<text x=\"{3}\" y=\"18\" class=\"plot-title\">{2}</text>",
      frame.width, frame.height, xml_escaped(frame.title), left - 44);
}

std::string nothing_to_show(const PlotFrame& frame) {
  return opening(frame) +
         fmt::format("<text x=\"{}\" y=\"{}\" class=\"label\" text-anchor=\"middle\">no values</text></svg>",
                     frame.width / 2, frame.height / 2);
}

/// Axes round the range of the data, widened to round numbers.
Canvas canvas(const PlotFrame& frame, double x_low, double x_high, double y_low, double y_high) {
  const auto xs = round_ticks(x_low, x_high), ys = round_ticks(y_low, y_high);
  Canvas c{frame,
           {xs.front(), xs.back(), left, static_cast<double>(frame.width - right)},
           {ys.front(), ys.back(), static_cast<double>(frame.height - bottom), top},
           opening(frame)};
  for (const double tick : ys) {
    c.add("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" class=\"grid\"/>", left, c.y(tick),
          frame.width - right, c.y(tick));
    c.add("<text x=\"{}\" y=\"{:.1f}\" class=\"tick\" text-anchor=\"end\">{:.6g}</text>", left - 6,
          c.y(tick) + 4, tick);
  }
  for (const double tick : xs)
    c.add("<text x=\"{:.1f}\" y=\"{}\" class=\"tick\" text-anchor=\"middle\">{:.6g}</text>", c.x(tick),
          frame.height - bottom + 16, tick);
  c.add("<line x1=\"{0}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" class=\"axis\"/>", left, frame.height - bottom,
        frame.width - right);
  c.add("<text x=\"{}\" y=\"{}\" class=\"label\" text-anchor=\"middle\">{}</text>",
        (left + frame.width - right) / 2, frame.height - 10, xml_escaped(frame.x_label));
  const int middle = (top + frame.height - bottom) / 2;
  c.add(
      "<text x=\"14\" y=\"{0}\" class=\"label\" text-anchor=\"middle\" transform=\"rotate(-90 14 "
      "{0})\">{1}</text>",
      middle, xml_escaped(frame.y_label));
  return c;
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
};

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  if (i + 1 >= sorted.size()) return sorted.back();
  return sorted[i] + (at - std::floor(at)) * (sorted[i + 1] - sorted[i]);
}

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out),
               [](double v) { return std::isfinite(v); });
  std::sort(out.begin(), out.end());
  return out;
}

void draw_series(Canvas& c, const PlotSeries& series, std::size_t index) {
  const char* colour = colours[index % std::size(colours)];
  std::string path;
  bool pen_down = false;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.y[i])) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f},{:.1f} ", pen_down ? 'L' : 'M', c.x(series.x[i]), c.y(series.y[i]));
    pen_down = true;
  }
  c.add("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/>", path,
        colour, dashes[index % std::size(dashes)]);
  for (std::size_t i = 0; i < series.x.size(); ++i)
    if (std::isfinite(series.y[i]))
      c.add(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"><title>{}, {:.6g}: "
          "{:.4g}</title></circle>",
          c.x(series.x[i]), c.y(series.y[i]), colour, xml_escaped(series.name), series.x[i], series.y[i]);
}

void draw_vertical(Canvas& c, const PlotMark& mark) {
  const double at = c.x(mark.value);
  const bool flip = at > c.frame.width * 0.6;
  c.add(
      "<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" stroke=\"{3}\" stroke-width=\"2\" "
      "stroke-dasharray=\"6 4\"/>",
      at, top, c.frame.height - bottom, colours[1]);
  c.add("<text x=\"{:.1f}\" y=\"{}\" class=\"tick mark\" text-anchor=\"{}\">{}</text>", at + (flip ? -5 : 5),
        top + 10, flip ? "end" : "start", xml_escaped(mark.name));
}

void draw_legend(Canvas& c, const std::vector<PlotSeries>& series) {
  int x = c.frame.width - right;
  for (std::size_t i = series.size(); i-- > 0;) {
    x -= 34 + 7 * static_cast<int>(series[i].name.size());
    c.add(
        "<line x1=\"{}\" y1=\"14\" x2=\"{}\" y2=\"14\" stroke=\"{}\" stroke-width=\"2\" "
        "stroke-dasharray=\"{}\"/>",
        x, x + 22, colours[i % std::size(colours)], dashes[i % std::size(dashes)]);
    c.add("<text x=\"{}\" y=\"18\" class=\"tick\">{}</text>", x + 26, xml_escaped(series[i].name));
  }
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(high > low)) {  // a single value: a band round it
    const double pad = low == 0 ? 1 : std::abs(low) * 0.1;
    low -= pad;
    high += pad;
  }
  const double raw = (high - low) / count, magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * magnitude;
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (factor * magnitude >= raw * 0.999) {
      step = factor * magnitude;
      break;
    }
  std::vector<double> ticks;
  const double first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
  for (double i = first; i <= last; ++i) ticks.push_back(i * step == 0 ? 0 : i * step);
  return ticks;
}

std::string line_plot(const PlotFrame& frame, const std::vector<PlotSeries>& series,
                      const std::vector<PlotMark>& marks) {
  Range x, y;
  for (const PlotSeries& s : series)
    for (std::size_t i = 0; i < s.x.size(); ++i)
      if (std::isfinite(s.y[i])) {
        x.include(s.x[i]);
        y.include(s.y[i]);
      }
  if (x.empty()) return nothing_to_show(frame);
  for (const PlotMark& mark : marks) x.include(mark.value);
  Canvas c = canvas(frame, x.low, x.high, y.low, y.high);
  for (const PlotMark& mark : marks) draw_vertical(c, mark);
  for (std::size_t i = 0; i < series.size(); ++i) draw_series(c, series[i], i);
  draw_legend(c, series);
  return c.body + "</svg>";
}

std::string histogram_plot(const PlotFrame& frame, const std::vector<double>& values,
                           const std::optional<PlotMark>& mark) {
  const auto sorted = finite(values);
  if (sorted.empty()) return nothing_to_show(frame);
  const double low = mark ? std::min(sorted.front(), mark->value) : sorted.front();
  const double high = mark ? std::max(sorted.back(), mark->value) : sorted.back();
  const auto edges = round_ticks(low, high, 20);
  std::vector<int> counts(edges.size() - 1, 0);
  for (const double v : sorted) {
    const auto bin = static_cast<std::size_t>((v - edges.front()) / (edges[1] - edges[0]));
    ++counts[std::min(bin, counts.size() - 1)];
  }
  // at least four, so that the counts on the axis are whole numbers
  Canvas c = canvas(frame, edges.front(), edges.back(), 0,
                    std::max(4, *std::max_element(counts.begin(), counts.end())));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    c.add(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"><title>{:.4g} to "
        "{:.4g}: {}</title></rect>",
        c.x(edges[i]) + 0.5, c.y(counts[i]), std::max(1.0, c.x(edges[i + 1]) - c.x(edges[i]) - 1),
        c.y(0) - c.y(counts[i]), colours[0], edges[i], edges[i + 1], counts[i]);
  }
  if (mark) draw_vertical(c, *mark);
  return c.body + "</svg>";
}

std::string scatter_plot(const PlotFrame& frame, const std::vector<PlotPoint>& points,
                         const std::optional<PlotMark>& mark) {
  Range x, y;
  for (const PlotPoint& p : points)
    if (std::isfinite(p.x) && std::isfinite(p.y)) {
      x.include(p.x);
      y.include(p.y);
    }
  if (x.empty()) return nothing_to_show(frame);
  if (mark) y.include(mark->value);
  Canvas c = canvas(frame, x.low, x.high, y.low, y.high);
  for (const bool emphasis : {false, true})  // the emphasised ones on top
    for (const PlotPoint& p : points) {
      if (p.emphasis != emphasis || !std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      if (emphasis)
        c.add(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"7\" height=\"7\" fill=\"{}\"><title>{}: {:.4g}, "
            "{:.4g}</title></rect>",
            c.x(p.x) - 3.5, c.y(p.y) - 3.5, colours[1], xml_escaped(p.name), p.x, p.y);
      else
        c.add(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"{}\" fill-opacity=\"0.55\"><title>{}: "
            "{:.4g}, {:.4g}</title></circle>",
            c.x(p.x), c.y(p.y), colours[0], xml_escaped(p.name), p.x, p.y);
    }
  if (mark) {
    c.add(
        "<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"2\" "
        "stroke-dasharray=\"6 4\"/>",
        left, c.y(mark->value), frame.width - right, c.y(mark->value), colours[1]);
    c.add("<text x=\"{}\" y=\"{:.1f}\" class=\"tick mark\" text-anchor=\"end\">{}</text>",
          frame.width - right - 4, c.y(mark->value) - 5, xml_escaped(mark->name));
  }
  return c.body + "</svg>";
}

std::string strip_plot(const PlotFrame& frame, const std::vector<PropertyStrip>& strips) {
  constexpr int row = 34, name_width = 170;
  PlotFrame grown = frame;
  grown.height = top + row * static_cast<int>(strips.size()) + 8;
  std::string svg = opening(grown);
  for (std::size_t i = 0; i < strips.size(); ++i) {
    const auto sorted = finite(strips[i].values);
    const int y = top + row * static_cast<int>(i) + 12;
    svg +=
        fmt::format("<text x=\"14\" y=\"{}\" class=\"label\">{}</text>", y + 5, xml_escaped(strips[i].name));
    if (sorted.empty()) continue;
    const auto ticks = round_ticks(std::min(sorted.front(), strips[i].usual_low),
                                   std::max(sorted.back(), strips[i].usual_high), 4);
    const Scale x{ticks.front(), ticks.back(), name_width, static_cast<double>(frame.width - 30)};
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"18\" class=\"usual\"><title>usual: {:.4g} to "
        "{:.4g}</title></rect>",
        x(strips[i].usual_low), y - 9, x(strips[i].usual_high) - x(strips[i].usual_low), strips[i].usual_low,
        strips[i].usual_high);
    svg += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{}\" x2=\"{:.1f}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>",
        x(sorted.front()), y, x(sorted.back()), y, colours[0]);
    const double q1 = quantile(sorted, 0.25), q2 = quantile(sorted, 0.5), q3 = quantile(sorted, 0.75);
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"10\" fill=\"{}\"><title>middle half {:.4g} to "
        "{:.4g}, median {:.4g}, range {:.4g} to {:.4g}</title></rect>",
        x(q1), y - 5, std::max(1.5, x(q3) - x(q1)), colours[0], q1, q3, q2, sorted.front(), sorted.back());
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" stroke=\"#fff\" stroke-width=\"2\"/>",
        x(q2), y - 5, y + 5);
    for (const double tick : ticks)
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" class=\"small\" text-anchor=\"middle\">{:.6g}</text>",
                         x(tick), y + 20, tick);
  }
  return svg + "</svg>";
}

}  // namespace theriac::cli
