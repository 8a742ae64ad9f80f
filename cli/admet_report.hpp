// The table of the ADMET benchmark: rows as text, and the same for people.
#pragma once
#include <string>
#include <vector>

#include "cli/admet_task.hpp"

namespace theriac::cli {

std::vector<std::string> admet_columns();
std::vector<std::string> admet_cells(const AdmetTaskResult& result);
/// One line for the terminal.
std::string admet_line(const scoring::Endpoint& endpoint, const AdmetTaskResult& result);
/// Markdown: figures beside baselines and published ones, then intervals and calibration.
std::string admet_report(const std::vector<std::vector<std::string>>& rows);

}  // namespace theriac::cli
