// Proposing, the cheap tiers and docking.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "generative/campaign_state.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t docked_per_block = 8;  ///< results held back before they go to the journal

void count_docked(const DockedCandidate& d, CampaignProgress& so_far) {
  ++so_far.docked;
  ++so_far.total_docked;
  so_far.failed += d.message.empty() ? 0 : 1;
  if (!d.affinities.empty() && !(so_far.best_affinity <= d.affinities.front()))
    so_far.best_affinity = d.affinities.front();
}

}  // namespace

void Campaign::Implementation::judge(std::vector<CampaignRow>& rows,
                                     const std::vector<chem::Molecule>& molecules) {
  tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) {
    CampaignRow& row = rows[i];
    filters[now->index]->judge(molecules[i], row);
    if (row.status != CandidateStatus::not_docked) return;
    row.bucket = now->diversity.bucket(molecules[i]);
    if (now->diversity.full(row.bucket)) {
      row.status = CandidateStatus::filtered;
      row.message =
          fmt::format("{} good molecules of this kind already: {}", settings.diversity.bucket, row.bucket);
    }
  });
}

/// What was carried into a stage is docked whole, as far as there is room; of other rounds the best share by
/// cheap scores.
void Campaign::Implementation::select(CampaignRound& round, bool carried) {
  if (!stage().docking) return;
  std::vector<std::pair<double, std::size_t>> order;  // negative cheap total first, then order of proposal
  for (std::size_t i = 0; i < round.rows.size(); ++i)
    if (round.rows[i].status == CandidateStatus::not_docked)
      order.emplace_back(carried ? 0 : -objective.assess(raw_values(round.rows[i], {}), now->active).total,
                         i);
  std::sort(order.begin(), order.end());
  const int last = static_cast<int>(rounds.size()) - 1;
  std::int64_t room = settings.stop.max_docked - docked_in(0, last);
  if (stage().max_docked > 0) room = std::min(room, stage().max_docked - docked_in(now->first_round, last));
  const double share = carried ? 1 : settings.docking.top_fraction;
  auto wanted = static_cast<std::int64_t>(std::ceil(
      share * static_cast<double>(carried ? order.size()
                                          : std::min<std::size_t>(
                                                order.size(), static_cast<std::size_t>(stage().per_round)))));
  for (const auto& [total, i] : order) {
    if (wanted-- <= 0) break;
    if (!round.rows[i].docked_before && room-- <= 0) continue;
    round.selected.push_back(i);
  }
  std::sort(round.selected.begin(), round.selected.end());
  for (const std::size_t i : round.selected) round.rows[i].status = CandidateStatus::selected;
}

void Campaign::Implementation::embed(CampaignRound& round) {
  round.ligands.resize(round.selected.size());
  round.prepared.assign(round.selected.size(), 0);
  if (elsewhere) return;  // they are made where they are docked
  tbb::parallel_for(std::size_t{0}, round.selected.size(), [&](std::size_t i) {
    const CampaignRow& row = round.rows[round.selected[i]];
    if (stop.stop_requested() || row.docked_before) return;
    round.ligands[i] = tier.prepared(row.smiles);
    round.prepared[i] = 1;
  });
}

CampaignRound Campaign::Implementation::prepared_round(int number, CampaignJournal& journal) {
  const auto candidates = proposer->propose(stage().per_round, number);
  auto said = proposer->remarks();
  std::vector<CampaignRow> rows;
  std::vector<chem::Molecule> molecules;
  for (const Candidate& c : candidates) {
    CampaignRow row;
    row.round = number;
    row.index = static_cast<int>(rows.size());
    row.smiles = c.molecule.smiles();
    row.origin = c.origin;
    row.log_likelihood = c.log_likelihood;
    row.name =
        c.molecule.name().empty() ? fmt::format("r{:02}-{:04}", number, row.index + 1) : c.molecule.name();
    rows.push_back(std::move(row));
    molecules.push_back(c.molecule);
  }
  return finished_round(number, std::move(rows), molecules, false, std::move(said), journal);
}

/// The cheap tiers; the round is in the journal before its ligands are made.
CampaignRound Campaign::Implementation::finished_round(int number, std::vector<CampaignRow> rows,
                                                       const std::vector<chem::Molecule>& molecules,
                                                       bool carried, std::vector<std::string> said,
                                                       CampaignJournal& journal) {
  CampaignRound round;
  round.stage = static_cast<int>(now->index);
  round.rows = std::move(rows);
  for (CampaignRow& row : round.rows) {
    row.stage = round.stage;
    const auto found = dockings.find(row.smiles);
    if (found != dockings.end()) row.docked_before = found->second;
  }
  judge(round.rows, molecules);
  select(round, carried);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    journal.append(JournalRound{number, round.stage, round.rows, said});
    take_remarks(number, said);
  }
  embed(round);
  return round;
}

