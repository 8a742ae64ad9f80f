// A campaign's rounds and stages in the report.
#pragma once
#include <kainjow/mustache.hpp>
#include <vector>

#include "cli/report.hpp"
#include "cli/report_front.hpp"

namespace theriac::cli {

/// Totals, hypervolume and docking scores by round, stages marked; none without rounds.
std::vector<Figure> round_figures(const RunReport& report);

/// For the template: one row per stage.
kainjow::mustache::data stage_rows(const RunReport& report);

}  // namespace theriac::cli
