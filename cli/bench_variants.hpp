// theriac bench variants: how well the effects of substitutions are ranked, on deep mutational scans, beside
// BLOSUM62, the homolog profile alone, the language model alone and published figures.
//
// Weights are fitted without the protein that they are measured on: all its assays are left out. Homologs
// are searched in a database, or read from a folder of ASSAY.a3m, as an earlier run leaves them.
#pragma once
#include <string>
#include <vector>

#include "cli/variant_evidence.hpp"

namespace theriac::cli {

struct VariantBenchOptions {
  std::string data, out;
  std::vector<std::string> assays;  ///< empty: all
  VariantEvidenceOptions evidence;  ///< `homologs` is a folder here
};

int bench_variants(const VariantBenchOptions& options, Session& session);

}  // namespace theriac::cli
