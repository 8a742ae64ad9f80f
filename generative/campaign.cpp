#include "generative/campaign.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "generative/candidate_filter.hpp"
#include "generative/diversity.hpp"
#include "generative/docking_tier.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t docked_per_block = 8;  ///< results held back before they go to the journal
constexpr std::size_t pareto_archive_size = 500;

/// Where an objective finds its number.
struct Source {
  bool docking = false;
  std::size_t column = 0;  ///< of the cheap scores, or of the targets
};

/// Candidates of one round, and what is needed to dock them.
struct Round {
  std::vector<CampaignRow> rows;
  std::vector<std::size_t> selected;    ///< rows to dock
  std::vector<PreparedLigand> ligands;  ///< per selected row, where already made
  std::vector<char> prepared;
};

struct Best {
  double total = 0, affinity = not_known;
  std::string name;
};

}  // namespace

struct Campaign::Implementation {
  CampaignSettings settings;
  std::vector<CampaignTarget> targets;
  std::unique_ptr<Proposer> proposer;
  std::optional<CampaignReference> reference;
  CandidateFilter filter;
  scoring::Objective objective;
  std::vector<Source> sources;

  DiversityFilter diversity;
  std::vector<Round> rounds;
  std::map<CandidateId, DockedCandidate> docked, final_tier;
  std::optional<ReferenceResult> reference_result;
  std::vector<RoundSummary> summaries;
  std::vector<std::vector<double>> archive_points;
  std::vector<Lesson> archive;
  Best best;
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
  Round prepared_round(int number, CampaignJournal& journal);
  void judge(std::vector<CampaignRow>& rows, const std::vector<chem::Molecule>& molecules);
  void select(Round& round);
  void embed(Round& round);
  void dock(Round& round, CampaignJournal& journal);
  void dock_selection(const std::vector<CandidateId>& ids,
                      const std::function<PreparedLigand(std::size_t)>& ligand, bool final_stage,
                      CampaignProgress progress, CampaignJournal& journal);
  std::vector<double> raw_values(const CampaignRow& row, const std::vector<double>& affinities) const;
  void assess(int round);
  void teach(const Round& round);
  void teach_pareto(const Round& round);
  std::string reason_to_end(int round) const;
  std::vector<std::size_t> ranking(const std::vector<CampaignRow>& rows) const;
  bool redock_top(CampaignJournal& journal, std::vector<CampaignRow>& rows);
  CampaignResult result(CampaignJournal& journal, int last_round, std::string ending);
};

Campaign::Implementation::Implementation(CampaignSettings s, std::vector<CampaignTarget> t,
                                         std::unique_ptr<Proposer> p, std::optional<CampaignReference> r)
    : settings(std::move(s)),
      targets(std::move(t)),
      proposer(std::move(p)),
      reference(std::move(r)),
      filter(settings.filter),
      objective(settings.objectives, settings.combine),
      diversity(settings.diversity) {
  if (targets.empty()) throw UsageError("a campaign needs a target to dock into");
  resolve_sources();
}

std::vector<std::string> Campaign::Implementation::source_names() const {
  std::vector<std::string> names = filter.property_names();
  for (const CampaignTarget& target : targets) names.push_back("dock:" + target.name);
  return names;
}

void Campaign::Implementation::resolve_sources() {
  const auto names = source_names();
  const std::size_t cheap = filter.property_names().size();
  for (const auto& term : settings.objectives) {
    const std::string wanted = term.source == "dock" ? "dock:" + targets.front().name : term.source;
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end()) {
      const std::string near = chem::nearest_name(wanted, names);
      throw UsageError(fmt::format("unknown source '{}' of objective '{}'; available: {}", term.source,
                                   term.name, fmt::join(names, ", ")),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near));
    }
    const auto at = static_cast<std::size_t>(found - names.begin());
    sources.push_back(at < cheap ? Source{false, at} : Source{true, at - cheap});
  }
}

// --- continuing ---

void Campaign::Implementation::restore(CampaignJournal& journal) {
  auto contents = journal.read();
  reference_result = std::move(contents.reference);
  docked = std::move(contents.docked);
  final_tier = std::move(contents.final_tier);
  for (auto& rows : contents.rounds) {
    Round round;
    std::vector<std::string> smiles;
    for (const CampaignRow& row : rows) {
      smiles.push_back(row.smiles);
      if (row.status == CandidateStatus::selected)
        round.selected.push_back(static_cast<std::size_t>(row.index));
    }
    proposer->recall(smiles);
    candidate_count += static_cast<std::int64_t>(rows.size());
    round.rows = std::move(rows);
    round.ligands.resize(round.selected.size());
    round.prepared.assign(round.selected.size(), 0);
    rounds.push_back(std::move(round));
  }
}

// --- the reference ligand ---

