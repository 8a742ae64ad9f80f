// The result files of a docking run, written from its journal: results.csv, failures.csv, results.h5 and
// poses.sdf.gz. Equal journals give equal bytes. The columns are described in docs/results.md.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "datasets/journal.hpp"
#include "datasets/run_folder.hpp"
#include "scoring/docked_row.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::scoring {

/// What the HDF5 file says about the target.
struct DockingTarget {
  std::string name;             ///< group name: /docking/<name>
  std::string receptor_pdb;     ///< the prepared receptor
  std::string receptor_sha256;  ///< of the input file
  chem::Box box;
  std::string scoring;  ///< "vina"
  double exhaustiveness = 8;
};

struct DockingSummary {
  std::int64_t records = 0, ok = 0, failed = 0, skipped = 0, duplicates = 0;
  std::int64_t only_pdbqt = 0;  ///< ok rows whose poses are not in the SDF: ligands without bonds
  std::vector<DockedRow> best;  ///< the best rows, without poses' coordinates and texts
};

/// Rows of a journal block, in order.
std::vector<DockedRow> docked_rows(std::string_view payload);
/// A journal block of rows.
std::string docked_block(const std::vector<DockedRow>& rows);

/// Visits every row of a result, in input order; can be asked again.
using DockedRows = std::function<void(const std::function<void(const DockedRow&)>& visit)>;
/// Those of a journal, which outlives them.
DockedRows rows_of(const datasets::Journal& journal);

/// Which files to write; a run folder has all of them, a single-file output one.
struct ResultFiles {
  bool csv = true, failures = true, hdf5 = true, poses = true;
  bool pdbqt = false;
  bool side_chains = false;    ///< side_chains.pdb.gz, for flexible side chains
  bool compress_poses = true;  ///< poses.sdf.gz, else poses.sdf
  bool docked = true;          ///< the rows went through docking: scores, poses, properties and contacts
  int best = 0;                ///< so many of the best rows also as best.csv and best_poses.sdf.gz
  bool best_pdbqt = false;     ///< best_poses.pdbqt.gz; it is also there when some have no other form
  std::vector<datasets::Column> predicted;  ///< of DockedRow::predicted
  PoseJudges judges;                        ///< who judged the poses
  LigandOrder order = LigandOrder::energy;  ///< ranks and the best
};

/// Publishes the files in `folder`, whose journal holds every row. `top` best rows are returned.
/// Throws StorageError.
DockingSummary publish_docking_results(datasets::RunFolder& folder, const DockingTarget& target,
                                       const ResultFiles& files, const std::string& seed, int top);

/// The same for rows from elsewhere, for example from many shards.
DockingSummary publish_docking_results(datasets::RunFolder& folder, const DockedRows& rows,
                                       const DockingTarget& target, const ResultFiles& files,
                                       const std::string& seed, int top);

/// Counts and best rows of a journal, without writing anything.
DockingSummary summarise(const datasets::Journal& journal, int top);

}  // namespace theriac::scoring
