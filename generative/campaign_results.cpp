#include "generative/campaign_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "chem/scaffold.hpp"
#include "datasets/gzip.hpp"
#include "generative/diversity.hpp"
#include "scoring/score.hpp"

namespace theriac::generative {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::real_column;
using datasets::Row;
using datasets::text_column;

constexpr std::ptrdiff_t stage_column = 5;  ///< after the round, in campaigns with stages

Cell real(double value) {
  return std::isnan(value) ? Cell{} : Cell{value};
}
Cell text(const std::string& value) {
  return value.empty() ? Cell{} : Cell{value};
}
Cell integer(std::int64_t value) {
  return Cell{value};
}

Column count_column(std::string name, std::string description) {
  return {std::move(name), ColumnType::int32, {}, std::move(description), -1, {}};
}

std::string direction_of(const scoring::ScoreKind& kind) {
  if (kind.direction == scoring::Direction::neutral) return {};
  return fmt::format("; {} is better", scoring::to_text(kind.direction));
}

double main_affinity(const CampaignRow& row) {
  if (!row.final_affinities.empty()) return row.final_affinities.front();
  return row.affinities.empty() ? not_known : row.affinities.front();
}

std::vector<int> ranks(const CampaignResult& result) {
  std::vector<int> rank(result.rows.size(), 0);
  for (std::size_t k = 0; k < result.ranking.size(); ++k) rank[result.ranking[k]] = static_cast<int>(k) + 1;
  return rank;
}

Row row_of(const Campaign& campaign, const CampaignRow& row, int rank, int front) {
  const bool docked = row.status == CandidateStatus::docked;
  const bool judged = docked || row.status == CandidateStatus::scored;
  Row out{rank > 0 ? integer(rank) : Cell{},
          text(row.name),
          integer(static_cast<std::int64_t>(row.status)),
          text(row.message),
          integer(row.round),
          text(row.origin),
          real(row.log_likelihood),
          text(row.smiles),
          text(row.inchikey),
          text(row.bucket),
          real(judged ? row.assessment.total : not_known),
          real(judged ? row.loop_total : not_known),
          front > 0 ? integer(front) : Cell{}};
  if (campaign.staged())
    out.insert(out.begin() + stage_column, text(campaign.stages()[static_cast<std::size_t>(row.stage)].name));
  for (std::size_t i = 0; i < campaign.settings().objectives.size(); ++i) {
    out.push_back(real(row.assessment.raw.empty() ? not_known : row.assessment.raw[i]));
    out.push_back(real(row.assessment.desirability.empty() ? not_known : row.assessment.desirability[i]));
  }
  const double affinity = main_affinity(row);
  out.push_back(real(affinity));
  out.push_back(real(row.affinities.empty() ? not_known : row.affinities.front()));
  out.push_back(real(affinity / std::max(1, row.heavy_atoms)));
  if (campaign.judges_poses()) out.push_back(real(row.pose_probability));
  const auto& all = row.final_affinities.empty() ? row.affinities : row.final_affinities;
  for (std::size_t t = 1; t < campaign.target_names().size(); ++t)
    out.push_back(real(t < all.size() ? all[t] : not_known));
  out.push_back(docked ? integer(row.hydrogen_bonds) : Cell{});
  out.push_back(text(row.contacts));
  out.push_back(text(row.failed_checks));
  out.push_back(integer(row.heavy_atoms));
  for (std::size_t i = 0; i < campaign.property_kinds().size(); ++i)
    if (campaign.property_kinds()[i]->name != "heavy_atoms")
      out.push_back(real(i < row.properties.size() ? row.properties[i] : not_known));
  out.push_back(text(row.alerts));
  return out;
}

/// A bare SDF record with a title (its first line) and data fields.
std::string with_fields(const std::string& record, const std::string& title,
                        const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out = title + record.substr(record.find('\n'));
  out.resize(out.rfind("$$$$"));
  for (const auto& [name, value] : fields)
    if (!value.empty()) out += fmt::format(">  <{}>\n{}\n\n", name, value);
  return out + "$$$$\n";
}

GroupSummary summary_of(const std::string& name, const std::vector<const CampaignRow*>& rows) {
  GroupSummary out;
  out.name = name;
  double total = 0, affinity = 0;
  for (const CampaignRow* row : rows) {
    ++out.molecules;
    total += row->loop_total;
    affinity += row->affinities.front();
    out.best_total = std::max(out.best_total, row->loop_total);
    if (!(out.best_affinity <= row->affinities.front())) out.best_affinity = row->affinities.front();
  }
  if (rows.empty()) return out;
  out.mean_total = total / out.molecules;
  out.mean_affinity = affinity / out.molecules;
  return out;
}

}  // namespace

