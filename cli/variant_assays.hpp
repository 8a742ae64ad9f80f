// Deep mutational scans on disk: index.tsv with one assay a line and its wild-type sequence, and beside it
// ASSAY.csv.gz with the columns mutant and score.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "scoring/variant_training.hpp"

namespace theriac::cli {

struct VariantAssaySet {
  std::vector<scoring::VariantAssay> assays;
  std::vector<std::string> proteins;       ///< residues; the assays count from here
  std::vector<std::string> protein_names;  ///< of the first assay
  /// Published Spearman by method (columns pg_spearman_*) and assay; NaN where the cell is empty.
  std::map<std::string, std::vector<double>> published;
};

/// `chosen`: just these assays; empty: all. Throws InputError naming file, line and value: a missing file or
/// column, a mutant that does not fit its sequence or is no single substitution, a score that is no number;
/// UsageError for a name that is not there.
VariantAssaySet read_variant_assays(const std::string& folder, const std::vector<std::string>& chosen = {});

}  // namespace theriac::cli
