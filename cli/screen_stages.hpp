// The tiers of a screen made ready: filter, predictors, docking engine. What a planned shard goes through is
// the path of `theriac dock`, with the predictors in front.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "cli/dock_pipeline.hpp"
#include "cli/judge_record.hpp"
#include "cli/predictors.hpp"
#include "cli/score_rule.hpp"
#include "cli/screen_options.hpp"
#include "cli/similarity_tier.hpp"
#include "cli/site_docking.hpp"

namespace theriac::cli {

class ScreenStages {
 public:
  /// Reads receptor and models. Throws UsageError, InputError, ModelError, DeviceError.
  ScreenStages(const ScreenOptions& options, std::uint64_t seed);
  ~ScreenStages();

  /// As long as this object lives.
  const LigandSteps& steps();
  const ScreenTiers& tiers() const { return tiers_; }
  /// Duplicates are docked once, but poses that are only scored are looked at one by one.
  bool dock_duplicates_once() const;

  /// Models that judge the poses, as they are now. Throws InputError and ModelError.
  std::vector<JudgeRecord> judges() const;
  /// Warnings about box and receptor, and who judges the poses. Throws as judges().
  void say_what_docks(Terminal& terminal);

  const SimilarityTier* similarity() const { return similarity_ ? &*similarity_ : nullptr; }
  const DockingSite* site() const { return site_ ? &*site_ : nullptr; }
  scoring::DockingTarget target() const;
  /// The columns of the rows.
  scoring::ResultFiles result_files() const;

 private:
  const scoring::LigandDockingOptions& ligand_docking();
  void predict(const std::vector<scoring::LigandJob*>& jobs) const;
  void compare(const std::vector<scoring::LigandJob*>& jobs) const;
  std::vector<datasets::Column> predicted_columns() const;

  ScreenOptions options_;
  std::uint64_t seed_;
  ScreenTiers tiers_;
  std::optional<DockingSite> site_;
  scoring::DockingOptions docking_options_;
  std::optional<scoring::LigandDockingOptions> ligand_docking_;
  std::optional<Predictors> predictors_;
  std::optional<ScoreRule> require_;
  std::optional<WideValues> values_;
  std::optional<SimilarityTier> similarity_;
  std::unique_ptr<scoring::LigandIntake> intake_;
  std::unique_ptr<SiteDocking> docking_;
  LigandSteps steps_;
};

}  // namespace theriac::cli
