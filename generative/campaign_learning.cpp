// What scores are worth: assessing, teaching the proposer, ranking.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "generative/campaign_state.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t breeding_size = 500;  ///< molecules that a Pareto campaign ranks anew each round

bool judged(const CampaignRow& row) {
  return row.status == CandidateStatus::docked || row.status == CandidateStatus::scored;
}

}  // namespace

std::vector<double> Campaign::Implementation::raw_values(const CampaignRow& row,
                                                         const std::vector<double>& affinities) const {
  return generative::raw_values(sources, row.properties, affinities);
}

/// What the pose looks like: the loop's, later the final tier's.
void Campaign::Implementation::take_docking(CampaignRow& row, const DockedCandidate& found) const {
  row.inchikey = found.inchikey;
  row.hydrogen_bonds = found.hydrogen_bonds;
  row.contacts = found.contacts;
  row.failed_checks = found.failed_checks;
  row.pose_probability = found.pose_probability;
}

/// Counts, means and bests of a round that was assessed.
RoundSummary Campaign::Implementation::summary(int number) const {
  const CampaignRound& round = rounds[static_cast<std::size_t>(number)];
  RoundSummary out;
  out.round = number;
  out.stage = round.stage;
  out.candidates = static_cast<int>(round.rows.size());
  double affinity_sum = 0;
  for (const CampaignRow& row : round.rows) {
    out.filtered += row.status == CandidateStatus::filtered;
    out.failed += row.status == CandidateStatus::failed;
    if (!judged(row)) continue;
    out.mean_total += row.loop_total;
    out.best_total = std::max(out.best_total, row.loop_total);
    out.scored += row.status == CandidateStatus::scored;
    if (row.status != CandidateStatus::docked) continue;
    ++out.docked;
    affinity_sum += row.affinities.front();
    if (!(out.best_affinity <= row.affinities.front())) out.best_affinity = row.affinities.front();
  }
  if (out.docked + out.scored > 0) out.mean_total /= out.docked + out.scored;
  if (out.docked > 0) out.mean_affinity = affinity_sum / out.docked;
  out.front = static_cast<int>(now->front.size());
  if (stage().objectives.size() <= scoring::most_volume_objectives)
    out.hypervolume = now->front.hypervolume();
  out.best_so_far = now->best.total;
  out.buckets = now->diversity.buckets();
  return out;
}

void Campaign::Implementation::assess(int number) {
  CampaignRound& round = rounds[static_cast<std::size_t>(number)];
  std::vector<scoring::ParetoMember> fresh;
  for (CampaignRow& row : round.rows) {
    const auto found = docked.find(docking_id(row));
    if (row.status == CandidateStatus::selected && found != docked.end()) {
      const DockedCandidate& d = found->second;
      row.status = d.message.empty() ? CandidateStatus::docked : CandidateStatus::failed;
      row.message = d.message;
      row.affinities = d.affinities;
      take_docking(row, d);
    } else if (!stage().docking && row.status == CandidateStatus::not_docked) {
      row.status = CandidateStatus::scored;
    }
    row.assessment = objective.assess(raw_values(row, row.affinities), now->active);
    row.loop_total = row.assessment.total;
    if (!judged(row)) continue;
    row.bucket = now->diversity.count(chem::Molecule::from_smiles(row.smiles), row.loop_total);
    now->totals.push_back(row.loop_total);
    fresh.push_back({row.smiles, front_point(row)});
    if (row.loop_total > now->best.total || now->best.name.empty())
      now->best = {row.loop_total, row.affinities.empty() ? not_known : row.affinities.front(), row.name};
  }
  now->front.add(fresh);
  summaries.push_back(summary(number));
  docked_count += summaries.back().docked;
  failed_count += summaries.back().failed;
  if (settings.combine == scoring::Combination::pareto)
    teach_pareto(round);
  else
    teach(round);
  take_remarks(number, proposer->remarks());
  if (!stage().docking && observe) observe(progress(CampaignProgress::Stage::rounds, number));
}

/// Tells the proposer, and that what it was told in earlier stages and not again in this is void.
void Campaign::Implementation::tell(std::vector<Lesson> lessons) {
  for (const Lesson& lesson : lessons) {
    told.insert(lesson.smiles);
    outdated.erase(lesson.smiles);
  }
  for (const std::string& smiles : outdated) lessons.push_back({smiles, 0, {}});
  outdated.clear();
  proposer->learn(lessons);
}