std::vector<Column> campaign_columns(const Campaign& campaign) {
  std::vector<Column> out{
      count_column("rank",
                   "place in the final ranking, 1 is best; empty if not docked or of an earlier stage"),
      text_column("name", "of a starting molecule, else round and number"),
      {"status",
       ColumnType::category,
       {},
       "how far the candidate came",
       -1,
       {"docked", "not_docked", "filtered", "failed", "selected", "scored"}},
      text_column("message", "why it was filtered or failed"),
      count_column("round", "0 is the starting set"),
      text_column("origin", "how it came about"),
      real_column("log_likelihood", "",
                  "natural logarithm of the probability with which the proposer drew it; empty where it "
                  "knows none",
                  3),
      text_column("smiles", "canonical SMILES, without stereochemistry"),
      text_column("inchikey", "of docked molecules: standard InChIKey of the neutral parent"),
      text_column("bucket", "scaffold or cluster for the diversity filter"),
      real_column("total", "", "combined desirability, 0 to 1; higher is better", 4),
      real_column("loop_total", "",
                  "the same with the docking effort of the loop, comparable between all rows", 4),
      count_column("pareto_front",
                   "1: no other molecule is at least as good in every objective and better in one; 2: only "
                   "those of front 1 are; empty if not docked or rejected by an objective")};
  if (campaign.staged())
    out.insert(out.begin() + stage_column,
               text_column("stage", "of the campaign; total and rank are over the objectives of the stage"));
  for (const auto& term : campaign.settings().objectives) {
    out.push_back(real_column(term.name + "_value", "",
                              "raw value of " + term.source + ", wanted " + term.want.text(), 3));
    out.push_back(
        real_column(term.name + "_desirability", "", fmt::format("0 to 1, weight {:.4g}", term.weight), 4));
  }
  out.push_back(real_column(
      "score_kcal_mol", "kcal/mol",
      "docking score of the best pose, with the final effort where docked again; lower is better", 2));
  out.push_back(real_column("score_loop_kcal_mol", "kcal/mol",
                            "docking score with the effort of the loop; lower is better", 2));
  out.push_back(real_column("le", "kcal/mol", "ligand efficiency: score per heavy atom; lower is better", 3));
  if (campaign.judges_poses())
    out.push_back(real_column("probability", "",
                              "of the final tier: that its pose lies within 2 angstrom of the true one", 3));
  const auto targets = campaign.target_names();
  for (std::size_t t = 1; t < targets.size(); ++t)
    out.push_back(real_column(targets[t] + "_kcal_mol", "kcal/mol", "docking score in an off-target", 2));
  out.push_back(count_column("hbonds", "hydrogen bonds of the best pose"));
  out.push_back(text_column("contacts", "residues in contact with the best pose, polar contacts first"));
  out.push_back(text_column("failed_checks",
                            "what is wrong with the best pose, such as bond_lengths; empty for a sound one"));
  out.push_back(count_column("heavy_atoms", "atoms other than hydrogen"));
  for (const auto& kind : campaign.property_kinds())
    if (kind->name != "heavy_atoms")
      out.push_back(real_column(kind->name, kind->unit, kind->method + direction_of(*kind), 3));
  out.push_back(text_column("alerts", "structural alerts of the sets asked for"));
  return out;
}

