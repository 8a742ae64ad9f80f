// Figures of benchmarks and campaigns as SVG files that stand alone: curves and points in one or several
// panels.
//
// Colours are those of M. Okabe and K. Ito, told apart by colour-blind readers; curves also differ by dashes,
// points by shape.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace theriac::cli {

struct Axis {
  std::string label;  ///< with unit
  double low = 0, high = 1;
  bool logarithmic = false;  ///< then both ends are positive
};

struct Curve {
  std::string name;  ///< empty: not in the legend
  std::vector<std::pair<double, double>> points;
  int colour = 0;  ///< 0 blue, 1 orange, 2 green, 3 purple, 4 grey
  bool dashed = false;
  double width = 2;
};

struct Dot {
  double x = 0, y = 0;
  std::string name;  ///< shown when the mouse rests on it
  int colour = 0;    ///< as for curves; also the shape
};

/// Words inside a panel, at a place in its own units.
struct Note {
  double x = 0, y = 0;
  std::string text;
};

struct Panel {
  std::string title;
  Axis x, y;
  std::vector<Curve> curves;
  std::vector<Dot> dots;
  std::vector<Note> notes;
  bool legend_at_top_left =
      false;  ///< else in the lower right corner, where curves that rise early leave room
};

/// Panels side by side. `description` is read to people who do not see the figure. What lies outside the axes
/// is not drawn.
std::string svg_figure(const std::vector<Panel>& panels, const std::string& description);

/// Round numbers from `low` to `high`, or powers of ten with their doubles and fives when `logarithmic`.
std::vector<double> axis_ticks(const Axis& axis);

}  // namespace theriac::cli
