// Which measurements a model learns from and which it is judged by.
//
// A random split flatters: close analogues of almost every test molecule stay in the training set. Whole
// Bemis-Murcko scaffolds moved together ask for new series, as a project does, and a split by time asks for
// what the project made next. Copies of one compound (equal skeletons: salts, stereoisomers, tautomers) never
// stand on both sides of the splits made here; for splits made elsewhere `leak_check` finds them.
//
// Every split is a function of the rows and the seed alone. Indices point into the rows and ascend.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "datasets/property_table.hpp"

namespace theriac::datasets {

struct DataSplit {
  std::vector<std::size_t> train, test;
};

/// A number per row, equal for rows that must stay together; numbered from 0 in the order of the rows.
/// Rows with one skeleton.
std::vector<std::size_t> skeleton_groups(const std::vector<Measurement>& rows);
/// Rows with one scaffold, or with one skeleton (tautomers may have two scaffolds). Molecules without rings
/// are grouped by skeleton: they are no series only because they have no ring.
std::vector<std::size_t> scaffold_groups(const std::vector<Measurement>& rows);

/// The fold, 0 .. folds-1, of each row. Groups stay whole; those larger than half a fold are dealt first, all
/// in an order drawn from the seed, each to the fold that has the least. Binary `classes` (one per row, may
/// be empty) are spread as evenly as the rows. A group larger than a fold makes its fold larger than the
/// others. Throws UsageError: fewer than 2 folds, fewer groups than folds.
std::vector<int> group_folds(const std::vector<std::size_t>& groups, int folds, std::uint64_t seed,
                             const std::vector<double>& classes = {});
/// Fold `fold` is the test set.
DataSplit fold_split(const std::vector<int>& fold_of_row, int fold);

/// About `test_share` of the rows, never more, in whole groups drawn from the seed. A group larger than half
/// of the test set goes to training. Throws UsageError when the share is not between 0 and 1 or no group
/// fits.
DataSplit group_split(const std::vector<std::size_t>& groups, double test_share, std::uint64_t seed);

/// Train and validation as the Therapeutics Data Commons makes them from train_val, by the rule of Chemprop's
/// `scaffold_balanced`: sets of molecules with one scaffold (those without rings are one set) are shuffled,
/// sets larger than half of the validation or test part first, and fill the training part as far as they fit;
/// the rest validates. TDC asks for a test part of nothing here, which makes every set "large", so the order
/// is one shuffle. The random numbers are ours: seed 1 is not TDC's seed 1, the distribution is the same.
DataSplit tdc_scaffold_split(const std::vector<Measurement>& rows, std::uint64_t seed,
                             double train_share = 0.875);

/// The latest `test_share` of the rows, by their time (datasets/measurement_time.hpp). Rows of one time stay
/// together, in training when they straddle the cut. Training rows with the skeleton of a test row leave
/// both. Throws InputError: a time that cannot be ordered (line and value), all times equal.
DataSplit time_split(const std::vector<Measurement>& rows, double test_share, const std::string& file);

/// By the split column: rows called `test` are the test set, all others the training set. Throws UsageError
/// when either is empty, with the names that the column holds.
DataSplit column_split(const std::vector<Measurement>& rows, const std::string& test = "test");

/// What stands in more than one fold.
struct FoldCheck {
  int folds = 0;
  std::size_t smallest = 0, largest = 0;  ///< rows of a fold
  std::size_t skeletons = 0;              ///< skeletons with rows in two or more folds
  std::size_t scaffolds = 0;              ///< scaffolds with rows in two or more folds, "no ring" not counted
};
FoldCheck fold_check(const std::vector<Measurement>& rows, const std::vector<int>& fold_of_row);
/// "5 folds of 130 to 151 rows; no compound and no scaffold in two folds or more"
std::string fold_line(const FoldCheck& check);

/// Molecules that no training row may be a copy of.
class HeldOutMolecules {
 public:
  void add(const Measurement& row);
  void add(const std::vector<Measurement>& rows);
  /// Rows that are not of this split ("test") are passed over.
  void add_split(const std::vector<Measurement>& rows, const std::string& split);

  /// Distinct skeletons.
  std::size_t size() const { return molecules_.size(); }
  bool holds(const Measurement& row) const { return molecules_.count(row.skeleton) > 0; }
  /// The same structure, stereo included, and not only the same skeleton.
  bool holds_exactly(const Measurement& row) const;

 private:
  std::map<std::string, std::vector<std::string>> molecules_;  // skeleton to canonical SMILES
};

struct LeakCheck {
  std::vector<std::size_t> kept, removed;  ///< training rows without and with a copy among the held out
  std::int64_t exact = 0;                  ///< removed: the same structure
  std::int64_t copies = 0;                 ///< removed: stereoisomers, tautomers and other drawings
  std::size_t held_out = 0;                ///< molecules looked for
  std::vector<std::string> examples;       ///< at most five: "line 17: 'CCO'"
};

/// The strict rule: every training row whose skeleton is held out leaves.
LeakCheck leak_check(const std::vector<Measurement>& training, const HeldOutMolecules& held_out);
/// "12 training rows removed: 9 the same structure as one of 182 test molecules, 3 stereoisomers or ..."
std::string leak_line(const LeakCheck& check);

}  // namespace theriac::datasets
