// Docks what a pose scorer learns from: complexes whose true pose is known, and any receptor with any
// molecules, whose poses only a teacher can judge. Every ligand's poses are kept in a file, so that a stopped
// run goes on where it was.
//
// Complexes: a redocking set (redock_set.hpp). Receptors: a folder with `boxes.csv` (columns target,
// center_x/y/z, size_x/y/z in angstrom) and TARGET.pdbqt or TARGET.pdbqt.gz beside it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/pose_score_training.hpp"

namespace theriac::cli {

class Session;

struct PosePoolOptions {
  std::string complexes;               ///< folder of a redocking set
  std::string receptors;               ///< folder with boxes.csv; empty: none
  std::vector<std::string> molecules;  ///< files of molecules for those receptors
  std::string teacher;                 ///< file of one of gnina's networks; empty: no teacher
  std::string folder;                  ///< where pools are kept
  int per_receptor = 14;               ///< molecules
  int searches = 3;                    ///< of each complex, by seeds that follow one another
  /// The teacher's affinities too: poses that were kept without them are judged again, or docked again where
  /// their coordinates were not kept.
  bool affinities = false;
};

/// At most so many conformers of rings are docked of each complex, its own first.
constexpr int complex_ring_conformers = 4;

/// By id; groups are given by related_proteins(). Ligands that cannot be docked are warned of and left out.
/// Fewer when asked to stop. Throws InputError, ModelError, StorageError.
std::vector<scoring::PosePool> pose_pools(const PosePoolOptions& options, Session& session);

/// All that such a run has kept in a folder. Throws InputError, and ModelError when its files were not all
/// made with the same settings.
std::vector<scoring::PosePool> kept_pose_pools(const std::string& folder);

}  // namespace theriac::cli
