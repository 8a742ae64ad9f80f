// theriac bench distribution: how close a set of generated molecules comes to the molecules it should be
// like.
//
// Every MOSES metric, the Frechet ChemNet distance and GuacaMol's KL score of the generated molecules; beside
// them the same for as many training molecules drawn at random (the ceiling: what a perfect generator would
// get at that number) and, when given, for molecules of a random policy (the floor).
#pragma once
#include <cstdint>
#include <string>

#include "cli/reference_sets.hpp"

namespace theriac::cli {

class Session;

struct DistributionOptions {
  std::string molecules;      ///< the generated ones
  std::string train;          ///< what the generator learnt from
  ReferenceFiles references;  ///< held-out sets; properties are compared with the first. Cache: OUT/reference
  std::string floor;          ///< molecules of a random policy; may be empty
  std::string chemnet;        ///< weights; empty: no Frechet ChemNet distance
  std::string out = "bench-distribution";
  std::int64_t samples = 0;   ///< records drawn from `molecules` and from `floor`; 0: all
  std::int64_t guacamol = 0;  ///< also GuacaMol's own scores, of so many molecules; 0: no
};

/// Writes distribution.csv, .md, .json, molecules.csv (one row per generated record) and prints the table.
/// Returns an exit code. Records of references that cannot be read count as failed; that of generated
/// molecules is a result.
int bench_distribution(const DistributionOptions& options, Session& session);

}  // namespace theriac::cli
