// What a campaign holds while it runs. Inside `generative`: campaign.cpp runs the loop, campaign_tiers.cpp
// proposes, filters and docks, campaign_learning.cpp assesses, teaches and ranks, campaign_stages.cpp leads
// from stage to stage.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generative/campaign.hpp"
#include "generative/candidate_filter.hpp"
#include "generative/diversity.hpp"
#include "generative/docking_tier.hpp"
#include "generative/objective_source.hpp"
#include "scoring/pareto.hpp"

namespace theriac::generative {

/// Candidates of one round, and what is needed to dock them.
struct CampaignRound {
  int stage = 0;
  std::vector<CampaignRow> rows;
  std::vector<std::size_t> selected;     ///< rows to dock
  std::vector<CandidateLigand> ligands;  ///< per selected row, where already made
  std::vector<char> prepared;
};

struct BestSoFar {
  double total = 0, affinity = not_known;
  std::string name;
};

/// What the running stage knows; totals of different stages cannot be compared, so each starts afresh.
struct StageState {
  std::size_t index = 0;
  int first_round = 0;
  std::vector<char> active;  ///< per objective
  DiversityFilter diversity;
  scoring::ParetoArchive front;                 ///< with the docking effort of the loop
  std::vector<scoring::ParetoMember> breeding;  ///< what Pareto campaigns teach, best first
  std::map<std::string, std::string> breeding_buckets;
  std::vector<double> totals;  ///< of everything docked or scored
  BestSoFar best;
};

struct Campaign::Implementation {
  CampaignSettings settings;
  DockingTier tier;
  std::unique_ptr<Proposer> proposer;
  std::optional<CampaignReference> reference;
  std::shared_ptr<DockingElsewhere> elsewhere;            ///< null: molecules are docked here
  bool waiting = false;                                   ///< for rows from there
  std::vector<StageSettings> stages;                      ///< at least one
  std::vector<std::unique_ptr<CandidateFilter>> filters;  ///< one per stage
  scoring::Objective objective;
  std::vector<ObjectiveSource> sources;

  std::optional<StageState> now;  ///< the running stage
  std::vector<StageSummary> finished_stages;
  std::set<std::string> told,
      outdated;  ///< SMILES that the proposer was told of in this stage, in earlier ones
  std::vector<CampaignRound> rounds;
  std::map<std::string, CandidateId> dockings;  ///< canonical SMILES of all that was sent to docking
  std::map<CandidateId, DockedCandidate> docked, final_tier;
  std::optional<ReferenceResult> reference_result;
  std::vector<RoundSummary> summaries;
  std::vector<CampaignRemark> remarks;
  std::int64_t docked_count = 0, failed_count = 0, candidate_count = 0;
  std::mutex mutex;
  std::function<void(const CampaignProgress&)> observe;
  chem::StopToken stop;

  Implementation(CampaignSettings s, std::vector<CampaignTarget> t, std::unique_ptr<Proposer> p,
                 std::optional<CampaignReference> r, std::shared_ptr<const scoring::Scorer> predictor);

  std::vector<std::string> source_names() const;
  void resolve_stages();
  const StageSettings& stage() const { return stages[now->index]; }
  void begin_stage(std::size_t index, int first_round);
  bool next_stage(int round, const std::string& ending, CampaignJournal& journal);
  CampaignRound carried_round(int number, CampaignJournal& journal, const std::vector<CampaignRow>& best);
  std::vector<CampaignRow> best_of_stage() const;
  void check_passing(const CampaignRound& round) const;
  bool looks_ahead(int round) const;
  std::int64_t docked_in(int first_round, int last_round) const;
  std::string dry_after(int round) const;
  void restore(CampaignJournal& journal);
  void redock_reference(CampaignJournal& journal);
  void add(CampaignRound round);
  void drop_rounds_from(std::size_t number);
  CampaignRound prepared_round(int number, CampaignJournal& journal);
  CampaignRound finished_round(int number, std::vector<CampaignRow> rows,
                               const std::vector<chem::Molecule>& molecules, bool carried,
                               std::vector<std::string> said, CampaignJournal& journal);
  void judge(std::vector<CampaignRow>& rows, const std::vector<chem::Molecule>& molecules);
  void select(CampaignRound& round, bool carried);
  void embed(CampaignRound& round);
  void dock(CampaignRound& round, CampaignJournal& journal);
  CampaignProgress progress(CampaignProgress::Stage stage, int round) const;
  void take_remarks(int round, const std::vector<std::string>& texts);
  void take_docking(CampaignRow& row, const DockedCandidate& docked) const;
  std::vector<std::size_t> not_docked(const std::vector<DockingRequest>& requests, bool final_stage,
                                      CampaignProgress& so_far) const;
  void keep_docked(std::vector<DockedCandidate>& pending, bool final_stage, CampaignJournal& journal);
  void dock_elsewhere(const std::vector<DockingRequest>& requests, int round, bool final_stage,
                      CampaignProgress so_far, CampaignJournal& journal);
  void dock_selection(const std::vector<DockingRequest>& requests,
                      const std::function<CandidateLigand(std::size_t)>& ligand, bool final_stage,
                      CampaignProgress progress, CampaignJournal& journal);
  std::vector<double> raw_values(const CampaignRow& row, const std::vector<double>& affinities) const;
  void assess(int round);
  RoundSummary summary(int number) const;
  void tell(std::vector<Lesson> lessons);
  void teach(const CampaignRound& round);
  void teach_pareto(const CampaignRound& round);
  std::vector<double> front_point(const CampaignRow& row) const;
  double gain_measure(int round) const;
  double mean_of_best() const;
  std::string reason_to_end(int round) const;
  std::vector<int> fronts(const std::vector<CampaignRow>& rows) const;
  /// Docked or scored rows, best first.
  std::vector<std::size_t> ranking(const std::vector<CampaignRow>& rows) const;
  std::vector<std::size_t> final_ranking(const std::vector<CampaignRow>& rows) const;
  bool redock_top(CampaignJournal& journal, std::vector<CampaignRow>& rows);
  CampaignResult result(CampaignJournal& journal, int last_round, std::string ending);
};

}  // namespace theriac::generative
