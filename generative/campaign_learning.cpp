// What scores are worth: assessing, teaching the proposer, ranking, and knowing when to end.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "generative/campaign_state.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t breeding_size = 500;  ///< molecules that a Pareto campaign ranks anew each round

}  // namespace

std::vector<double> Campaign::Implementation::raw_values(const CampaignRow& row,
                                                         const std::vector<double>& affinities) const {
  std::vector<double> raw;
  for (const ObjectiveSource& source : sources) {
    const auto& values = source.docking ? affinities : row.properties;
    raw.push_back(source.column < values.size() ? values[source.column] : not_known);
  }
  return raw;
}

/// What the pose looks like: the loop's, later the final tier's.
void Campaign::Implementation::take_docking(CampaignRow& row, const DockedCandidate& found) const {
  row.inchikey = found.inchikey;
  row.hydrogen_bonds = found.hydrogen_bonds;
  row.contacts = found.contacts;
  row.failed_checks = found.failed_checks;
}

void Campaign::Implementation::assess(int number) {
  CampaignRound& round = rounds[static_cast<std::size_t>(number)];
  RoundSummary summary;
  summary.round = number;
  summary.candidates = static_cast<int>(round.rows.size());
  double affinity_sum = 0;
  for (CampaignRow& row : round.rows) {
    const auto found = docked.find({row.round, row.index});
    if (found != docked.end()) {
      const DockedCandidate& d = found->second;
      row.status = d.message.empty() ? CandidateStatus::docked : CandidateStatus::failed;
      row.message = d.message;
      row.affinities = d.affinities;
      take_docking(row, d);
    }
    row.assessment = objective.assess(raw_values(row, row.affinities));
    row.loop_total = row.assessment.total;
    summary.filtered += row.status == CandidateStatus::filtered;
    summary.failed += row.status == CandidateStatus::failed;
    if (row.status != CandidateStatus::docked) continue;
    row.bucket = diversity.count(chem::Molecule::from_smiles(row.smiles), row.loop_total);
    ++summary.docked;
    summary.mean_total += row.loop_total;
    affinity_sum += row.affinities.front();
    summary.best_total = std::max(summary.best_total, row.loop_total);
    if (!(summary.best_affinity <= row.affinities.front())) summary.best_affinity = row.affinities.front();
    if (row.loop_total > best.total || best.name.empty())
      best = {row.loop_total, row.affinities.front(), row.name};
  }
  if (summary.docked > 0) {
    summary.mean_total /= summary.docked;
    summary.mean_affinity = affinity_sum / summary.docked;
  }
  docked_count += summary.docked;
  failed_count += summary.failed;
  std::vector<scoring::ParetoMember> fresh;
  for (const CampaignRow& row : round.rows)
    if (row.status == CandidateStatus::docked) fresh.push_back({row.smiles, front_point(row)});
  front.add(fresh);
  summary.front = static_cast<int>(front.size());
  if (settings.objectives.size() <= scoring::most_volume_objectives)
    summary.hypervolume = front.hypervolume();
  summary.best_so_far = best.total;
  summary.buckets = diversity.buckets();
  summaries.push_back(summary);
  if (settings.combine == scoring::Combination::pareto)
    teach_pareto(round);
  else
    teach(round);
  take_remarks(number, proposer->remarks());
}

void Campaign::Implementation::teach(const CampaignRound& round) {
  std::vector<Lesson> lessons;
  for (const CampaignRow& row : round.rows)
    if (row.status == CandidateStatus::docked) lessons.push_back({row.smiles, row.loop_total, row.bucket});
  proposer->learn(lessons);
}

/// Desirabilities, a missing one as 0.
std::vector<double> Campaign::Implementation::front_point(const CampaignRow& row) const {
  std::vector<double> point = row.assessment.desirability;
  for (double& d : point) d = std::isnan(d) ? 0 : d;
  return point;
}

/// Under Pareto a molecule's worth is its place among all: the best are ranked anew and told again.
void Campaign::Implementation::teach_pareto(const CampaignRound& round) {
  for (const CampaignRow& row : round.rows) {
    if (row.status != CandidateStatus::docked || !(row.loop_total > 0)) continue;
    breeding.push_back({row.smiles, front_point(row)});
    breeding_buckets[row.smiles] = row.bucket;
  }
  std::vector<std::vector<double>> points;
  for (const auto& member : breeding) points.push_back(member.point);
  const auto fitness = scoring::pareto_fitness(points, std::vector<double>(settings.objectives.size(), 0));
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return fitness[a] > fitness[b]; });
  std::vector<Lesson> lessons;
  std::vector<scoring::ParetoMember> kept;
  for (std::size_t k = 0; k < order.size(); ++k) {
    auto& member = breeding[order[k]];
    const bool stays = k < breeding_size;
    lessons.push_back({member.key, stays ? fitness[order[k]] : 0, breeding_buckets[member.key]});
    if (stays)
      kept.push_back(std::move(member));
    else
      breeding_buckets.erase(member.key);
  }
  breeding = std::move(kept);
  proposer->learn(lessons);
}

/// What must grow for a campaign to go on: the best total, or what the front dominates.
double Campaign::Implementation::gain_measure(int number) const {
  const RoundSummary& summary = summaries[static_cast<std::size_t>(number)];
  const bool volume = settings.combine == scoring::Combination::pareto && std::isfinite(summary.hypervolume);
  return volume ? summary.hypervolume : summary.best_so_far;
}

std::string Campaign::Implementation::reason_to_end(int number) const {
  if (number >= settings.stop.rounds) return fmt::format("all {} rounds done", settings.stop.rounds);
  if (rounds.size() > static_cast<std::size_t>(number) + 1 &&
      rounds[static_cast<std::size_t>(number) + 1].rows.empty())
    return "no new molecules could be proposed";
  std::int64_t selected = 0;
  for (int r = 0; r <= number; ++r)
    selected += static_cast<std::int64_t>(rounds[static_cast<std::size_t>(r)].selected.size());
  if (selected >= settings.stop.max_docked)
    return fmt::format("{} molecules docked", settings.stop.max_docked);
  const int patience = settings.stop.rounds_without_gain;
  if (patience > 0 && number >= patience) {
    if (!(gain_measure(number) > gain_measure(number - patience) + 1e-9))
      return fmt::format("no gain in {} rounds", patience);
  }
  return {};
}

std::vector<std::size_t> Campaign::Implementation::ranking(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].status == CandidateStatus::docked) order.push_back(i);
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
  const std::vector<double> rejected(settings.objectives.size(), 0);
  for (const std::size_t k : scoring::pareto_order(points, rejected)) out.push_back(order[k]);
  out.insert(out.end(), order.begin() + static_cast<std::ptrdiff_t>(ranked), order.end());
  return out;
}

std::vector<int> Campaign::Implementation::fronts(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> source;
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].status != CandidateStatus::docked) continue;
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
