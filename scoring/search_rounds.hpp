// The rounds of a pose search: how far all chains go before they are compared, when they agree, and which of
// them go on from the poses of others. The same for chains on the processor and on an OpenCL device.
#pragma once
#include <vector>

#include "scoring/pose_search.hpp"

namespace theriac::scoring {

/// What every chain has kept, best first.
using ChainPoses = std::vector<std::vector<FoundPose>>;

/// Chain `chain` gives up and goes on from the best pose of chain `from`.
struct TakeOver {
  int chain, from;
};

class SearchRounds {
 public:
  SearchRounds(const SearchEffort& effort, int ligand_atoms) : effort_(effort), ligand_atoms_(ligand_atoms) {}

  /// Energy evaluations of every chain in the next round; 0: the search is over.
  int evaluations() const;
  /// After a round: what the chains have by now, all of it. Returns what to do before the next round.
  std::vector<TakeOver> look(ChainPoses poses);
  SearchResult result() const;

 private:
  SearchEffort effort_;
  int ligand_atoms_;
  int round_ = 0, spent_ = 0;
  bool agreed_ = false;
  ChainPoses poses_;
  ChainPoses independent_;  // while no chain had taken over another's pose
};

}  // namespace theriac::scoring
