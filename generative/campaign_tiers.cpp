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

}  // namespace

void Campaign::Implementation::judge(std::vector<CampaignRow>& rows,
                                     const std::vector<chem::Molecule>& molecules) {
  tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) {
    CampaignRow& row = rows[i];
    filter.judge(molecules[i], row);
    if (row.status != CandidateStatus::not_docked) return;
    row.bucket = diversity.bucket(molecules[i]);
    if (diversity.full(row.bucket)) {
      row.status = CandidateStatus::filtered;
      row.message =
          fmt::format("{} good molecules of this kind already: {}", settings.diversity.bucket, row.bucket);
    }
  });
}

void Campaign::Implementation::select(CampaignRound& round) {
  std::vector<std::pair<double, std::size_t>> order;  // negative cheap total first, then order of proposal
  for (std::size_t i = 0; i < round.rows.size(); ++i)
    if (round.rows[i].status == CandidateStatus::not_docked)
      order.emplace_back(-objective.assess(raw_values(round.rows[i], {})).total, i);
  std::sort(order.begin(), order.end());
  std::int64_t room = settings.stop.max_docked;
  for (const CampaignRound& earlier : rounds) room -= static_cast<std::int64_t>(earlier.selected.size());
  const auto share = static_cast<std::int64_t>(std::ceil(
      settings.docking.top_fraction * static_cast<double>(std::min<std::size_t>(
                                          order.size(), static_cast<std::size_t>(settings.per_round)))));
  const auto n =
      static_cast<std::size_t>(std::clamp<std::int64_t>(share, 0, std::max<std::int64_t>(room, 0)));
  for (std::size_t k = 0; k < std::min(n, order.size()); ++k) round.selected.push_back(order[k].second);
  std::sort(round.selected.begin(), round.selected.end());
  for (const std::size_t i : round.selected) round.rows[i].status = CandidateStatus::selected;
}

void Campaign::Implementation::embed(CampaignRound& round) {
  round.ligands.resize(round.selected.size());
  round.prepared.assign(round.selected.size(), 0);
  tbb::parallel_for(std::size_t{0}, round.selected.size(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    round.ligands[i] = tier.prepared(round.rows[round.selected[i]].smiles);
    round.prepared[i] = 1;
  });
}

CampaignRound Campaign::Implementation::prepared_round(int number, CampaignJournal& journal) {
  const auto candidates = proposer->propose(settings.per_round, number);
  const auto said = proposer->remarks();
  CampaignRound round;
  std::vector<chem::Molecule> molecules;
  for (const Candidate& c : candidates) {
    CampaignRow row;
    row.round = number;
    row.index = static_cast<int>(round.rows.size());
    row.smiles = c.molecule.smiles();
    row.origin = c.origin;
    row.log_likelihood = c.log_likelihood;
    row.name =
        c.molecule.name().empty() ? fmt::format("r{:02}-{:04}", number, row.index + 1) : c.molecule.name();
    round.rows.push_back(std::move(row));
    molecules.push_back(c.molecule);
  }
  judge(round.rows, molecules);
  select(round);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    journal.append(JournalRound{round.rows, said});
    take_remarks(number, said);
  }
  embed(round);
  return round;
}

void Campaign::Implementation::dock_selection(const std::vector<CandidateId>& ids,
                                              const std::function<CandidateLigand(std::size_t)>& ligand,
                                              bool final_stage, CampaignProgress so_far,
                                              CampaignJournal& journal) {
  auto& results = final_stage ? final_tier : docked;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (results.count(ids[i]) == 0) open.push_back(i);
  so_far.to_dock = static_cast<std::int64_t>(ids.size());
  so_far.docked = static_cast<std::int64_t>(ids.size() - open.size());
  std::vector<DockedCandidate> pending;
  const auto flush = [&] {
    if (pending.empty()) return;
    journal.append(pending, final_stage);
    for (DockedCandidate& d : pending) {
      d.pose.clear();
      results.insert_or_assign(CandidateId{d.round, d.index}, std::move(d));
    }
    pending.clear();
  };
  tbb::parallel_for(std::size_t{0}, open.size(), [&](std::size_t k) {
    if (stop.stop_requested()) return;
    DockedCandidate d = tier.docked(ligand(open[k]), final_stage);
    std::tie(d.round, d.index) = ids[open[k]];
    const std::lock_guard<std::mutex> lock(mutex);
    ++so_far.docked;
    ++so_far.total_docked;
    so_far.failed += d.message.empty() ? 0 : 1;
    if (!d.affinities.empty() && !(so_far.best_affinity <= d.affinities.front()))
      so_far.best_affinity = d.affinities.front();
    pending.push_back(std::move(d));
    if (pending.size() >= docked_per_block) flush();
    if (observe) observe(so_far);
  });
  const std::lock_guard<std::mutex> lock(mutex);
  flush();
}

CampaignProgress Campaign::Implementation::progress(CampaignProgress::Stage stage, int round) const {
  CampaignProgress out;
  out.stage = stage;
  out.round = round;
  out.rounds = settings.stop.rounds;
  out.candidates = candidate_count;
  out.total_docked = docked_count;
  out.failed = failed_count;
  out.best_total = best.total;
  out.best_affinity = best.affinity;
  out.best_name = best.name;
  return out;
}

void Campaign::Implementation::take_remarks(int round, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    remarks.push_back({round, text});
    if (!observe) continue;
    auto so_far = progress(CampaignProgress::Stage::rounds, round);
    so_far.remark = text;
    observe(so_far);
  }
}

void Campaign::Implementation::dock(CampaignRound& round, CampaignJournal& journal) {
  std::vector<CandidateId> ids;
  for (const std::size_t i : round.selected) ids.emplace_back(round.rows[i].round, static_cast<int>(i));
  const int number = round.rows.empty() ? 0 : round.rows.front().round;
  dock_selection(
      ids,
      [&](std::size_t i) {
        if (round.prepared[i]) return std::move(round.ligands[i]);  // each is asked for once
        return tier.prepared(round.rows[round.selected[i]].smiles);
      },
      false, progress(CampaignProgress::Stage::rounds, number), journal);
}

}  // namespace theriac::generative
