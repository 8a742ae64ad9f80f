// theriac bench redock: does docking find the crystal pose again, how often and how fast, beside AutoDock
// Vina.
//
// Both engines get the same receptor, the same start conformer (unrelated to the crystal pose), the same box,
// the same number of poses, threads and seed, and run one after the other on each complex, turn about first.
// Success is a pose within 2 angstrom of the crystal pose, symmetry-corrected.
#pragma once
#include <string>

#include "cli/redock_set.hpp"

namespace theriac::cli {

class Session;

struct RedockOptions {
  std::string data;  ///< folder of the set
  std::string out = "bench-redock";
  ComplexChoice choice;
  double exhaustiveness = 8;
  bool with_vina = false;
  int vina_exhaustiveness = 8;
  int ring_conformers = 4;                    ///< at most, the input's included; 1: the input's only
  std::string simd = "auto", device = "cpu";  ///< of scoring::DockingOptions
};

/// Runs what is missing of `redock.csv`, then writes `redock.md` and `redock.svg` and prints the table.
/// Returns an exit code.
int bench_redock(const RedockOptions& options, Session& session);

/// Scores the crystal poses with our reference and with `vina --score_only`: `score_agreement.csv` and `.md`.
int bench_score_agreement(const RedockOptions& options, Session& session);

/// Measures poses that another program made of inputs/ID/ligand.pdbqt, POSES/ID.pdbqt, against the crystal
/// pose and prints CSV: pdbid, pose, rmsd.
int bench_pose_rmsd(const RedockOptions& options, const std::string& poses, Session& session);

}  // namespace theriac::cli
