// Many ligands through docking at once, rows in input order, in bounded memory.
//
// read (in order) -> parse, who is it (parallel) -> duplicates (in order) -> dock (parallel) -> journal (in
// order)
//
// For a device the same in batches: while one is searched there, the one before is finished and the next one
// prepared.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "chem/record_reader.hpp"
#include "chem/stop_token.hpp"
#include "datasets/journal.hpp"
#include "scoring/ligand_docking.hpp"

namespace theriac::cli {

/// How far the run is, counted over all of its processes.
struct DockProgress {
  std::int64_t done = 0, failed = 0;
  double best_score = 0;  ///< kcal/mol
  std::string best_name;  ///< empty until something is docked
};

struct DockPipelineOptions {
  int threads = 1;
  int batch = 0;             ///< records docked together, for a device; 0: one by one
  double block_seconds = 2;  ///< rows are written at least this often: what a kill can cost
  bool dock_duplicates_once = true;
  chem::StopToken stop;
  std::function<void(const DockProgress&)> on_row;            ///< from one thread at a time
  std::function<void(const scoring::DockedRow&)> on_failure;  ///< a row that failed in this process
};

/// Docks what the journal does not hold yet and appends it, block by block. Returns early when asked to stop,
/// with the molecules in hand finished and written. Throws StorageError.
DockProgress run_dock_pipeline(chem::RecordReader reader, const scoring::LigandDocking& docking,
                               datasets::Journal& journal, const DockPipelineOptions& options);

}  // namespace theriac::cli
