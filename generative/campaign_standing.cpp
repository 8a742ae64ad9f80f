#include "generative/campaign_standing.hpp"

#include <algorithm>

#include "generative/objective_source.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::generative {
namespace {

/// Finds the raw value of every objective in what a journal holds of a molecule.
class JournalValues {
 public:
  JournalValues(const CampaignSettings& settings, const std::vector<std::string>& targets) {
    std::vector<std::string> cheap;
    const scoring::PropertyScorer scorer;
    for (const auto& kind : scorer.kinds()) cheap.push_back(kind->name);
    for (const auto& endpoint : predicted_endpoints(settings)) cheap.push_back("predict:" + endpoint);
    sources_ = objective_sources(settings.objectives, cheap, targets);
  }

  std::vector<double> operator()(const CampaignRow& row, const std::vector<double>& affinities) const {
    return raw_values(sources_, row.properties, affinities);
  }

 private:
  std::vector<ObjectiveSource> sources_;
};

void take_best(BestStanding& best, const BestStanding& other) {
  if (!other.name.empty() && (best.name.empty() || other.total > best.total)) best = other;
}

}  // namespace

std::optional<std::size_t> CampaignStanding::open_round() const {
  for (std::size_t i = 0; i < rounds.size(); ++i)
    if (rounds[i].docked + rounds[i].failed < rounds[i].to_dock) return i;
  return {};
}

CampaignStanding campaign_standing(const CampaignJournal::Contents& journal, const CampaignSettings& settings,
                                   const std::vector<std::string>& targets) {
  const scoring::Objective objective(settings.objectives, settings.combine);
  const JournalValues values(settings, targets);
  std::vector<std::vector<char>> active;
  for (const StageSettings& stage : settings.stages) active.push_back(active_objectives(settings, stage));
  if (active.empty()) active.emplace_back(settings.objectives.size(), 1);

  CampaignStanding out;
  out.reference_known = journal.reference.has_value();
  out.final_docked = static_cast<int>(journal.final_tier.size());
  for (const auto& [id, docked] : journal.docked) ++(docked.message.empty() ? out.docked : out.failed);
  std::vector<int> stages;
  for (const JournalRound& from : journal.rounds) {
    const auto stage = static_cast<std::size_t>(from.stage);
    RoundStanding round;
    round.round = from.number;
    if (stage < settings.stages.size()) round.stage = settings.stages[stage].name;
    const bool docks = settings.stages.empty() || settings.stages.at(stage).docking;
    for (const CampaignRow& row : from.rows) {
      ++round.candidates;
      round.filtered += row.status == CandidateStatus::filtered;
      std::vector<double> affinities;
      if (row.status == CandidateStatus::selected) {
        ++round.to_dock;
        const auto found = journal.docked.find(docking_id(row));
        if (found == journal.docked.end()) continue;
        const bool failed = !found->second.message.empty();
        ++(failed ? round.failed : round.docked);
        if (failed) continue;
        affinities = found->second.affinities;
      } else if (docks || row.status != CandidateStatus::not_docked) {
        continue;
      }
      const double total = objective.assess(values(row, affinities), active.at(stage)).total;
      take_best(round.best,
                {total, affinities.empty() ? not_known : affinities.front(), row.name, row.smiles});
    }
    while (out.rounds.size() > static_cast<std::size_t>(from.number)) {  // what a next stage pushed out
      out.rounds.pop_back();
      stages.pop_back();
    }
    out.rounds.push_back(std::move(round));
    stages.push_back(from.stage);
  }
  int stage_of_best = -1;
  for (std::size_t i = 0; i < out.rounds.size(); ++i) {
    const BestStanding& best = out.rounds[i].best;
    if (best.name.empty()) continue;
    if (stages[i] != stage_of_best) out.best = {};  // totals of different stages cannot be compared
    stage_of_best = stages[i];
    take_best(out.best, best);
  }
  return out;
}

}  // namespace theriac::generative
