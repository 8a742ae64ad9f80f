// Rows of a docking result on their way into files: what is known of all of them, and duplicates filled in.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "datasets/sorted_pairs.hpp"
#include "scoring/docking_columns.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::scoring {

/// What is known only once every row is there. Of a million rows that are ranked or repeated, all but the
/// first lie in scratch files.
struct Overview {
  std::string folder;           ///< of the scratch files
  datasets::SortedPairs ranks;  ///< input index and rank of every row that has one
  datasets::SortedPairs
      repeated;  ///< input index of a row that duplicates point at, and of one such duplicate
  std::vector<std::string> input_columns;  ///< in order of first appearance
  DockingSummary summary;
};

/// Goes through the rows once. The `top` best by `order` are kept in memory, with their poses or without
/// coordinates. Throws StorageError.
Overview look_over(const DockedRows& rows, int top, bool with_poses, const std::string& folder,
                   LigandOrder order);

/// Rows in input order with their ranks, duplicates with the values of the record that they repeat.
using VisitRanked = std::function<void(const DockedRow&, const Rank&)>;
using RankedRows = std::function<void(const VisitRanked& visit)>;
/// `rows` and `overview` outlive them. A record waits in a scratch file until its last duplicate has passed.
RankedRows ranked(const DockedRows& rows, const Overview& overview);

/// What rows are written from: the rows themselves, what is known of all of them, and which files are wanted.
struct Writing {
  RankedRows rows;
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
