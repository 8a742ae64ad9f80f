// Many ligands through docking at once, rows in input order, in bounded memory.
//
// read, parse, who is it (a few ahead, parallel) -> duplicates (in order) -> predict -> dock (parallel) ->
// journal (in order)
//
// For a device the same in batches: while one is searched there, the one before is finished and the next one
// prepared.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "datasets/journal.hpp"
#include "datasets/shard_records.hpp"
#include "scoring/ligand_docking.hpp"

namespace theriac::cli {

class Progress;
class Session;

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

/// With the threads of the session, stopped by it, telling it of rows and failures. Both outlive the options.
DockPipelineOptions told_pipeline(Session& session, Progress& progress);

/// The steps that a record takes; those that are absent are left out.
struct LigandSteps {
  const scoring::LigandIntake* intake = nullptr;    ///< always there
  const scoring::LigandDocking* docking = nullptr;  ///< without it, what passes the earlier steps is ok
  /// Fills `row.predicted` of these jobs and ends those that a rule on predicted values skips.
  std::function<void(const std::vector<scoring::LigandJob*>&)> predict;
};

/// Takes what the journal does not hold yet through the steps and appends it, block by block. Returns early
/// when asked to stop, with the molecules in hand finished and written. Throws StorageError.
DockProgress run_dock_pipeline(const datasets::RecordSupply& supply, const LigandSteps& steps,
                               datasets::Journal& journal, const DockPipelineOptions& options);

}  // namespace theriac::cli
