// Which poses of other programs a ligand starts from, and what became of each.
#pragma once
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "chem/seed_pose.hpp"
#include "scoring/docked_row.hpp"
#include "scoring/docking.hpp"
#include "scoring/prepared_ligand.hpp"

namespace theriac::scoring {

/// The seed poses of a run.
struct SeedPoses {
  chem::SeedFile file;
  /// Titles that are names of ligands of the input: such a pose is for the ligands of that name only.
  std::set<std::string> claimed;
};

/// The poses of `seeds` for one ligand.
struct LigandSeeds {
  std::vector<std::size_t> poses;  ///< index in the file, per start
  StartPoses starts;
  std::vector<SeedOutcome> refused;  ///< of the ligand's heavy atoms, but not of the ligand
};

/// Throws MoleculeError. Thread-safe; in the order of the file.
LigandSeeds ligand_seeds(const SeedPoses& seeds, const PreparedLigand& ligand, const std::string& name);

/// Where the kept poses come from: "search", "seed 3 (boltz_1)", "search+seed 3 (boltz_1)" when the seed
/// ended at a pose that was found too, "seed 3 (boltz_1)+search" when the coordinates are the seed's.
std::string origin_text(const Pose& pose, const SeedPoses& seeds, const LigandSeeds& ligand);

/// One per pose of the file with the ligand's heavy atoms; `kept` are the poses of the answer.
std::vector<SeedOutcome> seed_outcomes(const SeedPoses& seeds, const LigandSeeds& ligand,
                                       const std::vector<StartOutcome>& starts,
                                       const std::vector<Pose>& kept);

}  // namespace theriac::scoring
