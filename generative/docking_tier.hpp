// The dear tier: a candidate gets its protonation state, 3D coordinates and a place in each receptor.
//
// It takes the same steps as a record of `theriac dock` (scoring/prepared_ligand.hpp, pose_contacts.hpp,
// pose_check.hpp), so that a molecule is the same ligand in both.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generative/campaign.hpp"
#include "scoring/pose_contacts.hpp"
#include "scoring/prepared_ligand.hpp"

namespace theriac::generative {

/// A candidate ready to be docked, or the reason why it is not.
struct CandidateLigand {
  std::optional<scoring::PreparedLigand> prepared;  ///< empty with a message
  std::string inchikey;
  std::string message;
};

class DockingTier {
 public:
  /// At least one target; contacts are looked for in the first. Ligands are protonated at `ph` and embedded
  /// with `seed`.
  DockingTier(std::vector<CampaignTarget> targets, double ph, std::uint64_t seed);

  const std::vector<CampaignTarget>& targets() const { return targets_; }

  /// Never throws for a molecule: the message says it. Thread-safe, as all of these.
  CandidateLigand prepared(const std::string& smiles) const;

  /// Docks into every target; the pose kept is the best one in the first. Never throws for a molecule.
  DockedCandidate docked(const CandidateLigand& ligand, bool final_tier) const;

  /// The reference ligand from a fresh conformer, its poses measured against the crystal (symmetry-corrected
  /// heavy-atom RMSD). Never throws for the molecule.
  ReferenceResult redocked(const CampaignReference& reference) const;

 private:
  void describe_pose(const scoring::Pose& pose, const scoring::PreparedLigand& ligand,
                     DockedCandidate& out) const;

  std::vector<CampaignTarget> targets_;
  scoring::LigandOptions options_;
  scoring::ContactFinder contacts_;
};

}  // namespace theriac::generative
