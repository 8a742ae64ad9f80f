// A design campaign: propose, filter, score in tiers, keep diverse, learn, and again.
//
//   proposer -> rules, alerts -> cheap scores -> docking of the best share -> objective -> proposer
//
// While round r is docked, round r + 1 is already proposed, filtered and given 3D coordinates, so round r + 1
// is proposed knowing rounds up to r - 1. Both run as tasks of one oneTBB arena: no core waits for the other,
// at most two rounds of ligands are in memory, and the order of events decides nothing. Everything found is
// in the journal before it is used; a campaign that was killed continues there and ends in the same bytes.
// Docking can be handed to other processes (docking_elsewhere.hpp); then the campaign waits for their rows,
// or stops and takes them when it is continued.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/stop_token.hpp"
#include "datasets/journal.hpp"
#include "generative/campaign_journal.hpp"
#include "generative/campaign_row.hpp"
#include "generative/campaign_settings.hpp"
#include "generative/docking_elsewhere.hpp"
#include "generative/proposer.hpp"
#include "scoring/docking.hpp"
#include "scoring/pose_scorer.hpp"
#include "scoring/score.hpp"
#include "scoring/scorer.hpp"

namespace theriac::generative {

/// A receptor that candidates are docked into; the first of a campaign is the target, others are off-targets.
struct CampaignTarget {
  std::string name;  ///< as objectives call it: "dock:ABL1"
  std::shared_ptr<const scoring::DockingEngine> engine;
  std::shared_ptr<const scoring::DockingEngine> final_engine;  ///< more effort; null without a final tier
  /// Says which pose of the final docking counts, the most probable one; null: that of the best energy.
  std::shared_ptr<const scoring::PoseScorer> pose_scorer = nullptr;
};

/// The known ligand: with its crystal coordinates, angstrom.
struct CampaignReference {
  std::string name;
  chem::Molecule crystal;
};

struct CampaignProgress {
  enum class Stage { reference, rounds, final_tier } stage = Stage::rounds;
  std::string stage_name;                ///< of a staged campaign
  int round = 0, rounds = 0;             ///< of the stage
  std::int64_t docked = 0, to_dock = 0;  ///< of this round or tier
  std::int64_t candidates = 0, total_docked = 0, failed = 0;
  double best_total = 0;
  double best_affinity = not_known;
  std::string best_name;
  std::string remark;  ///< of the proposer, in a call of its own; empty otherwise
};

/// Something that the proposer said; see Proposer::remarks.
struct CampaignRemark {
  int round = 0;  ///< proposed or learnt from
  std::string text;
};

/// One line of the progress plot.
struct RoundSummary {
  int round = 0;
  int stage = 0;
  int candidates = 0, filtered = 0, docked = 0, failed = 0;
  int scored = 0;                         ///< judged without docking, in a stage that docks nothing
  double best_total = 0, mean_total = 0;  ///< of the docked or scored molecules of the round
  double best_so_far = 0;                 ///< in the stage, as the next ones
  double best_affinity = not_known, mean_affinity = not_known;  ///< main target, kcal/mol
  int buckets = 0;                                              ///< good scaffolds or clusters so far
  int front = 0;                   ///< molecules so far that no other beats in every objective
  double hypervolume = not_known;  ///< of that front, 0 to 1, above desirability 0 in every objective
};

/// How a stage went.
struct StageSummary {
  std::string name;  ///< empty in a campaign without stages
  int first_round = 0, last_round = 0;
  int docked = 0, scored = 0;  ///< rows of the stage
  double best_total = 0;       ///< over the objectives of the stage
  std::string ending;          ///< why it ended
};

struct CampaignResult {
  std::vector<CampaignRow> rows;  ///< every candidate, in order of proposal
  std::vector<RoundSummary> rounds;
  std::vector<StageSummary> stages;  ///< one for a campaign without stages
  std::optional<ReferenceResult> reference;
  std::vector<CampaignRemark> remarks;  ///< in order of rounds
  /// Docked rows of the last stage, best first (Pareto order for Pareto campaigns).
  std::vector<std::size_t> ranking;
  /// Pareto front of each row with its final values: 1 is beaten by none; 0 for rows that were not docked,
  /// are rejected by an objective, or are of an earlier stage.
  std::vector<int> fronts;
  std::string ending;    ///< why it ended: "30 rounds done", "no gain in 8 rounds", ...
  bool stopped = false;  ///< ended early on request; the same command continues
  bool waiting = false;  ///< stopped because molecules are being docked elsewhere
};

class Campaign {
 public:
  /// Throws UsageError for an objective whose source is unknown (the nearest is suggested), an empty rule and
  /// so on, before anything is computed. `predictor`: for objectives that read "predict:NAME".
  Campaign(CampaignSettings settings, std::vector<CampaignTarget> targets, std::unique_ptr<Proposer> proposer,
           std::optional<CampaignReference> reference = {},
           std::shared_ptr<const scoring::Scorer> predictor = {});
  ~Campaign();

  /// From now on molecules are docked there; the reference ligand still is here. The results are the same,
  /// and a campaign may change places whenever it is continued.
  void dock_elsewhere(std::shared_ptr<DockingElsewhere> place);

  /// Runs or continues. Throws InputError when the reference ligand is not found again within
  /// `reference_rmsd`, or none of the molecules that a stage starts from passes its filter. `observe` is
  /// called from one thread at a time.
  CampaignResult run(datasets::Journal& journal, chem::StopToken stop = {},
                     const std::function<void(const CampaignProgress&)>& observe = {});

  const CampaignSettings& settings() const;
  /// Cheap scores that objectives may read, and "dock:NAME" for every target.
  std::vector<std::string> sources() const;
  /// Name, unit and meaning of each cheap score, as in `CampaignRow::properties`.
  const std::vector<std::shared_ptr<const scoring::ScoreKind>>& property_kinds() const;
  std::vector<std::string> target_names() const;
  bool judges_poses() const;  ///< in the main target
  /// The stages; one without a name in a campaign without stages.
  const std::vector<StageSettings>& stages() const;
  bool staged() const;
  /// Objectives of the last stage.
  std::size_t compared_objectives() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::generative
