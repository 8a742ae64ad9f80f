// A finished campaign as files: one row per candidate as CSV and HDF5, the poses of the best, rounds,
// failures.
#pragma once
#include <string>
#include <vector>

#include "datasets/results_table.hpp"
#include "datasets/run_folder.hpp"
#include "generative/campaign.hpp"

namespace theriac::generative {

/// Columns of `results.csv` and of /molecules in `results.h5`, in order:
/// rank, name, status, message, round, stage (with stages only), origin, log_likelihood, smiles, inchikey,
/// bucket, total, loop_total, pareto_front, NAME_value and NAME_desirability of every objective,
/// score_kcal_mol (final where docked again), score_loop_kcal_mol, le, TARGET_kcal_mol of every off-target,
/// hbonds, contacts, failed_checks, heavy_atoms, the cheap scores, alerts.
std::vector<datasets::Column> campaign_columns(const Campaign& campaign);
/// One row per candidate, in order of proposal.
std::vector<datasets::Row> campaign_table(const Campaign& campaign, const CampaignResult& result);

/// Columns and rows of `rounds.csv`.
std::vector<datasets::Column> round_columns(const Campaign& campaign);
datasets::Row round_row(const Campaign& campaign, const RoundSummary& round);

/// Poses of the top list, best first: SDF records with rank, score, total and the other numbers as fields.
std::string pose_records(const Campaign& campaign, const CampaignResult& result,
                         const CampaignJournal& journal);

/// Writes results.csv, results.h5, rounds.csv, failures.csv and poses.sdf.gz. Throws StorageError.
void publish_campaign(datasets::RunFolder& folder, const Campaign& campaign, const CampaignResult& result);

/// How the molecules of one kind did, for the closing words.
struct GroupSummary {
  std::string name;  ///< "start", "last round", "best 12 designed"
  int molecules = 0;
  double best_total = 0, mean_total = 0;
  double best_affinity = not_known, mean_affinity = not_known;  ///< kcal/mol, the loop's effort throughout
};

/// Starting set, last round and the best designed molecules (as many as were docked of the starting set), all
/// with the totals and affinities of the loop, so that like is compared with like. With stages: of the last
/// one, and what was carried into it is its starting set.
std::vector<GroupSummary> campaign_gain(const CampaignResult& result);

/// How varied and how new the top list is.
struct TopListVariety {
  int molecules = 0, scaffolds = 0;
  double internal_diversity = 0;   ///< mean Tanimoto distance of pairs, 0 to 1
  double similarity_to_start = 0;  ///< mean similarity to the nearest starting molecule, 0 to 1
};

TopListVariety top_list_variety(const CampaignResult& result, int top);

}  // namespace theriac::generative
