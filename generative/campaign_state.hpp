// What a campaign holds while it runs. Inside `generative`: campaign.cpp runs the loop, campaign_tiers.cpp
// proposes, filters and docks, campaign_learning.cpp assesses, teaches and ranks.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "generative/campaign.hpp"
#include "generative/candidate_filter.hpp"
#include "generative/diversity.hpp"
#include "generative/docking_tier.hpp"
#include "scoring/pareto.hpp"

namespace theriac::generative {

/// Where an objective finds its number.
struct ObjectiveSource {
  bool docking = false;
  std::size_t column = 0;  ///< of the cheap scores, or of the targets
};

/// Candidates of one round, and what is needed to dock them.
struct CampaignRound {
  std::vector<CampaignRow> rows;
  std::vector<std::size_t> selected;     ///< rows to dock
  std::vector<CandidateLigand> ligands;  ///< per selected row, where already made
  std::vector<char> prepared;
};

struct BestSoFar {
  double total = 0, affinity = not_known;
  std::string name;
};

struct Campaign::Implementation {
  CampaignSettings settings;
  DockingTier tier;
  std::unique_ptr<Proposer> proposer;
  std::optional<CampaignReference> reference;
  CandidateFilter filter;
  scoring::Objective objective;
  std::vector<ObjectiveSource> sources;

  DiversityFilter diversity;
  std::vector<CampaignRound> rounds;
  std::map<CandidateId, DockedCandidate> docked, final_tier;
  std::optional<ReferenceResult> reference_result;
  std::vector<RoundSummary> summaries;
  std::vector<CampaignRemark> remarks;
  scoring::ParetoArchive front;                 ///< of all rounds, with the docking effort of the loop
  std::vector<scoring::ParetoMember> breeding;  ///< what Pareto campaigns teach, best first
  std::map<std::string, std::string> breeding_buckets;
  BestSoFar best;
  std::int64_t docked_count = 0, failed_count = 0, candidate_count = 0;
  std::mutex mutex;
  std::function<void(const CampaignProgress&)> observe;
  chem::StopToken stop;

  Implementation(CampaignSettings s, std::vector<CampaignTarget> t, std::unique_ptr<Proposer> p,
                 std::optional<CampaignReference> r);

  std::vector<std::string> source_names() const;
  void resolve_sources();
  void restore(CampaignJournal& journal);
  void redock_reference(CampaignJournal& journal);
  CampaignRound prepared_round(int number, CampaignJournal& journal);
  void judge(std::vector<CampaignRow>& rows, const std::vector<chem::Molecule>& molecules);
  void select(CampaignRound& round);
  void embed(CampaignRound& round);
  void dock(CampaignRound& round, CampaignJournal& journal);
  CampaignProgress progress(CampaignProgress::Stage stage, int round) const;
  void take_remarks(int round, const std::vector<std::string>& texts);
  void take_docking(CampaignRow& row, const DockedCandidate& docked) const;
  void dock_selection(const std::vector<CandidateId>& ids,
                      const std::function<CandidateLigand(std::size_t)>& ligand, bool final_stage,
                      CampaignProgress progress, CampaignJournal& journal);
  std::vector<double> raw_values(const CampaignRow& row, const std::vector<double>& affinities) const;
  void assess(int round);
  void teach(const CampaignRound& round);
  void teach_pareto(const CampaignRound& round);
  std::vector<double> front_point(const CampaignRow& row) const;
  double gain_measure(int round) const;
  std::string reason_to_end(int round) const;
  std::vector<int> fronts(const std::vector<CampaignRow>& rows) const;
  std::vector<std::size_t> ranking(const std::vector<CampaignRow>& rows) const;
  bool redock_top(CampaignJournal& journal, std::vector<CampaignRow>& rows);
  CampaignResult result(CampaignJournal& journal, int last_round, std::string ending);
};

}  // namespace theriac::generative
