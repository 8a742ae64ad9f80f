// Rows of a docking result on their way into files: what is known of all of them, and duplicates filled in.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "scoring/docking_columns.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::scoring {

/// What is known only once every row is there.
struct Overview {
  Ranks ranks;
  std::vector<std::string> input_columns;  ///< in order of first appearance
  std::set<std::int64_t> originals;        ///< rows that duplicates point at
  bool only_pdbqt = false;  ///< some poses have no other form: their ligands came without bonds
  DockingSummary summary;
};

/// Goes through the rows once. The `top` best are kept, with their poses or without coordinates.
Overview look_over(const DockedRows& rows, int top, bool with_poses = false);

/// A duplicate carries the values of the record it repeats.
class DuplicateFiller {
 public:
  explicit DuplicateFiller(const std::set<std::int64_t>& originals) : wanted_(originals) {}

  DockedRow filled(const DockedRow& row);

 private:
  const std::set<std::int64_t>& wanted_;
  std::unordered_map<std::int64_t, DockedRow> originals_;
};

/// What rows are written from: the rows themselves, what is known of all of them, and which files are wanted.
struct Writing {
  const DockedRows& rows;
  const Overview& overview;
  const ResultFiles& files;
};

datasets::Row predicted_cells(const DockedRow& row, const ResultFiles& files);

/// results.h5: molecules, predictions, and per target the scores, contacts and coordinates of all poses.
/// Throws StorageError.
void write_hdf5(datasets::RunFolder& folder, const DockingTarget& target, const Writing& from);

template <typename Element>
void extend(std::vector<Element>& all, const std::vector<Element>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace theriac::scoring
