// What became of every record of a seed file: the table seeds.csv of a docking run.
#pragma once
#include <cstdint>

#include "chem/seed_pose.hpp"
#include "datasets/run_folder.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::scoring {

/// Records of a seed file by what became of them, each counted once.
struct SeedCounts {
  std::int64_t used = 0;       ///< refined for at least one ligand
  std::int64_t best = 0;       ///< of those: the best pose of a ligand, alone or together with the search
  std::int64_t refused = 0;    ///< the heavy atoms of a ligand, but not usable; seeds.csv says why
  std::int64_t unmatched = 0;  ///< no ligand of the input
  std::int64_t unread = 0;     ///< not a pose
};

/// Writes seeds.csv in `folder`: a row per record of the file and ligand that it was tried for, by record; a
/// record of no ligand has a row too. Throws StorageError.
SeedCounts publish_seed_table(datasets::RunFolder& folder, const DockedRows& rows,
                              const chem::SeedFile& seeds);

}  // namespace theriac::scoring
