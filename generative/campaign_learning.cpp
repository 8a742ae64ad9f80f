// What scores are worth: assessing, teaching the proposer, ranking, and knowing when to end.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generative/campaign_state.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t pareto_archive_size = 500;

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

/// Under Pareto a molecule's worth is its place among all: the archive is ranked anew and told again.
void Campaign::Implementation::teach_pareto(const CampaignRound& round) {
  for (const CampaignRow& row : round.rows) {
    if (row.status != CandidateStatus::docked || !(row.loop_total > 0)) continue;
    archive.push_back({row.smiles, 0, row.bucket});
    archive_points.push_back(row.assessment.desirability);
  }
  const auto order = scoring::pareto_order(archive_points);
  std::vector<Lesson> lessons, kept;
  std::vector<std::vector<double>> kept_points;
  for (std::size_t k = 0; k < order.size(); ++k) {
    Lesson lesson = archive[order[k]];
    lesson.fitness = k < pareto_archive_size ? 1.0 / static_cast<double>(1 + k) : 0;
    lessons.push_back(lesson);
    if (k >= pareto_archive_size) continue;
    kept.push_back(lesson);
    kept_points.push_back(archive_points[order[k]]);
  }
  archive = std::move(kept);
  archive_points = std::move(kept_points);
  proposer->learn(lessons);
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
    const double before = summaries[static_cast<std::size_t>(number - patience)].best_so_far;
    if (!(summaries[static_cast<std::size_t>(number)].best_so_far > before + 1e-9))
      return fmt::format("no gain in {} rounds", patience);
  }
  return {};
}

std::vector<std::size_t> Campaign::Implementation::ranking(const std::vector<CampaignRow>& rows) const {
  std::vector<std::size_t> order;
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].status != CandidateStatus::docked) continue;
    order.push_back(i);
    points.push_back(rows[i].assessment.desirability);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rows[a].assessment.total > rows[b].assessment.total;
  });
  if (settings.combine != scoring::Combination::pareto) return order;
  points.clear();
  std::size_t ranked = 0;  // rejected molecules (total 0) stay behind, in their order
  for (const std::size_t i : order) {
    if (!(rows[i].assessment.total > 0)) break;
    points.push_back(rows[i].assessment.desirability);
    ++ranked;
  }
  std::vector<std::size_t> out;
  for (const std::size_t k : scoring::pareto_order(points)) out.push_back(order[k]);
  out.insert(out.end(), order.begin() + static_cast<std::ptrdiff_t>(ranked), order.end());
  return out;
}

}  // namespace theriac::generative
