// Plots of the report as SVG text: sharp in print, no scripts, every point named when the mouse rests on it.
//
// Colours are those of M. Okabe and K. Ito that colour-blind readers tell apart
// (https://jfly.uni-koeln.de/color), and no plot says anything by colour alone.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace theriac::cli {

struct PlotFrame {
  int width = 440, height = 270;  ///< pixels
  std::string title;              ///< also the alternative text
  std::string x_label, y_label;   ///< with unit: "docking score (kcal/mol)"
};

/// One line through (x, y); not-a-number breaks it.
struct PlotSeries {
  std::string name;
  std::vector<double> x, y;
};

/// A vertical or horizontal line with a name, e.g. the reference ligand.
struct PlotMark {
  std::string name;
  double value = 0;
};

struct PlotPoint {
  double x = 0, y = 0;
  std::string name;       ///< shown on hover
  bool emphasis = false;  ///< drawn larger, in the second colour and as a square
};

/// Round numbers that cover [low, high] in about `count` steps.
std::vector<double> round_ticks(double low, double high, int count = 5);

/// Marks are vertical lines.
std::string line_plot(const PlotFrame& frame, const std::vector<PlotSeries>& series,
                      const std::vector<PlotMark>& marks = {});

/// Counts of `values` in round bins, as bars; a mark is a vertical line.
std::string histogram_plot(const PlotFrame& frame, const std::vector<double>& values,
                           const std::optional<PlotMark>& mark = {});

/// Points; a mark is a horizontal line.
std::string scatter_plot(const PlotFrame& frame, const std::vector<PlotPoint>& points,
                         const std::optional<PlotMark>& mark = {});

/// One property on a line of its own: middle half, median, whole range and a grey band of what is usual.
struct PropertyStrip {
  std::string name;  ///< with unit
  std::vector<double> values;
  double usual_low = 0, usual_high = 0;
};

std::string strip_plot(const PlotFrame& frame, const std::vector<PropertyStrip>& strips);

}  // namespace theriac::cli