void Campaign::Implementation::redock_reference(CampaignJournal& journal) {
  if (!reference) return;
  if (!reference_result) {
    if (observe)
      observe({CampaignProgress::Stage::reference, 0, settings.stop.rounds, 0, 1, 0, 0, 0, 0, not_known, {}});
    auto result = redocked_reference(*reference, targets.front(), settings.docking.ph, settings.seed);
    result.properties = filter.properties(chem::Molecule::from_smiles(reference->crystal.smiles()));
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

// --- proposing and the cheap tiers ---

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

void Campaign::Implementation::select(Round& round) {
  std::vector<std::pair<double, std::size_t>> order;  // negative cheap total first, then order of proposal
  for (std::size_t i = 0; i < round.rows.size(); ++i)
    if (round.rows[i].status == CandidateStatus::not_docked)
      order.emplace_back(-objective.assess(raw_values(round.rows[i], {})).total, i);
  std::sort(order.begin(), order.end());
  std::int64_t room = settings.stop.max_docked;
  for (const Round& earlier : rounds) room -= static_cast<std::int64_t>(earlier.selected.size());
  const auto share = static_cast<std::int64_t>(std::ceil(
      settings.docking.top_fraction * static_cast<double>(std::min<std::size_t>(
                                          order.size(), static_cast<std::size_t>(settings.per_round)))));
  const auto n =
      static_cast<std::size_t>(std::clamp<std::int64_t>(share, 0, std::max<std::int64_t>(room, 0)));
  for (std::size_t k = 0; k < std::min(n, order.size()); ++k) round.selected.push_back(order[k].second);
  std::sort(round.selected.begin(), round.selected.end());
  for (const std::size_t i : round.selected) round.rows[i].status = CandidateStatus::selected;
}

void Campaign::Implementation::embed(Round& round) {
  round.ligands.resize(round.selected.size());
  round.prepared.assign(round.selected.size(), 0);
  tbb::parallel_for(std::size_t{0}, round.selected.size(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    round.ligands[i] =
        prepared_ligand(round.rows[round.selected[i]].smiles, settings.docking.ph, settings.seed);
    round.prepared[i] = 1;
  });
}

Round Campaign::Implementation::prepared_round(int number, CampaignJournal& journal) {
  const auto candidates = proposer->propose(settings.per_round, number);
  Round round;
  std::vector<chem::Molecule> molecules;
  for (const Candidate& c : candidates) {
    CampaignRow row;
    row.round = number;
    row.index = static_cast<int>(round.rows.size());
    row.smiles = c.molecule.smiles();
    row.origin = c.origin;
    row.name =
        c.molecule.name().empty() ? fmt::format("r{:02}-{:04}", number, row.index + 1) : c.molecule.name();
    round.rows.push_back(std::move(row));
    molecules.push_back(c.molecule);
  }
  judge(round.rows, molecules);
  select(round);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    journal.append_round(round.rows);
  }
  embed(round);
  return round;
}

// --- docking ---

void Campaign::Implementation::dock_selection(const std::vector<CandidateId>& ids,
                                              const std::function<PreparedLigand(std::size_t)>& ligand,
                                              bool final_stage, CampaignProgress progress,
                                              CampaignJournal& journal) {
  auto& results = final_stage ? final_tier : docked;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (results.count(ids[i]) == 0) open.push_back(i);
  progress.to_dock = static_cast<std::int64_t>(ids.size());
  progress.docked = static_cast<std::int64_t>(ids.size() - open.size());
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
    DockedCandidate d = docked_candidate(ligand(open[k]), targets, final_stage);
    std::tie(d.round, d.index) = ids[open[k]];
    const std::lock_guard<std::mutex> lock(mutex);
    ++progress.docked;
    ++progress.total_docked;
    progress.failed += d.message.empty() ? 0 : 1;
    if (!d.affinities.empty() && !(progress.best_affinity <= d.affinities.front()))
      progress.best_affinity = d.affinities.front();
    pending.push_back(std::move(d));
    if (pending.size() >= docked_per_block) flush();
    if (observe) observe(progress);
  });
  const std::lock_guard<std::mutex> lock(mutex);
  flush();
}

void Campaign::Implementation::dock(Round& round, CampaignJournal& journal) {
  std::vector<CandidateId> ids;
  for (const std::size_t i : round.selected) ids.emplace_back(round.rows[i].round, static_cast<int>(i));
  const int number = round.rows.empty() ? 0 : round.rows.front().round;
  const CampaignProgress progress{CampaignProgress::Stage::rounds,
                                  number,
                                  settings.stop.rounds,
                                  0,
                                  0,
                                  candidate_count,
                                  docked_count,
                                  failed_count,
                                  best.total,
                                  best.affinity,
                                  best.name};
  dock_selection(
      ids,
      [&](std::size_t i) {
        if (round.prepared[i]) return std::move(round.ligands[i]);  // each is asked for once
        return prepared_ligand(round.rows[round.selected[i]].smiles, settings.docking.ph, settings.seed);
      },
      false, progress, journal);
}

// --- learning ---

std::vector<double> Campaign::Implementation::raw_values(const CampaignRow& row,
                                                         const std::vector<double>& affinities) const {
  std::vector<double> raw;
  for (const Source& source : sources) {
    const auto& values = source.docking ? affinities : row.properties;
    raw.push_back(source.column < values.size() ? values[source.column] : not_known);
  }
  return raw;
}

