// The tiers of a screen made ready: filter, predictors, docking engine. What a planned shard goes through is
// the path of `theriac dock`, with the predictors in front.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "cli/dock_pipeline.hpp"
#include "cli/predictors.hpp"
#include "cli/score_rule.hpp"
#include "cli/screen_options.hpp"

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

  const DockingSite* site() const { return site_ ? &*site_ : nullptr; }
  scoring::DockingTarget target() const;
  /// The columns of the rows.
  scoring::ResultFiles result_files() const;

 private:
  void predict(const std::vector<scoring::LigandJob*>& jobs) const;
  std::vector<datasets::Column> predicted_columns() const;

  ScreenOptions options_;
  std::uint64_t seed_;
  ScreenTiers tiers_;
  std::optional<DockingSite> site_;
  scoring::DockingOptions docking_options_;
  std::optional<Predictors> predictors_;
  std::optional<ScoreRule> require_;
  std::optional<WideValues> values_;
  std::unique_ptr<scoring::LigandIntake> intake_;
  std::unique_ptr<scoring::DockingEngine> engine_;
  std::unique_ptr<scoring::LigandDocking> docking_;
  LigandSteps steps_;
};

}  // namespace theriac::cli
