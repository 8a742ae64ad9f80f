// theriac bench peptides: does the language model know which peptide belongs to which target?
#pragma once
#include <string>

namespace theriac::cli {

class Session;

struct PeptideBenchOptions {
  std::string data;               ///< folder with pepmlm_test203.tsv.gz and pepnn_pdb_pairs.tsv.gz
  std::string out;                ///< folder for pairs.csv
  std::string model = "default";  ///< as theriac protein peptides takes it
  std::string split;              ///< which pairs it learned; empty: the file beside the model
  int shuffles = 5, others = 10;  ///< per pair
};

/// Returns an exit code.
int bench_peptides(const PeptideBenchOptions& options, Session& session);

}  // namespace theriac::cli
