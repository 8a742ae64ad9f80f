// From stage to stage: what each one is, when it ends, and what the next one starts from.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "generative/campaign_state.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t pareto_capacity = 1000;
constexpr std::size_t best_for_until = 10;  ///< totals whose mean `until` is compared with

bool reads_docking(const scoring::ObjectiveTerm& term) {
  return term.source.rfind("dock", 0) == 0;
}

/// A campaign without stages as one.
StageSettings whole_campaign(const CampaignSettings& settings) {
  StageSettings out;
  for (const auto& term : settings.objectives) out.objectives.push_back(term.name);
  out.filter = settings.filter;
  out.per_round = settings.per_round;
  out.rounds = settings.stop.rounds;
  out.rounds_without_gain = settings.stop.rounds_without_gain;
  return out;
}

}  // namespace

std::vector<std::string> predicted_endpoints(const CampaignSettings& settings) {
  const std::string prefix = "predict:";
  std::vector<std::string> out;
  for (const auto& term : settings.objectives) {
    if (term.source.rfind(prefix, 0) != 0) continue;
    const std::string name = term.source.substr(prefix.size());
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

std::vector<char> active_objectives(const CampaignSettings& settings, const StageSettings& one) {
  std::vector<std::string> known;
  for (const auto& term : settings.objectives) known.push_back(term.name);
  std::vector<char> active(known.size(), 0);
  bool docks = false;
  for (const std::string& name : one.objectives) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      const std::string near = chem::nearest_name(name, known);
      throw UsageError(fmt::format("unknown objective '{}' in stage '{}'; known: {}", name, one.name,
                                   fmt::join(known, ", ")),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near));
    }
    const auto i = static_cast<std::size_t>(found - known.begin());
    if (active[i]) throw UsageError(fmt::format("stage '{}' names objective '{}' twice", one.name, name));
    active[i] = 1;
    if (!reads_docking(settings.objectives[i])) continue;
    docks = true;
    if (!one.docking)
      throw UsageError(
          fmt::format("stage '{}' docks nothing, but objective '{}' reads a docking score", one.name, name));
  }
  if (one.objectives.empty()) throw UsageError(fmt::format("stage '{}' has no objective", one.name));
  if (one.docking && !docks)
    throw UsageError(
        fmt::format("stage '{}' docks, but none of its objectives reads a docking score", one.name),
        "docking = false judges candidates by cheap scores alone");
  return active;
}

void Campaign::Implementation::resolve_stages() {
  stages = settings.stages;
  if (stages.empty()) {
    stages.push_back(whole_campaign(settings));
    return;
  }
  std::set<std::string> names;
  for (const StageSettings& one : stages) {
    if (!names.insert(one.name).second) throw UsageError(fmt::format("two stages are named '{}'", one.name));
    active_objectives(settings, one);
  }
  if (!stages.back().docking)
    throw UsageError(fmt::format("the last stage, '{}', docks nothing", stages.back().name),
                     "a campaign ends with docking");
}

void Campaign::Implementation::begin_stage(std::size_t index, int first_round) {
  const StageSettings& one = stages[index];
  now.emplace(
      StageState{index,
                 first_round,
                 active_objectives(settings, one),
                 DiversityFilter(settings.diversity),
                 scoring::ParetoArchive(std::vector<double>(one.objectives.size(), 0), pareto_capacity),
                 {},
                 {},
                 {},
                 {}});
  if (index > 0) proposer->objectives_changed();
  outdated.insert(told.begin(), told.end());
  told.clear();
}

/// Whether the next round is proposed while this one is docked. The first round of a later stage is waited
/// for: before it the proposer knows nothing of the stage's objectives.
bool Campaign::Implementation::looks_ahead(int round) const {
  const int in_stage = round - now->first_round;
  return stage().docking && (now->index == 0 || in_stage > 0) && in_stage < stage().rounds &&
         rounds.size() == static_cast<std::size_t>(round) + 1;
}

/// Molecules sent to docking, without those whose docking in an earlier stage counts.
std::int64_t Campaign::Implementation::docked_in(int first_round, int last_round) const {
  std::int64_t out = 0;
  for (int r = first_round; r <= last_round; ++r) {
    const CampaignRound& round = rounds[static_cast<std::size_t>(r)];
    for (const std::size_t i : round.selected) out += !round.rows[i].docked_before;
  }
  return out;
}

std::string Campaign::Implementation::dry_after(int round) const {
  const auto next = static_cast<std::size_t>(round) + 1;
  const bool dry =
      rounds.size() > next && rounds[next].stage == static_cast<int>(now->index) && rounds[next].rows.empty();
  return dry ? "no new molecules could be proposed" : "";
}

