// Options that say who judges docked poses beside their energy, and which poses come first.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "chem/receptor.hpp"
#include "scoring/gnina_scorer.hpp"
#include "scoring/learned_pose_scorer.hpp"
#include "scoring/ligand_docking.hpp"

namespace theriac::cli {

struct PoseJudgeOptions {
  std::string cnn;                              ///< gnina's networks: a set, a model or a file; empty: none
  std::string cnn_device = "cpu";               ///< "cpu", "auto", "cuda:N"
  std::string pose_scorer = "pose-scorer";      ///< the learned scorer: one that ships, by name, or a file
  std::string pose_affinity = "pose-affinity";  ///< affinities beside it: the same, or "none"
  /// "energy", "probability" or "cnn"; empty: cnn where there is one, else energy (settle_ranking chooses)
  std::string rank_by;
};

void declare_pose_judges(CLI::App& app, PoseJudgeOptions& options);

/// What orders the poses. Throws UsageError for a judge that was not asked for.
scoring::PoseOrder pose_order(const PoseJudgeOptions& options);

/// Poses that the search keeps for the judges to choose from; 0: no more than are shown.
int pose_pool(const PoseJudgeOptions& options);

/// gnina's networks for a receptor; null when none are asked for. Throws ModelError when they are not here
/// and DeviceError.
std::shared_ptr<const scoring::GninaScorer> cnn_judge(const PoseJudgeOptions& options,
                                                      const chem::Receptor& receptor);

/// Is the learned scorer here? False only when the one that ships is meant and was not installed: a file or
/// another model that is missing is an error of its own.
bool has_learned_judge(const PoseJudgeOptions& options);

/// Does the learned scorer judge the poses?
bool asks_learned(const PoseJudgeOptions& options);
std::string learned_judge_file(const PoseJudgeOptions& options);

/// The file of the affinities that stand beside the learned scorer; empty where it does not judge, where none
/// are wanted, or where those that ship were not installed. Throws InputError for another that is missing.
std::string pose_affinity_file(const PoseJudgeOptions& options);

/// --rank_ligands_by, into `choice`.
void declare_ligand_order(CLI::App& app, std::string& choice);
/// What orders ligands: "energy", "affinity" or "size_corrected". Throws UsageError when there will be no
/// affinities.
scoring::LigandOrder ligand_order(const std::string& choice, const PoseJudgeOptions& options);

/// The learned scorer for a receptor, which outlives it; null when the poses are not ranked by it. Throws
/// InputError and ModelError when it cannot be read.
std::shared_ptr<const scoring::PoseScorer> learned_judge(const PoseJudgeOptions& options,
                                                         const chem::Receptor& receptor);

}  // namespace theriac::cli
