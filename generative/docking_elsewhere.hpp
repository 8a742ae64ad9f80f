// Where a campaign has its molecules docked when it does not dock them itself: on the nodes of a cluster.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "generative/docked_candidate.hpp"

namespace theriac::generative {

/// A molecule to dock.
struct DockingRequest {
  CandidateId id;
  std::string smiles;
};

class DockingElsewhere {
 public:
  virtual ~DockingElsewhere() = default;

  /// Has the molecules of a round (or of the final docking) docked and passes on what is there, each molecule
  /// once. May return before all are: what is missing is asked for again when the campaign is continued.
  virtual void dock(int round, bool final_tier, const std::vector<DockingRequest>& requests,
                    const std::function<void(std::vector<DockedCandidate>)>& take) = 0;
  /// All rows of a round (or of the final docking) are in the campaign's journal.
  virtual void taken(int round, bool final_tier) = 0;
};

}  // namespace theriac::generative
