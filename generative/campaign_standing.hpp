// How far a campaign is, by what its journal holds: read beside a coordinator that runs, or after one that
// was killed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generative/campaign_journal.hpp"
#include "generative/campaign_settings.hpp"

namespace theriac::generative {

/// The best molecule of a round or a stage, with the docking effort of the loop.
struct BestStanding {
  double total = not_known;     ///< 0 to 1, over the objectives of its stage
  double affinity = not_known;  ///< kcal/mol, main target; not known in a stage that docks nothing
  std::string name, smiles;     ///< empty: there is none yet
};

struct RoundStanding {
  int round = 0;
  std::string stage;  ///< empty in a campaign without stages
  int candidates = 0, filtered = 0;
  int to_dock = 0;  ///< selected for docking
  int docked = 0, failed = 0;
  BestStanding best;
};

struct CampaignStanding {
  std::vector<RoundStanding> rounds;
  std::int64_t docked = 0, failed = 0;  ///< molecules
  int final_docked = 0;                 ///< members of the top list docked again
  BestStanding best;                    ///< of the stage that runs, or of the last one that has any
  bool reference_known = false;

  /// The first round of which molecules are still to be docked; nothing when all are.
  std::optional<std::size_t> open_round() const;
};

/// Throws UsageError for settings that are none.
CampaignStanding campaign_standing(const CampaignJournal::Contents& journal, const CampaignSettings& settings,
                                   const std::vector<std::string>& targets);

}  // namespace theriac::generative
