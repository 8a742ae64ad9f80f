#include "cli/screen_stages.hpp"

#include <tbb/parallel_for.h>

#include <set>

#include "scoring/device_network.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::cli {
namespace {

constexpr std::int64_t many = 1000;  // of records: a screen keeps few poses each

void take_names(std::set<std::string>& names, const std::vector<datasets::Column>& columns) {
  for (const auto& column : columns) names.insert(column.name);
}

}  // namespace

ScreenStages::ScreenStages(const ScreenOptions& options, std::uint64_t seed)
    : options_(options), seed_(seed), tiers_(tiers_of(options)) {
  if (!tiers_.filter) options_.dock.filter.clear();
  if (tiers_.dock) {
    site_.emplace(docking_site(options_.dock.receptor, options_.dock.box));
    docking_options_ = docking_options(options_.dock, seed, many);
  }
  if (tiers_.predict) {
    predictors_.emplace(options_.columns, options_.models, scoring::prediction_device(options_.device));
    require_.emplace(options_.require, predictors_->kinds());
    values_.emplace(predictors_->kinds());
  }
  if (tiers_.similarity) similarity_.emplace(options_.similarity);
}

ScreenStages::~ScreenStages() = default;

const LigandSteps& ScreenStages::steps() {
  if (steps_.intake) return steps_;
  if (tiers_.dock) {
    docking_ = std::make_unique<SiteDocking>(options_.dock, *site_, docking_options_, ligand_docking());
    steps_.intake = &docking_->docking().intake();
    steps_.docking = &docking_->docking();
  } else {
    scoring::LigandOptions ligand;
    ligand.ph = options_.dock.receptor.ph;
    ligand.as_drawn = options_.dock.as_drawn;
    ligand.seed = seed_;
    intake_ = std::make_unique<scoring::LigandIntake>(ligand, options_.dock.filter);
    steps_.intake = intake_.get();
  }
  if (tiers_.predict || tiers_.similarity)
    steps_.predict = [this](const std::vector<scoring::LigandJob*>& jobs) {
      if (tiers_.predict) predict(jobs);
      if (tiers_.similarity) compare(jobs);
    };
  return steps_;
}

const scoring::LigandDockingOptions& ScreenStages::ligand_docking() {
  if (!ligand_docking_) ligand_docking_ = ligand_options(options_.dock, *site_, seed_, options_.dock.pdbqt);
  return *ligand_docking_;
}

std::vector<JudgeRecord> ScreenStages::judges() const {
  return tiers_.dock ? judge_records(options_.dock.judges) : std::vector<JudgeRecord>();
}

void ScreenStages::say_what_docks(Terminal& terminal) {
  if (!tiers_.dock) return;
  for (const auto& notice : site_->notices) terminal.note("          " + notice);
  for (const auto& warning : site_->warnings) terminal.warn("box", warning);
  say_judges(terminal, ligand_docking());
}

bool ScreenStages::dock_duplicates_once() const {
  return task_of(options_.dock) == scoring::DockingTask::dock;
}

void ScreenStages::predict(const std::vector<scoring::LigandJob*>& jobs) const {
  std::vector<Prediction> rows(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (jobs[i]->identity.parent) rows[i].molecule = jobs[i]->identity.parent->in_smiles_order();
  predictors_->predict(rows);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (rows[i].failed()) {
      scoring::fail(*jobs[i], rows[i].message);
      continue;
    }
    jobs[i]->row.predicted = values_->cells(rows[i]);
    if (rows[i].scores.empty()) continue;  // PDBQT without bond orders: docked without predictions
    const std::string violation = require_->first_violation(rows[i].scores);
    if (violation.empty()) continue;
    jobs[i]->row.status = scoring::RowStatus::skipped;
    jobs[i]->row.message = violation;
    jobs[i]->done = true;
  }
}

void ScreenStages::compare(const std::vector<scoring::LigandJob*>& jobs) const {
  const std::size_t before = values_ ? values_->columns().size() : 0;
  tbb::parallel_for(std::size_t{0}, jobs.size(), [&](std::size_t i) {
    scoring::LigandJob& job = *jobs[i];
    if (job.done || !job.identity.parent) return;  // PDBQT without bond orders: docked without a comparison
    const auto nearest = similarity_->nearest(*job.identity.parent);
    job.row.predicted.resize(before);
    for (auto& cell : SimilarityTier::cells(nearest)) job.row.predicted.push_back(std::move(cell));
    const std::string violation = similarity_->violation(nearest);
    if (violation.empty()) return;
    job.row.message = violation;
    job.row.status = scoring::RowStatus::skipped;
    job.done = true;
  });
}

scoring::DockingTarget ScreenStages::target() const {
  if (!site_) return {};
  return docking_target(options_.dock, *site_, docking_options_);
}

std::vector<datasets::Column> ScreenStages::predicted_columns() const {
  std::vector<datasets::Column> columns;
  if (values_) columns = values_->columns();
  if (similarity_)
    for (auto& column : SimilarityTier::columns()) columns.push_back(std::move(column));
  std::set<std::string> taken;
  take_names(taken, scoring::molecule_columns());
  if (tiers_.dock) {
    take_names(taken, scoring::best_pose_columns());
    take_names(taken, scoring::judgement_columns({true, true, true, true}));
    take_names(taken, scoring::property_columns());
    take_names(taken, scoring::contact_columns());
  }
  for (auto& column : columns)
    while (!taken.insert(column.name).second) column.name = "predicted_" + column.name;
  return columns;
}

scoring::ResultFiles ScreenStages::result_files() const {
  scoring::ResultFiles files;
  files.docked = files.poses = tiers_.dock;
  files.pdbqt = tiers_.dock && options_.dock.pdbqt;
  files.judges.cnn = tiers_.dock && !options_.dock.judges.cnn.empty();
  files.judges.learned = tiers_.dock && asks_learned(options_.dock.judges);
  files.judges.affinity = tiers_.dock && !pose_affinity_file(options_.dock.judges).empty();
  files.order = tiers_.dock ? ligand_order(options_.dock.rank_ligands_by, options_.dock.judges)
                            : scoring::LigandOrder::energy;
  files.judges.waters = tiers_.dock && keeps_waters(options_.dock.receptor);
  files.side_chains = tiers_.dock && !site_->receptor.flexible_residues.empty();
  files.predicted = predicted_columns();
  return files;
}

}  // namespace theriac::cli
