// Proposed peptides as a table: what every column of `theriac protein peptides` means stands here, once.
#pragma once
#include <string>
#include <vector>

#include "datasets/results_table.hpp"
#include "generative/peptide_specificity.hpp"
#include "scoring/developability.hpp"

namespace theriac::cli {

struct PeptideRow {
  std::string target, peptide, origin;
  generative::PeptideSpecificity specificity;
  scoring::Developability developability;
  double score = 0;     ///< specificity minus the cost of the warnings
  std::string smiles;   ///< empty where no molecule was asked for
  std::string message;  ///< why there is none
};

std::vector<datasets::Column> peptide_columns(const scoring::PeptideClasses& classes);
/// `rank` counts from 1 within a target.
datasets::Row peptide_cells(const PeptideRow& row, int rank);

}  // namespace theriac::cli
