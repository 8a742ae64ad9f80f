#include "cli/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "chem/depiction.hpp"

namespace theriac::cli {
namespace {

constexpr const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#777777"};
constexpr int panel_width = 440, panel_height = 340;
constexpr int left = 62, right = 16, top = 36, bottom = 48;

/// A value of an axis as a share of its length.
double share(const Axis& axis, double value) {
  if (axis.logarithmic) return std::log(value / axis.low) / std::log(axis.high / axis.low);
  return (value - axis.low) / (axis.high - axis.low);
}

class PanelDrawing {
 public:
  PanelDrawing(const Panel& panel, int x_offset) : panel_(panel), x_offset_(x_offset) {}

  std::string text() {
    axes();
    for (const auto& curve : panel_.curves) draw(curve);
    for (const auto& dot : panel_.dots) draw(dot);
    for (const auto& note : panel_.notes)
      add("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"t\">{}</text>", x(note.x), y(note.y),
          chem::xml_escaped(note.text));
    legend();
    return std::move(out_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    out_ += fmt::format(format, std::forward<Values>(values)...);
    out_ += '\n';
  }

  double x(double value) const {
    return x_offset_ + left + share(panel_.x, value) * (panel_width - left - right);
  }
  double y(double value) const {
    return panel_height - bottom - share(panel_.y, value) * (panel_height - top - bottom);
  }
  bool inside(double a, double b) const {
    const double s = share(panel_.x, a), t = share(panel_.y, b);
    constexpr double edge = 1e-9;
    return s >= -edge && s <= 1 + edge && t >= -edge && t <= 1 + edge;
  }

  void axes() {
    const double x0 = x(panel_.x.low), x1 = x(panel_.x.high), y0 = y(panel_.y.low), y1 = y(panel_.y.high);
    add("<text x=\"{:.1f}\" y=\"20\" class=\"h\">{}</text>", x0, chem::xml_escaped(panel_.title));
    for (const double tick : axis_ticks(panel_.y)) {
      add("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#e4e4e4\"/>", x0, y(tick),
          x1, y(tick));
      add("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"t\" text-anchor=\"end\">{:g}</text>", x0 - 6, y(tick) + 4,
          tick);
    }
    for (const double tick : axis_ticks(panel_.x)) {
      add("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"#e4e4e4\"/>", x(tick),
          y0, y1);
      add("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"t\" text-anchor=\"middle\">{:g}</text>", x(tick), y0 + 16,
          tick);
    }
    add("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" stroke=\"#444\"/>",
        x0, y1, x1 - x0, y0 - y1);
    add("<text x=\"{:.1f}\" y=\"{}\" class=\"l\" text-anchor=\"middle\">{}</text>", (x0 + x1) / 2,
        panel_height - 10, chem::xml_escaped(panel_.x.label));
    add("<text x=\"{0}\" y=\"{1:.1f}\" class=\"l\" text-anchor=\"middle\" transform=\"rotate(-90 {0} "
        "{1:.1f})\">{2}</text>",
        x_offset_ + 16, (y0 + y1) / 2, chem::xml_escaped(panel_.y.label));
  }

  void draw(const Curve& curve) {
    std::string path;
    bool pen_down = false;
    for (const auto& [a, b] : curve.points) {
      const bool visible = std::isfinite(a) && std::isfinite(b) && inside(a, b);
      if (visible) path += fmt::format("{}{:.1f},{:.1f} ", pen_down ? 'L' : 'M', x(a), y(b));
      pen_down = visible;
    }
    if (path.empty()) return;
    add("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\"{}/>", path, colours[curve.colour],
        curve.width, curve.dashed ? " stroke-dasharray=\"6 4\"" : "");
  }

  void draw(const Dot& dot) {
    if (!std::isfinite(dot.x) || !std::isfinite(dot.y) || !inside(dot.x, dot.y)) return;
    const double a = x(dot.x), b = y(dot.y);
    const std::string title = fmt::format("<title>{}</title>", chem::xml_escaped(dot.name));
    if (dot.colour == 1)
      add("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"6\" height=\"6\" fill=\"{}\" "
          "fill-opacity=\"0.7\">{}</rect>",
          a - 3, b - 3, colours[dot.colour], title);
    else
      add("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.2\" fill=\"{}\" fill-opacity=\"0.7\">{}</circle>", a, b,
          colours[dot.colour], title);
  }

  void legend() {
    std::vector<const Curve*> named;
    for (const auto& curve : panel_.curves)
      if (!curve.name.empty()) named.push_back(&curve);
    const bool at_left = panel_.legend_at_top_left;
    const double last = 16.0 * (static_cast<double>(named.size()) - 1);
    double line = at_left ? top + 18.0 : panel_height - bottom - 10 - last;
    const double from = at_left ? x(panel_.x.low) + 10 : x(panel_.x.high) - 36;
    for (const Curve* curve : named) {
      add("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
          "stroke-width=\"{:g}\"{}/>",
          from, line - 4, from + 26, line - 4, colours[curve->colour], curve->width,
          curve->dashed ? " stroke-dasharray=\"6 4\"" : "");
      add("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"t\" text-anchor=\"{}\">{}</text>",
          at_left ? from + 32 : from - 6, line, at_left ? "start" : "end", chem::xml_escaped(curve->name));
      line += 16;
    }
  }

  const Panel& panel_;
  int x_offset_;
  std::string out_;
};

std::vector<double> decades(const Axis& axis) {
  std::vector<double> ticks;
  const bool few = axis.high / axis.low < 200;
  for (double power = std::pow(10.0, std::floor(std::log10(axis.low))); power <= axis.high; power *= 10)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * power;
      if ((few || factor == 1.0) && tick >= axis.low * 0.999 && tick <= axis.high * 1.001)
        ticks.push_back(tick);
    }
  return ticks;
}

}  // namespace

std::vector<double> axis_ticks(const Axis& axis) {
  if (axis.logarithmic) return decades(axis);
  const double raw = (axis.high - axis.low) / 6, magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * magnitude;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * magnitude >= raw * 0.999) step = factor * magnitude;
  std::vector<double> ticks;
  for (double i = std::ceil(axis.low / step - 1e-9) + 0.0; i * step <= axis.high + 1e-9 * step; ++i)
    ticks.push_back(i * step);
  return ticks;
}

std::string svg_figure(const std::vector<Panel>& panels, const std::string& description) {
  const int width = panel_width * static_cast<int>(panels.size());
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\">\n"
      "<title>{2}</title>\n"
      "<style>text{{font-family:sans-serif;fill:#222}}.h{{font-size:14px;font-weight:bold}}.l{{font-size:"
      "12px}}"
      ".t{{font-size:11px}}</style>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
      width, panel_height, chem::xml_escaped(description));
  for (std::size_t i = 0; i < panels.size(); ++i)
    text += PanelDrawing(panels[i], panel_width * static_cast<int>(i)).text();
  return text + "</svg>\n";
}

}  // namespace theriac::cli
