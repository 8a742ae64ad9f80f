// The search: many independent Monte Carlo chains with local minimisation, one chain per SIMD lane.
//
// A chain perturbs its current pose (shift, turn, or one torsion drawn anew), minimises, and accepts by
// Metropolis at 1.2 kcal/mol (R. Abagyan, M. Totrov, D. Kuznetsov, J. Comput. Chem. 15, 488 (1994); O. Trott,
// A. J. Olson, J. Comput. Chem. 31, 455 (2010)). Effort is counted in energy evaluations, not in steps, so
// all lanes of a vector stay busy. All stop early when enough of them agree on the best pose; otherwise the
// worse half is set from time to time on the poses of the best quarter.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/affinity_grid.hpp"
#include "scoring/pose_model.hpp"

namespace theriac::scoring {

struct SearchEffort {
  int chains = 32;               ///< a multiple of 16, so that every SIMD width divides it
  int evaluations = 6000;        ///< per chain, at most
  int round = 500;               ///< evaluations between looks at the other chains
  int minimum_rounds = 2;        ///< before the search may stop early
  int rounds_between_drops = 4;  ///< then the worse half of the chains goes on from poses of the best quarter
  double agreeing_share =
      0.125;  ///< of the chains, that must have found the best pose independently for an early stop
  int poses_per_chain = 9;
  int iterations = 0;  ///< BFGS iterations per minimisation; 0: 20 + heavy atoms
};

/// The effort of an exhaustiveness (8 = Vina's default) for a ligand.
SearchEffort search_effort(double exhaustiveness, const PoseModel& model, int num_modes);

struct FoundPose {
  Conformation conformation;
  double energy;                           ///< on the grids, intramolecular included, kcal/mol
  std::vector<chem::Vector3> coordinates;  ///< heavy atoms of the ligand
};

struct SearchResult {
  std::vector<FoundPose> poses;   ///< of all chains, by energy; not clustered
  std::uint64_t evaluations = 0;  ///< all chains
  int agreeing_chains = 0;  ///< chains that found the best pose by themselves (1 angstrom, 0.5 kcal/mol)
};

/// Equal (seed, key) give equal bytes at every SIMD level and number of threads.
SearchResult search_poses(const PoseModel& model, const AffinityGrids& grids, const DockingKernel& kernel,
                          const chem::Box& box, ScoringFunction scoring, const SearchEffort& effort,
                          std::uint64_t seed, const std::string& key);

}  // namespace theriac::scoring
