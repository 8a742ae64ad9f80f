#include "cli/report_front.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cli/report_plot.hpp"

namespace theriac::cli {
namespace {

using kainjow::mustache::data;
using Object = kainjow::mustache::object;

constexpr std::size_t front_shown = 100;

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : std::string("-");
}

std::vector<std::string> objective_names(const ReportTable& table) {
  std::vector<std::string> names;
  const std::string ending = "_desirability";
  for (const std::string& column : table.columns())
    if (column.size() > ending.size() && column.substr(column.size() - ending.size()) == ending)
      names.push_back(column.substr(0, column.size() - ending.size()));
  return names;
}

bool on_front(const ReportTable& table, std::size_t row) {
  return table.text(row, "pareto_front") == "1";
}

}  // namespace

std::optional<Figure> front_figure(const RunReport& report, const ReportTable& table,
                                   const std::vector<std::size_t>& ranked) {
  const auto names = objective_names(table);
  if (!report.front || names.size() < 2) return {};
  PlotFrame frame;
  frame.title = "Pareto front in two objectives";
  frame.x_label = names[0] + ": desirability";
  frame.y_label = names[1] + ": desirability";
  std::vector<PlotPoint> points;
  for (const std::size_t row : ranked)
    points.push_back({table.number(row, names[0] + "_desirability"),
                      table.number(row, names[1] + "_desirability"), table.text(row, "name"),
                      on_front(table, row)});
  return Figure{scatter_plot(frame, points),
                names.size() > 2
                    ? "Squares are the front of all objectives: those inside the cloud are on it for "
                      "an objective that is not drawn."
                    : "Squares are the front."};
}

void put_front(const RunReport& report, const ReportTable& table, const std::vector<std::size_t>& ranked,
               Object& page) {
  page["has_front"] = report.front.has_value();
  if (!report.front) return;
  const auto names = objective_names(table);
  data heads{data::type::list}, rows{data::type::list};
  for (const std::string& name : names) heads.push_back(Object{{"name", name}});
  std::size_t shown = 0;
  for (const std::size_t row : ranked) {
    if (!on_front(table, row) || ++shown > front_shown) continue;
    data cells{data::type::list};
    for (const std::string& name : names)
      cells.push_back(Object{{"raw", fixed(table.number(row, name + "_value"), 2)},
                             {"desirability", fixed(table.number(row, name + "_desirability"), 2)}});
    rows.push_back(Object{{"rank", table.text(row, "rank")},
                          {"name", table.text(row, "name")},
                          {"smiles", table.text(row, "smiles")},
                          {"total", fixed(table.number(row, "total"), 3)},
                          {"cells", cells}});
  }
  page["front_objectives"] = std::move(heads);
  page["front"] = std::move(rows);
  std::string words =
      fmt::format("{} of the docked molecules are beaten by no other in every objective at once{}.",
                  report.front->molecules,
                  shown > front_shown ? fmt::format("; the first {} are shown", front_shown) : "");
  if (std::isfinite(report.front->hypervolume))
    words += fmt::format(
        " The front dominates {:.3f} of the unit cube of desirabilities (hypervolume from 0 in every "
        "objective, docking effort of the loop), against {:.3f} in the first round.",
        report.front->hypervolume, report.front->hypervolume_at_start);
  page["front_words"] = words;
}

}  // namespace theriac::cli
