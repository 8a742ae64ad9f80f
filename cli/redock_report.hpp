// What the rows of a redocking benchmark say: shares within 2 angstrom, times, ratios, with their intervals.
#pragma once
#include <string>
#include <vector>

#include "cli/bench_conditions.hpp"
#include "cli/redock_row.hpp"
#include "scoring/bootstrap.hpp"

namespace theriac::cli {

struct RedockReportHead {
  BenchConditions conditions;
  double exhaustiveness = 8;
  int ring_conformers = 1;
  std::string vina_version;  ///< empty: Vina was not run
  int vina_exhaustiveness = 8;
  std::vector<std::string> left_out;  ///< complexes without a start conformer
};

struct RedockReport {
  std::string markdown;  ///< redock.md
  std::string text;      ///< the table for a terminal
  std::string json;      ///< theriac.bench/1
  std::string figure;    ///< redock.svg
};

RedockReport redock_report(const std::vector<RedockRow>& rows, const RedockReportHead& head);

/// Share of rows with `rmsd` within `threshold` angstrom, and its interval. A row without a pose counts as a
/// miss.
scoring::Interval success(const std::vector<RedockRow>& rows, RedockResult RedockRow::*engine,
                          double RedockResult::*rmsd, double threshold = 2.0);

}  // namespace theriac::cli
