// The options of `theriac dock` and what they mean for the engine and for the output.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/docking_site.hpp"
#include "cli/ligand_input.hpp"
#include "cli/pose_judges.hpp"
#include "scoring/docking.hpp"
#include "scoring/docking_results.hpp"
#include "scoring/ligand_docking.hpp"

namespace theriac::cli {

struct DockOptions {
  ReceptorOptions receptor;
  BoxOptions box;
  LigandInputOptions ligands;
  PoseJudgeOptions judges;
  std::string rank_ligands_by = "energy";  ///< "energy", "affinity", "size_corrected"
  std::string out, preset, scoring = "vina", simd = "auto", device = "cpu", filter, interactions = "on";
  std::string seed_poses;  ///< file of poses from other programs
  std::optional<double> exhaustiveness;
  std::optional<int> num_modes;
  double energy_range = 3.0, min_rmsd = 1.0, spacing = 0.375, checkpoint = 2.0, max_embed_time = 60;
  bool score_only = false, minimize = false, as_drawn = false, pdbqt = false;
};

/// Fills --rank_by where it was not given: probability, where the learned scorer applies to what is asked.
/// Returns a line that says why it is something else, if a user should know.
std::string settle_ranking(DockOptions& options);

void declare_dock_options(CLI::App& app, DockOptions& options);

/// What -o asks for: a folder, or a single file by its extension.
struct Destination {
  std::string folder;      ///< of the run; a working folder for a single file
  std::string file;        ///< inside the folder; empty: the whole folder is the result
  std::string final_path;  ///< where the single file goes; "-" is standard output
  scoring::ResultFiles files;

  bool single() const { return !file.empty(); }
};

/// Throws UsageError: no -o, or a file that exists without `overwrite`.
Destination destination(const DockOptions& options, bool overwrite);

scoring::DockingTask task_of(const DockOptions& options);

/// Engine settings; `records` decides the number of poses when none is given. Throws UsageError.
scoring::DockingOptions docking_options(const DockOptions& options, std::uint64_t seed, std::int64_t records);

scoring::LigandDockingOptions ligand_options(const DockOptions& options, const DockingSite& site,
                                             std::uint64_t seed, bool pdbqt);

/// The poses of --seed_poses; none without it. Throws InputError, and UsageError when nothing is searched.
std::shared_ptr<const scoring::SeedPoses> seed_poses(const DockOptions& options, const LigandInput& input);

/// What the result files say about receptor, box and search.
scoring::DockingTarget docking_target(const DockOptions& options, const DockingSite& site,
                                      const scoring::DockingOptions& docking);

/// Options that do not change a result, or are recorded as what they led to: not part of a run's identity.
const std::vector<std::string>& settings_of_no_consequence();

}  // namespace theriac::cli