double Campaign::Implementation::mean_of_best() const {
  std::vector<double> best = now->totals;
  if (best.size() < best_for_until) return 0;
  const auto end = best.begin() + static_cast<std::ptrdiff_t>(best_for_until);
  std::partial_sort(best.begin(), end, best.end(), std::greater<>());
  return std::accumulate(best.begin(), end, 0.0) / static_cast<double>(best_for_until);
}

std::string Campaign::Implementation::reason_to_end(int number) const {
  const int in_stage = number - now->first_round;
  if (in_stage >= stage().rounds) return fmt::format("all {} rounds done", stage().rounds);
  const std::string dry = dry_after(number);
  if (!dry.empty()) return dry;
  if (docked_in(0, number) >= settings.stop.max_docked)
    return fmt::format("{} molecules docked", settings.stop.max_docked);
  if (stage().max_docked > 0 && docked_in(now->first_round, number) >= stage().max_docked)
    return fmt::format("{} molecules docked in the stage", stage().max_docked);
  if (in_stage < stage().min_rounds) return {};
  if (stage().until > 0 && mean_of_best() >= stage().until)
    return fmt::format("the {} best reached a mean total of {}", best_for_until, stage().until);
  const int patience = stage().rounds_without_gain;
  if (patience > 0 && in_stage >= patience &&
      !(gain_measure(number) > gain_measure(number - patience) + 1e-9))
    return fmt::format("no gain in {} rounds", patience);
  return {};
}

std::vector<CampaignRow> Campaign::Implementation::best_of_stage() const {
  std::vector<CampaignRow> rows;
  for (std::size_t r = static_cast<std::size_t>(now->first_round); r < summaries.size(); ++r)
    rows.insert(rows.end(), rounds[r].rows.begin(), rounds[r].rows.end());
  std::vector<CampaignRow> out;
  for (const std::size_t i : ranking(rows)) {
    if (static_cast<int>(out.size()) >= stage().carry) break;
    out.push_back(rows[i]);
  }
  return out;
}

/// The best of the stage before, as candidates of the first round of this one: judged, docked and assessed
/// anew.
CampaignRound Campaign::Implementation::carried_round(int number, CampaignJournal& journal,
                                                      const std::vector<CampaignRow>& best) {
  std::vector<CampaignRow> rows;
  std::vector<chem::Molecule> molecules;
  for (const CampaignRow& from : best) {
    CampaignRow row;
    row.round = number;
    row.index = static_cast<int>(rows.size());
    row.name = from.name;
    row.smiles = from.smiles;
    row.origin = fmt::format("carried from {}", stages[now->index - 1].name);
    row.log_likelihood = from.log_likelihood;
    molecules.push_back(chem::Molecule::from_smiles(row.smiles));
    rows.push_back(std::move(row));
  }
  return finished_round(number, std::move(rows), molecules, true, {}, journal);
}

/// Throws InputError when a stage has nothing to start from.
void Campaign::Implementation::check_passing(const CampaignRound& round) const {
  const bool passes =
      !round.selected.empty() ||
      (!stage().docking && std::any_of(round.rows.begin(), round.rows.end(), [](const auto& row) {
        return row.status == CandidateStatus::not_docked;
      }));
  if (passes) return;
  if (now->index == 0)
    throw InputError(
        fmt::format("none of the {} starting molecules passes the filter; the first fails with: {}",
                    round.rows.size(), round.rows.front().message),
        "loosen [filter] or give other molecules with 'start' in [generate]");
  if (round.rows.empty())
    throw InputError(fmt::format("stage '{}' found no molecule for stage '{}' to start from",
                                 stages[now->index - 1].name, stage().name));
  throw InputError(
      fmt::format(
          "none of the {} molecules carried into stage '{}' passes its filter; the first fails with: {}",
          round.rows.size(), stage().name, round.rows.front().message),
      "loosen the filter of the stage, or tighten that of the stage before");
}

/// Ends the running stage; false when it is the last, or when nothing may be docked any more.
bool Campaign::Implementation::next_stage(int round, const std::string& ending, CampaignJournal& journal) {
  StageSummary done;
  done.name = stage().name;
  done.first_round = now->first_round;
  done.last_round = round;
  for (int r = now->first_round; r <= round; ++r) {
    done.docked += summaries[static_cast<std::size_t>(r)].docked;
    done.scored += summaries[static_cast<std::size_t>(r)].scored;
  }
  done.best_total = now->best.total;
  done.ending = ending;
  finished_stages.push_back(done);
  if (now->index + 1 == stages.size() || docked_in(0, round) >= settings.stop.max_docked) return false;
  const auto first = static_cast<std::size_t>(round) + 1;
  const auto best = best_of_stage();
  begin_stage(now->index + 1, round + 1);
  if (rounds.size() > first && rounds[first].stage != static_cast<int>(now->index))
    drop_rounds_from(first);  // proposed ahead, for a stage that is over
  if (rounds.size() == first) add(carried_round(round + 1, journal, best));
  check_passing(rounds[first]);
  return true;
}

}  // namespace theriac::generative