void Campaign::Implementation::assess(int number) {
  Round& round = rounds[static_cast<std::size_t>(number)];
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
}

void Campaign::Implementation::teach(const Round& round) {
  std::vector<Lesson> lessons;
  for (const CampaignRow& row : round.rows)
    if (row.status == CandidateStatus::docked) lessons.push_back({row.smiles, row.loop_total, row.bucket});
  proposer->learn(lessons);
}

/// Under Pareto a molecule's worth is its place among all: the archive is ranked anew and told again.
void Campaign::Implementation::teach_pareto(const Round& round) {
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

// --- ending ---

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

bool Campaign::Implementation::redock_top(CampaignJournal& journal, std::vector<CampaignRow>& rows) {
  if (!(settings.docking.final_exhaustiveness > 0)) return true;
  auto top = ranking(rows);
  top.resize(std::min(top.size(), static_cast<std::size_t>(settings.docking.final_top)));
  std::vector<CandidateId> ids;
  for (const std::size_t i : top) ids.emplace_back(rows[i].round, rows[i].index);
  CampaignProgress progress{CampaignProgress::Stage::final_tier,
                            static_cast<int>(rounds.size()),
                            settings.stop.rounds,
                            0,
                            0,
                            candidate_count,
                            docked_count,
                            failed_count,
                            best.total,
                            best.affinity,
                            best.name};
  dock_selection(
      ids,
      [&](std::size_t k) { return prepared_ligand(rows[top[k]].smiles, settings.docking.ph, settings.seed); },
      true, progress, journal);
  for (std::size_t k = 0; k < top.size(); ++k) {
    const auto found = final_tier.find(ids[k]);
    if (found == final_tier.end()) return false;
    if (!found->second.message.empty()) continue;  // the pose of the loop stays
    CampaignRow& row = rows[top[k]];
    row.final_affinities = found->second.affinities;
    row.assessment = objective.assess(raw_values(row, row.final_affinities));
  }
  return true;
}

CampaignResult Campaign::Implementation::result(CampaignJournal& journal, int last_round,
                                                std::string ending) {
  CampaignResult out;
  out.ending = std::move(ending);
  out.rounds = summaries;
  out.reference = reference_result;
  for (int r = 0; r <= last_round; ++r)
    for (CampaignRow& row : rounds[static_cast<std::size_t>(r)].rows) out.rows.push_back(std::move(row));
  const bool final_tier_complete = redock_top(journal, out.rows);
  out.stopped = !final_tier_complete;
  out.ranking = ranking(out.rows);
  return out;
}

// --- the loop ---

Campaign::Campaign(CampaignSettings settings, std::vector<CampaignTarget> targets,
                   std::unique_ptr<Proposer> proposer, std::optional<CampaignReference> reference)
    : implementation_(std::make_unique<Implementation>(std::move(settings), std::move(targets),
                                                       std::move(proposer), std::move(reference))) {}

Campaign::~Campaign() = default;

CampaignResult Campaign::run(datasets::Journal& file, chem::StopToken stop,
                             const std::function<void(const CampaignProgress&)>& observe) {
  auto& own = *implementation_;
  CampaignJournal journal(file);
  own.stop = stop;
  own.observe = observe;
  own.restore(journal);
  own.redock_reference(journal);
  const auto add = [&](Round round) {
    own.candidate_count += static_cast<std::int64_t>(round.rows.size());
    own.rounds.push_back(std::move(round));
  };
  if (own.rounds.empty()) add(own.prepared_round(0, journal));
  if (own.rounds.front().selected.empty())
    throw InputError(
        fmt::format("none of the {} starting molecules passes the filter; the first fails with: {}",
                    own.rounds.front().rows.size(), own.rounds.front().rows.front().message),
        "loosen [filter] or give other molecules with 'start' in [generate]");
  for (int round = 0;; ++round) {
    const bool next_is_open =
        round < own.settings.stop.rounds && own.rounds.size() == static_cast<std::size_t>(round) + 1;
    std::optional<Round> next;
    tbb::parallel_invoke([&] { own.dock(own.rounds[static_cast<std::size_t>(round)], journal); },
                         [&] {
                           if (next_is_open && !stop.stop_requested())
                             next = own.prepared_round(round + 1, journal);
                         });
    if (next) add(std::move(*next));
    if (stop.stop_requested()) {
      CampaignResult stopped;
      stopped.stopped = true;
      stopped.ending = fmt::format("stopped in round {}", round);
      return stopped;
    }
    own.assess(round);
    const std::string ending = own.reason_to_end(round);
    if (!ending.empty()) return own.result(journal, round, ending);
  }
}

const CampaignSettings& Campaign::settings() const {
  return implementation_->settings;
}

std::vector<std::string> Campaign::sources() const {
  return implementation_->source_names();
}

const std::vector<std::shared_ptr<const scoring::ScoreKind>>& Campaign::property_kinds() const {
  return implementation_->filter.kinds();
}

std::vector<std::string> Campaign::target_names() const {
  std::vector<std::string> names;
  for (const CampaignTarget& target : implementation_->targets) names.push_back(target.name);
  return names;
}

}  // namespace theriac::generative
