// One candidate of a campaign, with everything that became known about it: a row of the results table.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scoring/objective.hpp"

namespace theriac::generative {

enum class CandidateStatus : std::uint8_t {
  docked,      ///< went through every tier
  not_docked,  ///< passed the filter, but others of its round had better cheap scores
  filtered,    ///< broke a rule; `message` says which
  failed,      ///< no 3D coordinates, or docking failed; `message` says why
  selected,    ///< to be docked; never in finished results
  scored       ///< went through every tier of a stage that docks nothing
};

/// "docked", "not_docked", "filtered", "failed", "selected", "scored".
const char* name(CandidateStatus status);

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

struct CampaignRow {
  int round = 0, index = 0;           ///< index-th candidate of the round
  int stage = 0;                      ///< of the campaign, from 0
  std::string name;                   ///< of a starting molecule, else "r03-0017"
  std::string smiles;                 ///< canonical
  std::string origin;                 ///< "start", "crossover + change element"
  double log_likelihood = not_known;  ///< natural logarithm, as the proposer says
  CandidateStatus status = CandidateStatus::filtered;
  std::string message;
  std::string bucket;              ///< scaffold or cluster, empty without diversity
  std::vector<double> properties;  ///< one per cheap score, as PropertyScorer gives them
  std::string alerts;              ///< names of the alerts, "; " between them
  /// (round, index) of an earlier row of the same molecule, whose docking counts for this one too.
  std::optional<std::pair<int, int>> docked_before;
  std::vector<double> affinities;  ///< kcal/mol, one per target
  int heavy_atoms = 0;
  std::string inchikey;                  ///< of docked molecules, as the next three
  int hydrogen_bonds = 0;                ///< of the best pose in the main target
  std::string contacts;                  ///< residues of that pose, polar contacts first, blanks between
  std::string failed_checks;             ///< what is wrong with it; empty for a sound pose
  std::vector<double> final_affinities;  ///< docked again with more effort; empty for most
  double pose_probability = not_known;   ///< of the final pose in the main target, where poses are judged
  scoring::Assessment assessment;  ///< raw and transformed values, total; with final affinities where known
  double loop_total = 0;           ///< total with the affinities of the loop: comparable within the campaign
};

}  // namespace theriac::generative