std::vector<Row> campaign_table(const Campaign& campaign, const CampaignResult& result) {
  const auto rank = ranks(result);
  std::vector<Row> out;
  for (std::size_t i = 0; i < result.rows.size(); ++i)
    out.push_back(row_of(campaign, result.rows[i], rank[i], result.fronts[i]));
  return out;
}

std::vector<Column> round_columns(const Campaign& campaign) {
  std::vector<Column> out{
      count_column("round", "0 is the starting set"),
      count_column("candidates", "proposed"),
      count_column("filtered", "broke a rule"),
      count_column("docked", "with a pose"),
      count_column("failed", "no 3D coordinates or no pose"),
      real_column("best_total", "", "best combined desirability of the round", 4),
      real_column("mean_total", "", "mean over the docked molecules of the round", 4),
      real_column("best_so_far", "", "best combined desirability of all rounds up to this one", 4),
      real_column("best_kcal_mol", "kcal/mol", "best docking score of the round", 2),
      real_column("mean_kcal_mol", "kcal/mol", "mean docking score of the round", 2),
      count_column("buckets", "scaffolds or clusters with good molecules so far"),
      count_column("front", "molecules so far that no other beats in every objective"),
      real_column("hypervolume", "",
                  "share of the unit cube of desirabilities that this front dominates, from 0 in every "
                  "objective; with the docking effort of the loop",
                  4)};
  if (!campaign.staged()) return out;
  out.push_back(text_column("stage", "totals, buckets and front begin anew with each stage"));
  out.push_back(count_column("scored", "judged by cheap scores, in a stage that docks nothing"));
  return out;
}

Row round_row(const Campaign& campaign, const RoundSummary& r) {
  Row out{integer(r.round),      integer(r.candidates), integer(r.filtered), integer(r.docked),
          integer(r.failed),     real(r.best_total),    real(r.mean_total),  real(r.best_so_far),
          real(r.best_affinity), real(r.mean_affinity), integer(r.buckets),  integer(r.front),
          real(r.hypervolume)};
  if (!campaign.staged()) return out;
  out.push_back(text(campaign.stages()[static_cast<std::size_t>(r.stage)].name));
  out.push_back(integer(r.scored));
  return out;
}

std::string pose_records(const Campaign& campaign, const CampaignResult& result,
                         const CampaignJournal& journal) {
  const std::size_t n = std::min(result.ranking.size(), static_cast<std::size_t>(campaign.settings().top));
  std::vector<CandidateId> ids;
  for (std::size_t k = 0; k < n; ++k) {
    const CampaignRow& row = result.rows[result.ranking[k]];
    ids.emplace_back(row.round, row.index);
    if (row.docked_before) ids.push_back(*row.docked_before);
  }
  const auto poses = journal.poses(ids);
  std::string out;
  for (std::size_t k = 0; k < n; ++k) {
    const CampaignRow& row = result.rows[result.ranking[k]];
    auto found = poses.find({row.round, row.index});  // of the final tier, or of the loop
    if (found == poses.end()) found = poses.find(docking_id(row));
    if (found == poses.end()) continue;
    const double affinity = main_affinity(row);
    std::vector<std::pair<std::string, std::string>> fields{
        {"rank", std::to_string(k + 1)},
        {"docking_score", fmt::format("{:.2f}", affinity)},
        {"minimizedAffinity", fmt::format("{:.2f}", affinity)},
        {"ligand_efficiency", fmt::format("{:.3f}", affinity / std::max(1, row.heavy_atoms))},
        {"total", fmt::format("{:.4f}", row.assessment.total)},
        {"smiles", row.smiles},
        {"inchikey", row.inchikey},
        {"contacts", row.contacts},
        {"failed_checks", row.failed_checks},
        {"round", std::to_string(row.round)}};
    for (std::size_t i = 0; i < campaign.settings().objectives.size(); ++i)
      fields.emplace_back(campaign.settings().objectives[i].name + "_value",
                          fmt::format("{:.3f}", row.assessment.raw[i]));
    out += with_fields(found->second, row.name, fields);
  }
  return out;
}

