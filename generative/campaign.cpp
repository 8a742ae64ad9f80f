#include "generative/campaign.hpp"

#include <fmt/format.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>

#include "chem/error.hpp"
#include "generative/campaign_state.hpp"

namespace theriac::generative {

Campaign::Implementation::Implementation(CampaignSettings s, std::vector<CampaignTarget> t,
                                         std::unique_ptr<Proposer> p, std::optional<CampaignReference> r,
                                         std::shared_ptr<const scoring::Scorer> predictor)
    : settings(std::move(s)),
      tier(std::move(t), settings.docking.ph, settings.seed),
      proposer(std::move(p)),
      reference(std::move(r)),
      objective(settings.objectives, settings.combine) {
  resolve_stages();
  for (const StageSettings& one : stages)
    filters.push_back(std::make_unique<CandidateFilter>(one.filter, predictor, settings.prediction.outside));
  std::vector<std::string> targets;
  for (const CampaignTarget& target : tier.targets()) targets.push_back(target.name);
  sources = objective_sources(settings.objectives, filters.front()->property_names(), targets);
}

std::vector<std::string> Campaign::Implementation::source_names() const {
  std::vector<std::string> names = filters.front()->property_names();
  for (const CampaignTarget& target : tier.targets()) names.push_back("dock:" + target.name);
  return names;
}

void Campaign::Implementation::restore(CampaignJournal& journal) {
  auto contents = journal.read();
  reference_result = std::move(contents.reference);
  docked = std::move(contents.docked);
  final_tier = std::move(contents.final_tier);
  for (auto& [number, stage_index, rows, said] : contents.rounds) {
    CampaignRound round;
    round.stage = stage_index;
    std::vector<std::string> smiles;
    for (const CampaignRow& row : rows) {
      smiles.push_back(row.smiles);
      if (row.status == CandidateStatus::selected)
        round.selected.push_back(static_cast<std::size_t>(row.index));
    }
    proposer->recall(smiles);
    for (std::string& text : said) remarks.push_back({number, std::move(text)});
    round.rows = std::move(rows);
    round.ligands.resize(round.selected.size());
    round.prepared.assign(round.selected.size(), 0);
    drop_rounds_from(static_cast<std::size_t>(number));  // what a next stage pushed out
    add(std::move(round));
  }
  if (!rounds.empty()) proposer->remarks();  // said before the first proposal: in the journal already
}

void Campaign::Implementation::add(CampaignRound round) {
  for (const std::size_t i : round.selected)
    dockings.emplace(round.rows[i].smiles, docking_id(round.rows[i]));
  candidate_count += static_cast<std::int64_t>(round.rows.size());
  rounds.push_back(std::move(round));
}

void Campaign::Implementation::drop_rounds_from(std::size_t number) {
  if (rounds.size() <= number) return;
  rounds.resize(number);
  for (auto at = dockings.begin(); at != dockings.end();)
    at = at->second.first >= static_cast<int>(number) ? dockings.erase(at) : std::next(at);
}

void Campaign::Implementation::redock_reference(CampaignJournal& journal) {
  if (!reference) return;
  if (!reference_result) {
    if (observe) {
      auto so_far = progress(CampaignProgress::Stage::reference, 0);
      so_far.to_dock = 1;
      observe(so_far);
    }
    auto result = tier.redocked(*reference);
    result.properties = filters.front()->properties(chem::Molecule::from_smiles(reference->crystal.smiles()));
    journal.append(result);
    reference_result = std::move(result);
  }
  const ReferenceResult& r = *reference_result;
  if (!r.message.empty())
    throw InputError(fmt::format("the reference ligand {} cannot be redocked: {}", r.name, r.message),
                     "leave 'reference' out of [target] to go on without this check");
  if (!(r.rmsd <= settings.reference_rmsd))
    throw InputError(
        fmt::format(
            "the reference ligand {} is not found again: its best pose lies {:.1f} A from the crystal (limit "
            "{:.1f} A; the nearest of all poses {:.1f} A)",
            r.name, r.rmsd, settings.reference_rmsd, r.best_rmsd),
        "check the box, missing cofactors and waters, and the protonation; a larger exhaustiveness may help; "
        "or leave "
        "'reference' out of [target]");
}

bool Campaign::Implementation::redock_top(CampaignJournal& journal, std::vector<CampaignRow>& rows) {
  if (!(settings.docking.final_exhaustiveness > 0)) return true;
  auto top = final_ranking(rows);
  top.resize(std::min(top.size(), static_cast<std::size_t>(settings.docking.final_top)));
  std::vector<DockingRequest> requests;
  for (const std::size_t i : top) requests.push_back({{rows[i].round, rows[i].index}, rows[i].smiles});
  const auto so_far = progress(CampaignProgress::Stage::final_tier, static_cast<int>(rounds.size()));
  if (elsewhere)
    dock_elsewhere(requests, static_cast<int>(rounds.size()), true, so_far, journal);
  else
    dock_selection(
        requests, [&](std::size_t k) { return tier.prepared(rows[top[k]].smiles); }, true, so_far, journal);
  for (std::size_t k = 0; k < top.size(); ++k) {
    const auto found = final_tier.find(requests[k].id);
    if (found == final_tier.end()) return false;
    if (!found->second.message.empty()) continue;  // the pose of the loop stays
    CampaignRow& row = rows[top[k]];
    take_docking(row, found->second);
    row.final_affinities = found->second.affinities;
    row.assessment = objective.assess(raw_values(row, row.final_affinities), now->active);
  }
  return true;
}

CampaignResult Campaign::Implementation::result(CampaignJournal& journal, int last_round,
                                                std::string ending) {
  CampaignResult out;
  out.ending = std::move(ending);
  out.rounds = summaries;
  out.stages = finished_stages;
  out.reference = reference_result;
  out.remarks = remarks;
  std::stable_sort(out.remarks.begin(), out.remarks.end(),
                   [](const CampaignRemark& a, const CampaignRemark& b) { return a.round < b.round; });
  for (int r = 0; r <= last_round; ++r)
    for (CampaignRow& row : rounds[static_cast<std::size_t>(r)].rows) out.rows.push_back(std::move(row));
  const bool final_tier_complete = redock_top(journal, out.rows);
  out.stopped = !final_tier_complete;
  out.waiting = waiting;
  out.ranking = final_ranking(out.rows);
  out.fronts = fronts(out.rows);
  return out;
}

Campaign::Campaign(CampaignSettings settings, std::vector<CampaignTarget> targets,
                   std::unique_ptr<Proposer> proposer, std::optional<CampaignReference> reference,
                   std::shared_ptr<const scoring::Scorer> predictor)
    : implementation_(std::make_unique<Implementation>(std::move(settings), std::move(targets),
                                                       std::move(proposer), std::move(reference),
                                                       std::move(predictor))) {}

Campaign::~Campaign() = default;

namespace {

CampaignResult stopped(int round, bool waiting) {
  CampaignResult out;
  out.stopped = true;
  out.waiting = waiting;
  out.ending = fmt::format(waiting ? "round {} is being docked elsewhere" : "stopped in round {}", round);
  return out;
}

}  // namespace

void Campaign::dock_elsewhere(std::shared_ptr<DockingElsewhere> place) {
  implementation_->elsewhere = std::move(place);
}

CampaignResult Campaign::run(datasets::Journal& file, chem::StopToken stop,
                             const std::function<void(const CampaignProgress&)>& observe) {
  auto& own = *implementation_;
  CampaignJournal journal(file);
  own.stop = stop;
  own.observe = observe;
  own.begin_stage(0, 0);
  own.restore(journal);
  own.redock_reference(journal);
  if (own.rounds.empty()) own.add(own.prepared_round(0, journal));
  own.check_passing(own.rounds.front());
  for (int round = 0;; ++round) {
    const auto next_number = static_cast<std::size_t>(round) + 1;
    const bool ahead = own.looks_ahead(round);
    std::optional<CampaignRound> next;
    tbb::parallel_invoke([&] { own.dock(own.rounds[static_cast<std::size_t>(round)], journal); },
                         [&] {
                           if (ahead && !stop.stop_requested()) next = own.prepared_round(round + 1, journal);
                         });
    if (next) own.add(std::move(*next));
    if (stop.stop_requested() || own.waiting) return stopped(round, own.waiting);
    own.assess(round);
    std::string ending = own.reason_to_end(round);
    if (ending.empty() && own.rounds.size() == next_number) {
      own.add(own.prepared_round(round + 1, journal));
      ending = own.dry_after(round);
    }
    if (ending.empty()) continue;
    if (!own.next_stage(round, ending, journal)) return own.result(journal, round, ending);
  }
}

const CampaignSettings& Campaign::settings() const {
  return implementation_->settings;
}

std::vector<std::string> Campaign::sources() const {
  return implementation_->source_names();
}

const std::vector<std::shared_ptr<const scoring::ScoreKind>>& Campaign::property_kinds() const {
  return implementation_->filters.front()->kinds();
}

const std::vector<StageSettings>& Campaign::stages() const {
  return implementation_->stages;
}

bool Campaign::staged() const {
  return !implementation_->settings.stages.empty();
}

std::size_t Campaign::compared_objectives() const {
  return implementation_->stages.back().objectives.size();
}

bool Campaign::judges_poses() const {
  return implementation_->tier.targets().front().pose_scorer != nullptr;
}

std::vector<std::string> Campaign::target_names() const {
  std::vector<std::string> names;
  for (const CampaignTarget& target : implementation_->tier.targets()) names.push_back(target.name);
  return names;
}

}  // namespace theriac::generative
