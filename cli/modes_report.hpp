// What theriac bench modes measured, beside published figures.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/bench_conditions.hpp"

namespace theriac::cli {

/// One drug in one mode. Shares are of all draws, 0 to 1; NaN where nothing could be drawn.
struct ModeRow {
  std::string drug, mode, source;  ///< source: "network" or "random"
  std::string status = "ok", message;
  std::int64_t draws = 0;
  double valid = 0;                  ///< the SMILES reads back as itself
  double unique = 0;                 ///< distinct valid ones
  double satisfied = 0;              ///< does what was asked for
  double quality = 0;                ///< distinct, QED at least 0.6, SA score at most 4
  double diversity = 0;              ///< mean Tanimoto distance over pairs of distinct ones
  double drug_qed = 0, drug_sa = 0;  ///< of the drug itself
  std::string wanted;                ///< in words
};

/// QED at least, SA score at most: the quality that GenMol's authors count.
constexpr double good_qed = 0.6, good_sa = 4;

template <typename Row, typename Visit>
void visit_mode_row(Row& row, Visit visit) {
  visit("drug", row.drug);
  visit("mode", row.mode);
  visit("source", row.source);
  visit("status", row.status);
  visit("message", row.message);
  visit("draws", row.draws);
  visit("valid", row.valid);
  visit("unique", row.unique);
  visit("satisfied", row.satisfied);
  visit("quality", row.quality);
  visit("diversity", row.diversity);
  visit("drug_qed", row.drug_qed);
  visit("drug_sa", row.drug_sa);
  visit("wanted", row.wanted);
}

struct ModesReport {
  std::string csv, markdown, text;
};

ModesReport modes_report(const std::vector<ModeRow>& rows, const std::string& model,
                         const BenchConditions& conditions);

}  // namespace theriac::cli
