// Measured affinities of molecules to proteins, as the benchmarks and as people keep them.
//
// - A folder of a published set: NAME_drugs, NAME_proteins and NAME_affinity (.tsv or .tsv.gz), the last with
//   indices into the first two, the value and the fold of H. Öztürk et al., Bioinformatics 34, i821 (2018):
//   "test", or 0 to 4 for training.
// - One table of one's own: a row a measurement with the columns `smiles`, `sequence` and the value; CSV or
// TSV,
//   plain or gzip. Equal molecules and equal sequences are brought together.
//
// Molecules are brought to their parents, so that a salt meets its base when something is predicted.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace theriac::datasets {

struct Affinity {
  std::uint32_t drug = 0, target = 0;
  float value = 0;
  int fold = 0;  ///< 0 to 4; test_fold; 0 where the file says nothing
};

struct AffinityTable {
  static constexpr int test_fold = -1;

  std::vector<std::string> smiles;     ///< of the drugs, standardised
  std::vector<std::string> targets;    ///< names
  std::vector<std::string> sequences;  ///< of the targets
  std::vector<Affinity> entries;
};

/// The set `name` ("davis") of `folder`; pKd where the file has it, else the value. Throws InputError naming
/// file, line and value for an index that does not exist, a number that is none, a molecule or sequence that
/// cannot be read.
AffinityTable read_affinity_set(const std::string& folder, const std::string& name);

/// A table of one's own. Rows without a number are an error that names the line.
AffinityTable read_affinity_rows(const std::string& path, const std::string& value_column);

}  // namespace theriac::datasets
