// Measured values of one property, read from a table as people keep them: CSV, TSV or SDF, plain or gzip.
//
// What becomes of every record is counted, with examples: structures that cannot be read, empty cells, values
// that are no number, replicates that contradict each other. Molecules are brought to their parents (salts
// off, charges neutral), so that copies of one compound meet. Two ways of use:
//
// - a user's assay: replicates are merged. Numbers become their median and keep their spread; classes that
//   disagree are no measurement and leave, counted; a bound (">10") yields to an exact value of the same
//   molecule, and of several bounds the tightest stays.
// - a published benchmark: `merge_duplicates = false` keeps every row as it is, in the order of the file.
//
// Molecules are merged by the SMILES of their parent, within one split: stereoisomers stay apart. Copies that
// differ in stereo or tautomer only are found by the skeleton (datasets/data_split.hpp).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace theriac::datasets {

struct Measurement {
  std::string smiles;     ///< canonical, of the standardised parent
  std::string skeleton;   ///< chem::tautomer_skeleton of the parent
  std::string scaffold;   ///< Bemis-Murcko; empty without rings
  std::string name;       ///< from the file, else "file:line"
  double value = 0;       ///< as in the file; of classes 0 or 1
  int bound = 0;          ///< 0: exact; +1: at least `value` (">10"); -1: at most
  std::string split;      ///< empty without a split column
  std::string time;       ///< as in the file; of merged replicates the latest; empty without a time column
  std::int64_t line = 0;  ///< first line of the (first) record in the file, from 1
  int replicates = 1;     ///< exact values behind `value`; of bounds, how many
  double spread = 0;      ///< standard deviation (n - 1) of the replicates; 0 for one
};

struct PropertyTableOptions {
  std::string target_column = "y";
  std::string smiles_column;    ///< empty: found by name
  std::string name_column;      ///< empty: found by name, may be missing
  std::string split_column;     ///< empty: none
  std::string time_column;      ///< empty: none
  std::string relation_column;  ///< "=", ">", "<" of ChEMBL exports; empty: none
  bool standardise = true;      ///< off: molecules as they are drawn
  bool merge_duplicates = true;
  /// Off: the first target that is neither number, bound, label nor missing stops the reading. On: such rows
  /// leave, counted.
  bool skip_unreadable_targets = false;
  std::int64_t minimum_rows = 30;  ///< after merging
  bool allow_one_class = false;    ///< or one single value in all rows; benchmark files without test labels
};

/// Records of one fate.
struct RecordTally {
  std::int64_t count = 0;
  std::vector<std::string> examples;  ///< at most five: "line 17: 'C1CC': ring closure 1 is never closed"

  void add(std::string example);
};

struct PropertyTallies {
  std::int64_t records = 0;        ///< in the file
  RecordTally unreadable;          ///< no molecule
  RecordTally missing_targets;     ///< no value
  RecordTally unreadable_targets;  ///< only when these are skipped
  RecordTally conflicting;         ///< merged molecules that left because their labels or bounds disagree
  RecordTally not_standardised;    ///< kept as drawn, because their parent cannot be made
  RecordTally without_carbon;      ///< kept; models know few of them
  std::int64_t conflicting_records = 0;  ///< records of the molecules in `conflicting`
  std::int64_t merged_molecules = 0;     ///< rows made from two or more records
  std::int64_t merged_records = 0;       ///< records inside them
  std::int64_t yielding_bounds = 0;  ///< bounds set aside, because an exact value or a tighter bound is there
  std::int64_t contradicted_bounds = 0;  ///< of these, bounds that the exact value breaks
  /// Pooled standard deviation of replicates, the noise that no model can pass below; NaN without replicates.
  double replicate_deviation = 0;
};

struct PropertyTable {
  std::string file;
  std::vector<Measurement> rows;  ///< in the order of the file
  bool binary = false;            ///< every value is 0 or 1, and there are no bounds
  std::int64_t positives = 0;     ///< rows of class 1 in a binary table
  std::int64_t bounded = 0;       ///< rows whose value is a bound
  PropertyTallies tallies;
};

/// Molecules are prepared on all threads of the caller's TBB arena; the table does not depend on them. Throws
/// UsageError: a column that does not exist (nearest name). Throws InputError: missing or empty file, a
/// target that cannot be read (file, line, value, what to do), fewer rows than `minimum_rows`, one class
/// only, numbers that are classes but not 0 and 1.
PropertyTable read_property_table(const std::string& path, const PropertyTableOptions& options = {});

/// What was read and what left, one line each, for a terminal or a model card; numbers first.
std::vector<std::string> tally_lines(const PropertyTable& table);

}  // namespace theriac::datasets
