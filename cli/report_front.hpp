// The Pareto front in the report: who is on it, and where it lies.
#pragma once
#include <kainjow/mustache.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/report.hpp"
#include "cli/report_table.hpp"

namespace theriac::cli {

/// A plot with a line of words that says how to read it.
struct Figure {
  std::string svg, caption;
};

/// Every docked molecule by its first two objectives; none without a front or with one objective.
std::optional<Figure> front_figure(const RunReport& report, const ReportTable& table,
                                   const std::vector<std::size_t>& ranked);

/// For the template: the front, best total first, with raw value and desirability of each objective.
void put_front(const RunReport& report, const ReportTable& table, const std::vector<std::size_t>& ranked,
               kainjow::mustache::object& page);

}  // namespace theriac::cli