/// Which of the requests have no result yet; tells the progress.
std::vector<std::size_t> Campaign::Implementation::not_docked(const std::vector<DockingRequest>& requests,
                                                              bool final_stage,
                                                              CampaignProgress& so_far) const {
  const auto& results = final_stage ? final_tier : docked;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < requests.size(); ++i)
    if (results.count(requests[i].id) == 0) open.push_back(i);
  so_far.to_dock = static_cast<std::int64_t>(requests.size());
  so_far.docked = static_cast<std::int64_t>(requests.size() - open.size());
  return open;
}

/// To the journal, then to the results.
void Campaign::Implementation::keep_docked(std::vector<DockedCandidate>& pending, bool final_stage,
                                           CampaignJournal& journal) {
  if (pending.empty()) return;
  journal.append(pending, final_stage);
  for (DockedCandidate& d : pending) {
    d.pose.clear();
    (final_stage ? final_tier : docked).insert_or_assign(CandidateId{d.round, d.index}, std::move(d));
  }
  pending.clear();
}

void Campaign::Implementation::dock_selection(const std::vector<DockingRequest>& requests,
                                              const std::function<CandidateLigand(std::size_t)>& ligand,
                                              bool final_stage, CampaignProgress so_far,
                                              CampaignJournal& journal) {
  const auto open = not_docked(requests, final_stage, so_far);
  std::vector<DockedCandidate> pending;
  tbb::parallel_for(std::size_t{0}, open.size(), [&](std::size_t k) {
    if (stop.stop_requested()) return;
    DockedCandidate d = tier.docked(ligand(open[k]), final_stage);
    std::tie(d.round, d.index) = requests[open[k]].id;
    const std::lock_guard<std::mutex> lock(mutex);
    count_docked(d, so_far);
    pending.push_back(std::move(d));
    if (pending.size() >= docked_per_block) keep_docked(pending, final_stage, journal);
    if (observe) observe(so_far);
  });
  const std::lock_guard<std::mutex> lock(mutex);
  keep_docked(pending, final_stage, journal);
}

void Campaign::Implementation::dock_elsewhere(const std::vector<DockingRequest>& requests, int round,
                                              bool final_stage, CampaignProgress so_far,
                                              CampaignJournal& journal) {
  std::vector<DockingRequest> open;
  std::set<CandidateId> asked;
  for (const std::size_t i : not_docked(requests, final_stage, so_far))
    if (asked.insert(requests[i].id).second) open.push_back(requests[i]);
  if (!open.empty())
    elsewhere->dock(round, final_stage, open, [&](std::vector<DockedCandidate> rows) {
      const std::lock_guard<std::mutex> lock(mutex);
      for (const DockedCandidate& d : rows) count_docked(d, so_far);
      keep_docked(rows, final_stage, journal);
      if (observe) observe(so_far);
    });
  waiting = !not_docked(requests, final_stage, so_far).empty();
  if (!waiting) elsewhere->taken(round, final_stage);
}

CampaignProgress Campaign::Implementation::progress(CampaignProgress::Stage stage, int round) const {
  CampaignProgress out;
  out.stage = stage;
  out.round = round - now->first_round;
  out.rounds = stages[now->index].rounds;
  out.stage_name = stages[now->index].name;
  out.candidates = candidate_count;
  out.total_docked = docked_count;
  out.failed = failed_count;
  out.best_total = now->best.total;
  out.best_affinity = now->best.affinity;
  out.best_name = now->best.name;
  return out;
}

void Campaign::Implementation::take_remarks(int round, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    remarks.push_back({round, text});
    if (!observe) continue;
    auto so_far = progress(CampaignProgress::Stage::rounds, round);
    so_far.round = round;  // of the campaign, as in the results
    so_far.remark = text;
    observe(so_far);
  }
}

void Campaign::Implementation::dock(CampaignRound& round, CampaignJournal& journal) {
  std::vector<DockingRequest> requests;
  for (const std::size_t i : round.selected)
    requests.push_back({docking_id(round.rows[i]), round.rows[i].smiles});
  const int number = round.rows.empty() ? 0 : round.rows.front().round;
  const auto so_far = progress(CampaignProgress::Stage::rounds, number);
  if (elsewhere) return dock_elsewhere(requests, number, false, so_far, journal);
  dock_selection(
      requests,
      [&](std::size_t i) {
        if (round.prepared[i]) return std::move(round.ligands[i]);  // each is asked for once
        return tier.prepared(round.rows[round.selected[i]].smiles);
      },
      false, so_far, journal);
}

}  // namespace theriac::generative
