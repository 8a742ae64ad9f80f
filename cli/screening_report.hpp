// What the rows of a screening benchmark say: EF1 %, BEDROC and AUROC of docking, of Vina and of plain
// properties, set by set and on average, with their intervals.
#pragma once
#include <string>
#include <vector>

#include "cli/bench_conditions.hpp"
#include "cli/screening_row.hpp"

namespace theriac::cli {

struct ScreeningReportHead {
  BenchConditions conditions;
  double exhaustiveness = 8;
  std::string vina_version;  ///< empty: Vina was not run
  int vina_exhaustiveness = 8;
  std::vector<std::string> without_box;  ///< sets docked into the best pocket
};

struct ScreeningReport {
  std::string markdown;  ///< screening.md
  std::string text;      ///< the means for a terminal
  std::string json;      ///< theriac.bench/1
  std::string figure;    ///< screening.svg
};

/// `vina` holds rows of some or all of the molecules in `rows`. Engines are compared on the molecules that
/// both have a row of.
ScreeningReport screening_report(const std::vector<ScreeningRow>& rows, const std::vector<ScreeningRow>& vina,
                                 const ScreeningReportHead& head);

}  // namespace theriac::cli