void Campaign::Implementation::teach(const CampaignRound& round) {
  std::vector<Lesson> lessons;
  for (const CampaignRow& row : round.rows)
    if (judged(row)) lessons.push_back({row.smiles, row.loop_total, row.bucket});
  tell(std::move(lessons));
}

/// Desirabilities of the active objectives, a missing one as 0.
std::vector<double> Campaign::Implementation::front_point(const CampaignRow& row) const {
  std::vector<double> point;
  for (std::size_t i = 0; i < now->active.size(); ++i) {
    const double d = row.assessment.desirability[i];
    if (now->active[i]) point.push_back(std::isnan(d) ? 0 : d);
  }
  return point;
}

/// Under Pareto a molecule's worth is its place among all: the best are ranked anew and told again.
void Campaign::Implementation::teach_pareto(const CampaignRound& round) {
  for (const CampaignRow& row : round.rows) {
    if (!judged(row) || !(row.loop_total > 0)) continue;
    now->breeding.push_back({row.smiles, front_point(row)});
    now->breeding_buckets[row.smiles] = row.bucket;
  }
  std::vector<std::vector<double>> points;
  for (const auto& member : now->breeding) points.push_back(member.point);
  const auto fitness = scoring::pareto_fitness(points, std::vector<double>(stage().objectives.size(), 0));
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return fitness[a] > fitness[b]; });
  std::vector<Lesson> lessons;
  std::vector<scoring::ParetoMember> kept;
  for (std::size_t k = 0; k < order.size(); ++k) {
    auto& member = now->breeding[order[k]];
    const bool stays = k < breeding_size;
    lessons.push_back({member.key, stays ? fitness[order[k]] : 0, now->breeding_buckets[member.key]});
    if (stays)
      kept.push_back(std::move(member));
    else
      now->breeding_buckets.erase(member.key);
  }
  now->breeding = std::move(kept);
  tell(std::move(lessons));
}

/// What must grow for a campaign to go on: the best total, or what the front dominates.
double Campaign::Implementation::gain_measure(int number) const {
  const RoundSummary& summary = summaries[static_cast<std::size_t>(number)];
  const bool volume = settings.combine == scoring::Combination::pareto && std::isfinite(summary.hypervolume);
  return volume ? summary.hypervolume : summary.best_so_far;
}

std::vector<std::size_t> Campaign::Implementation::ranking(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (judged(rows[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rows[a].assessment.total > rows[b].assessment.total;
  });
  if (settings.combine != scoring::Combination::pareto) return order;
  std::vector<std::vector<double>> points;
  std::size_t ranked = 0;  // rejected molecules (total 0) stay behind, in their order
  for (const std::size_t i : order) {
    if (!(rows[i].assessment.total > 0)) break;
    points.push_back(front_point(rows[i]));
    ++ranked;
  }
  std::vector<std::size_t> out;
  const std::vector<double> rejected(stage().objectives.size(), 0);
  for (const std::size_t k : scoring::pareto_order(points, rejected)) out.push_back(order[k]);
  out.insert(out.end(), order.begin() + static_cast<std::ptrdiff_t>(ranked), order.end());
  return out;
}

std::vector<std::size_t> Campaign::Implementation::final_ranking(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> source;
  std::vector<CampaignRow> last;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].stage == static_cast<int>(now->index)) {
      last.push_back(rows[i]);
      source.push_back(i);
    }
  auto out = ranking(last);
  for (std::size_t& i : out) i = source[i];
  return out;
}

std::vector<int> Campaign::Implementation::fronts(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> source;
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!judged(rows[i]) || rows[i].stage != static_cast<int>(now->index)) continue;
    auto point = front_point(rows[i]);
    if (*std::min_element(point.begin(), point.end()) <= 0) continue;
    points.push_back(std::move(point));
    source.push_back(i);
  }
  std::vector<int> out(rows.size(), 0);
  const auto found = scoring::pareto_fronts(points);
  for (std::size_t k = 0; k < source.size(); ++k) out[source[k]] = found[k];
  return out;
}

}  // namespace theriac::generative