void publish_campaign(datasets::RunFolder& folder, const Campaign& campaign, const CampaignResult& result) {
  const auto columns = campaign_columns(campaign);
  const auto rows = campaign_table(campaign, result);
  const auto write_csv = [&](const std::string& name, const std::vector<Column>& header,
                             const std::vector<Row>& body) {
    datasets::CsvTable table(folder.file(name), header);
    for (const Row& row : body) table.append(row);
    table.publish();
    folder.note_published(name);
  };
  std::vector<Row> rounds, failures;
  for (const RoundSummary& r : result.rounds) rounds.push_back(round_row(campaign, r));
  for (const CampaignRow& row : result.rows)
    if (row.status == CandidateStatus::failed)
      failures.push_back({text(row.name), text(row.smiles), text(row.message)});
  write_csv("results.csv", columns, rows);
  write_csv("rounds.csv", round_columns(campaign), rounds);
  write_csv("failures.csv", {text_column("name", ""), text_column("smiles", ""), text_column("message", "")},
            failures);
  folder.publish("results.h5", [&](const std::string& path) {
    auto file = datasets::Hdf5File::create(path);
    file.set_attribute("/", "theriac_schema", std::int64_t{1});
    file.set_attribute("/", "kind", std::string("run"));
    file.set_attribute("/", "command", std::string("campaign"));
    datasets::Hdf5Table molecules(file, "/molecules", columns);
    for (const Row& row : rows) molecules.append(row);
    molecules.flush();
    datasets::Hdf5Table progress(file, "/rounds", round_columns(campaign));
    for (const Row& row : rounds) progress.append(row);
    progress.flush();
    file.close();
  });
  folder.publish("poses.sdf.gz",
                 datasets::gzip(pose_records(campaign, result, CampaignJournal(folder.journal()))));
}

std::vector<GroupSummary> campaign_gain(const CampaignResult& result) {
  std::vector<const CampaignRow*> start, last, designed;
  const bool staged = result.stages.size() > 1;
  const int first_round = result.stages.empty() ? 0 : result.stages.back().first_round;
  const int last_round = result.rounds.empty() ? 0 : result.rounds.back().round;
  for (const CampaignRow& row : result.rows) {
    if (row.status != CandidateStatus::docked || row.round < first_round) continue;
    (row.round == first_round ? start : designed).push_back(&row);
    if (row.round == last_round) last.push_back(&row);
  }
  std::stable_sort(designed.begin(), designed.end(),
                   [](const CampaignRow* a, const CampaignRow* b) { return a->loop_total > b->loop_total; });
  designed.resize(std::min(designed.size(), start.size()));
  return {summary_of(staged ? "carried into " + result.stages.back().name : "start", start),
          summary_of("last round", last),
          summary_of(fmt::format("best {} designed", designed.size()), designed)};
}

TopListVariety top_list_variety(const CampaignResult& result, int top) {
  std::vector<chem::Molecule> best, start;
  std::set<std::string> scaffolds;
  for (std::size_t k = 0; k < std::min(result.ranking.size(), static_cast<std::size_t>(top)); ++k) {
    best.push_back(chem::Molecule::from_smiles(result.rows[result.ranking[k]].smiles));
    scaffolds.insert(chem::murcko_scaffold(best.back()));
  }
  for (const CampaignRow& row : result.rows)
    if (row.round == 0) start.push_back(chem::Molecule::from_smiles(row.smiles));
  TopListVariety out;
  out.molecules = static_cast<int>(best.size());
  out.scaffolds = static_cast<int>(scaffolds.size());
  out.internal_diversity = internal_diversity(best);
  const auto similarities = nearest_similarities(best, start);
  for (const double s : similarities) out.similarity_to_start += s / static_cast<double>(similarities.size());
  return out;
}

}  // namespace theriac::generative
