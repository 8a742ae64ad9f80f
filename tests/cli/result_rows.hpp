// Tables that the program wrote, cell by cell.
#pragma once
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

/// Lines of a CSV file, the first with the names of the columns.
using ResultRows = std::vector<std::vector<std::string>>;

inline ResultRows result_rows(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_csv(theriac::datasets::read_file(folder / file));
}

/// `line` 0 has the names.
inline std::string result_cell(const ResultRows& rows, std::size_t line, const std::string& column) {
  for (std::size_t i = 0; i < rows[0].size(); ++i)
    if (rows[0][i] == column) return rows.at(line).at(i);
  FAIL("no column " << column);
  return {};
}

/// The values of an SDF tag, in order.
inline std::vector<double> sdf_tags(const std::string& sdf, const std::string& name) {
  std::vector<double> out;
  for (auto at = sdf.find("<" + name + ">"); at != std::string::npos; at = sdf.find("<" + name + ">", at + 1))
    out.push_back(std::stod(sdf.substr(sdf.find('\n', at) + 1)));
  return out;
}
