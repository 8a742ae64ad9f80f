// theriac bench screening: are actives ranked before decoys, beside AutoDock Vina and beside plain
// properties.
//
// Molecules are docked as drawn (no change of protonation) from generated conformers. Decoys are presumed
// inactive and known to be told apart by simple properties in part, so molecular weight, heavy atoms and log
// P alone are ranked too: docking has to beat them.
#pragma once
#include <string>
#include <vector>

#include "cli/pose_judges.hpp"

namespace theriac::cli {

class Session;

struct ScreeningOptions {
  std::string data;     ///< folder of the sets
  std::string targets;  ///< folder of their receptors
  std::string out = "bench-screening";
  std::vector<std::string> sets;  ///< empty: all
  int actives = 0, decoys = 0;    ///< drawn from every set; 0: all
  double exhaustiveness = 8;
  bool with_vina = false;
  int vina_exhaustiveness = 8;
  int vina_actives = 0, vina_decoys = 0;  ///< of those, for Vina; 0: the same molecules
  int ring_conformers = 4;
  PoseJudgeOptions judges;  ///< who also judges the poses of our docking
};

/// Runs what is missing of `screening.csv` (and `screening_vina.csv`), then writes `screening.md` and
/// `screening.svg` and prints the table. Returns an exit code.
int bench_screening(const ScreeningOptions& options, Session& session);

}  // namespace theriac::cli
