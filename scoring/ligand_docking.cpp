#include "scoring/ligand_docking.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "datasets/gzip.hpp"
#include "scoring/pose_check.hpp"
#include "scoring/water_bridges.hpp"

namespace theriac::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Runs one step of a job; whatever a molecule does wrong becomes its message.
template <typename Step>
void attempt(LigandJob& job, Step step) {
  try {
    step();
  } catch (const StorageError&) {
    throw;
  } catch (const std::exception& error) {
    fail(job, error.what());
  }
}

DockedLigand run(const DockingEngine& engine, DockingTask task, const chem::FlexibleLigand& ligand,
                 const StartPoses& starts) {
  if (task == DockingTask::dock) return engine.dock(ligand, starts);
  DockedLigand result;
  result.poses.push_back(task == DockingTask::score ? engine.score(ligand) : engine.minimize(ligand));
  return result;
}

/// What measures poses against the reference; empty when it is another molecule.
std::optional<chem::ReferencePose> reference_for(const std::optional<chem::Molecule>& reference,
                                                 const PreparedLigand& ligand) {
  if (!reference || reference->heavy_atom_count() != ligand.flexible.heavy_atom_count()) return {};
  try {
    if (ligand.molecule) return chem::ReferencePose(*reference, *ligand.molecule, ligand.flexible);
    return chem::ReferencePose(*reference, ligand.flexible);
  } catch (const MoleculeError&) {
    return {};
  }
}

chem::PoseTags pose_tags(const DockedRow& row, std::size_t pose, std::uint64_t seed) {
  const double score = row.poses[pose].score;
  chem::PoseTags tags = {{"docking_score", fmt::format("{:.3f}", score)},
                         {"minimizedAffinity", fmt::format("{:.3f}", score)},
                         {"pose", fmt::format("{}", pose + 1)},
                         {"ligand_efficiency", fmt::format("{:.3f}", score / std::max(1, row.heavy_atoms))},
                         {"inchikey", row.inchikey},
                         {"input_index", fmt::format("{}", row.input_index)},
                         {"seed", fmt::format("{}", seed)},
                         {"theriac_version", chem::theriac_version()}};
  if (row.has_contacts)
    tags.emplace_back("hbonds", fmt::format("{}", contact_count(row.poses[pose].contacts, "hbond")));
  if (!row.poses[pose].failed_checks.empty())
    tags.emplace_back("failed_checks", row.poses[pose].failed_checks);
  const auto number = [&](const char* tag, double value, int decimals) {
    if (std::isfinite(value)) tags.emplace_back(tag, fmt::format("{:.{}f}", value, decimals));
  };
  number("probability", row.poses[pose].probability, 3);
  if (!row.poses[pose].reasons.empty()) tags.emplace_back("reasons", row.poses[pose].reasons);
  number("pose_affinity", row.poses[pose].pose_affinity, 2);
  number("pose_affinity_size_corrected", row.poses[pose].pose_affinity_size_corrected, 2);
  number("CNNscore", row.poses[pose].cnn_score, 4);
  number("CNNaffinity", row.poses[pose].cnn_affinity, 3);
  number("CNN_VS", row.poses[pose].cnn_score * row.poses[pose].cnn_affinity, 3);
  number("CNNaffinity_variance", row.poses[pose].cnn_spread * row.poses[pose].cnn_spread, 4);
  if (!row.poses[pose].waters.empty()) tags.emplace_back("waters", row.poses[pose].waters);
  if (row.poses[pose].origin != "search") tags.emplace_back("origin", row.poses[pose].origin);
  if (std::isfinite(row.poses[pose].rmsd_to_reference))
    tags.emplace_back("rmsd_ref", fmt::format("{:.3f}", row.poses[pose].rmsd_to_reference));
  return tags;
}

std::string sdf_of(const DockedRow& row, const PreparedLigand& ligand, std::uint64_t seed) {
  chem::Molecule molecule = *ligand.molecule;
  molecule.set_name(row.name);
  std::string text;
  for (std::size_t i = 0; i < row.poses.size(); ++i)
    text += chem::sdf_record(molecule, ligand.flexible, row.poses[i].coordinates, pose_tags(row, i, seed));
  return text;
}

std::string pdbqt_of(const DockedRow& row, const chem::FlexibleLigand& ligand) {
  std::vector<chem::PdbqtPose> poses;
  for (const auto& pose : row.poses) {
    const auto rmsd = chem::vina_rmsd(ligand, row.poses.front().coordinates, pose.coordinates);
    poses.push_back({pose.score, rmsd.lower, rmsd.upper, pose.coordinates});
  }
  return chem::pdbqt_models(ligand, poses);
}

std::string side_chain_models(const chem::Receptor& receptor, const DockedRow& row,
                              const DockedLigand& docked) {
  std::string text;
  for (std::size_t i = 0; i < docked.poses.size(); ++i) {
    std::string model = chem::receptor_pdb(side_chains(receptor, docked.poses[i].flexible_residues));
    if (const auto end = model.rfind("END"); end != std::string::npos) model.resize(end);
    text += fmt::format("MODEL {:>8}\nREMARK   {} pose {}\n{}ENDMDL\n", i + 1, row.name, i + 1, model);
  }
  return text;
}

/// The distances to the best pose, where the order is no longer that of the energies.
void measure_from_first(const chem::FlexibleLigand& ligand, std::vector<Pose>& poses) {
  const chem::SymmetricDistance distance(ligand);
  const auto heavy = [&](const Pose& pose) {
    std::vector<chem::Vector3> positions;
    for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
      if (ligand.atoms[i].element > 1) positions.push_back(pose.coordinates[i]);
    return positions;
  };
  for (auto& pose : poses) pose.rmsd_to_best = distance.rmsd(heavy(pose), heavy(poses.front()));
}

double value_of(const ScoreRow& scores, const std::string& name) {
  const Score* score = scores.find(name);
  return score ? score->value : nan;
}

}  // namespace

LigandDocking::LigandDocking(const DockingEngine& engine, LigandDockingOptions options)
    : engine_(engine),
      options_(std::move(options)),
      intake_(options_.ligand, options_.filter,
              options_.seeds ? options_.seeds->claimed : NamesThatMatter()) {
  if (options_.interactions) contacts_.emplace(engine_.receptor());
}

LigandDocking::~LigandDocking() = default;

LigandJob LigandDocking::identified(const chem::RawRecord& raw) const {
  return intake_.identified(raw);
}

PreparedLigand LigandDocking::prepared(LigandJob& job) const {
  fill_properties(job);
  PreparedLigand ligand = prepared_ligand(job.record, job.identity, options_.ligand);
  job.row.heavy_atoms = ligand.flexible.heavy_atom_count();
  return ligand;
}

/// By what orders the poses, of the best pose of each. A row without poses is never better.
bool LigandDocking::is_better(const DockedRow& a, const DockedRow& b) const {
  if (a.status != RowStatus::ok || b.status != RowStatus::ok || a.poses.empty() || b.poses.empty())
    return a.status == RowStatus::ok && b.status != RowStatus::ok;
  const auto& first = a.poses.front();
  const auto& second = b.poses.front();
  if (options_.order == PoseOrder::energy) return first.score < second.score;
  const auto value = [&](const DockedPose& pose) {
    const double v = options_.order == PoseOrder::cnn ? pose.cnn_score : pose.probability;
    return std::isfinite(v) ? v : -1;
  };
  return value(first) != value(second) ? value(first) > value(second) : first.score < second.score;
}

void LigandDocking::dock(LigandJob& job) const {
  if (!other_ || job.done) return dock_here(job);
  LigandJob there = job;
  dock_here(job);
  other_->dock_here(there);
  if (!is_better(job.row, there.row)) job.row = std::move(there.row);
}

void LigandDocking::dock(std::vector<LigandJob>& jobs) const {
  if (!other_) return dock_here(jobs);
  std::vector<LigandJob> there = jobs;
  dock_here(jobs);
  other_->dock_here(there);
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (!is_better(jobs[i].row, there[i].row)) jobs[i].row = std::move(there[i].row);
}

void LigandDocking::dock_here(LigandJob& job) const {
  if (job.done) return;
  attempt(job, [&] {
    const PreparedLigand ligand = prepared(job);
    const LigandSeeds seeds = seeds_of(job, ligand);
    fill_poses(job, ligand, seeds, run(engine_, options_.task, ligand.flexible, seeds.starts));
  });
  job.done = true;
}

void LigandDocking::dock_here(std::vector<LigandJob>& jobs) const {
  if (options_.task != DockingTask::dock) {
    tbb::parallel_for(std::size_t{0}, jobs.size(), [&](std::size_t i) { dock_here(jobs[i]); });
    return;
  }
  std::vector<PreparedLigand> ligands(jobs.size());
  std::vector<LigandSeeds> seeds(jobs.size());
  tbb::parallel_for(std::size_t{0}, jobs.size(), [&](std::size_t i) {
    if (jobs[i].done) return;
    attempt(jobs[i], [&] {
      ligands[i] = prepared(jobs[i]);
      seeds[i] = seeds_of(jobs[i], ligands[i]);
    });
  });
  std::vector<std::size_t> open;
  std::vector<chem::FlexibleLigand> flexible;
  std::vector<StartPoses> starts;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].done) continue;
    open.push_back(i);
    flexible.push_back(ligands[i].flexible);
    starts.push_back(seeds[i].starts);
  }
  auto docked = engine_.dock(flexible, starts);
  tbb::parallel_for(std::size_t{0}, open.size(), [&](std::size_t o) {
    LigandJob& job = jobs[open[o]];
    attempt(job, [&] { fill_poses(job, ligands[open[o]], seeds[open[o]], std::move(docked[o])); });
    job.done = true;
  });
}

DockedRow LigandDocking::row(const chem::RawRecord& raw) const {
  LigandJob job = identified(raw);
  dock(job);
  return std::move(job.row);
}

void LigandDocking::fill_properties(LigandJob& job) const {
  if (!job.identity.parent) return;
  const auto rows = properties_.score({*job.identity.parent});
  const ScoreRow& scores = rows.front();
  if (scores.failed()) throw MoleculeError(scores.message);
  for (const auto& property : property_names()) job.row.properties.push_back(value_of(scores, property.name));
  for (const char* set : {"pains", "brenk", "nih"}) {
    const Score* score = scores.find(set);
    if (!score || score->detail.empty()) continue;
    job.row.alerts += fmt::format("{}{}: {}", job.row.alerts.empty() ? "" : "; ", set, score->detail);
  }
}

/// What the scorers say, and the poses that are kept, in their order; `poses` is left with the same ones. A
/// pose that the networks cannot judge is noted in `message`.
std::vector<DockedPose> LigandDocking::judged(const PreparedLigand& ligand, std::vector<Pose>& poses,
                                              std::string& message) const {
  std::vector<DockedPose> said(poses.size());
  std::vector<PoseJudgement> network;
  if (options_.cnn) {
    network = options_.cnn->judge(ligand, poses);
    for (std::size_t i = 0; i < said.size(); ++i) {
      said[i].cnn_score = network[i].probability;
      said[i].cnn_affinity = network[i].affinity;
      said[i].cnn_spread = network[i].spread;
      if (!network[i].reasons.empty() && message.empty()) message = network[i].reasons;
    }
  }
  if (options_.learned) {
    const auto judgements = options_.learned->judge_beside(ligand, poses, network);
    for (std::size_t i = 0; i < said.size(); ++i) {
      said[i].probability = judgements[i].probability;
      said[i].reasons = judgements[i].reasons;
      said[i].pose_affinity = judgements[i].affinity;
      said[i].pose_affinity_size_corrected = judgements[i].size_corrected;
    }
  }
  std::vector<std::size_t> order(poses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (options_.order != PoseOrder::energy) {
    const auto value = [&](std::size_t i) {
      const double v = options_.order == PoseOrder::cnn ? said[i].cnn_score : said[i].probability;
      return std::isfinite(v) ? v : -1;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  }
  order.resize(std::min(order.size(), static_cast<std::size_t>(engine_.options().num_modes)));
  std::vector<Pose> kept;
  std::vector<DockedPose> kept_said;
  for (const std::size_t i : order) {
    kept.push_back(std::move(poses[i]));
    kept_said.push_back(std::move(said[i]));
  }
  poses = std::move(kept);
  if (options_.order != PoseOrder::energy) measure_from_first(ligand.flexible, poses);
  return kept_said;
}

LigandSeeds LigandDocking::seeds_of(const LigandJob& job, const PreparedLigand& ligand) const {
  return options_.seeds ? ligand_seeds(*options_.seeds, ligand, job.row.name) : LigandSeeds();
}

void LigandDocking::fill_poses(LigandJob& job, const PreparedLigand& ligand, const LigandSeeds& seeds,
                               DockedLigand docked) const {
  DockedRow& row = job.row;
  if (docked.poses.empty())
    throw MoleculeError(docked.message.empty() ? "no pose was found" : docked.message);
  row.message = docked.message;
  row.has_contacts = options_.interactions;
  const auto reference = reference_for(options_.reference, ligand);
  const auto features =
      options_.interactions ? chem::ligand_features(ligand.flexible) : chem::LigandFeatures();
  std::vector<DockedPose> said = judged(ligand, docked.poses, row.message);
  for (std::size_t i = 0; i < docked.poses.size(); ++i) {
    const Pose& pose = docked.poses[i];
    DockedPose& kept = said[i];
    if (options_.seeds) kept.origin = origin_text(pose, *options_.seeds, seeds);
    kept.waters = water_text(options_.waters, options_.waters_kept, ligand.flexible, pose.coordinates);
    kept.score = pose.affinity;
    kept.inter = pose.terms.inter;
    kept.intra = pose.terms.intra;
    kept.torsion_divisor = pose.terms.torsion_divisor;
    kept.rmsd_to_best = pose.rmsd_to_best;
    kept.rmsd_to_reference = reference ? reference->rmsd(pose.coordinates) : nan;
    kept.coordinates = pose.coordinates;
    if (contacts_) kept.contacts = contacts_->contacts(pose, ligand.flexible, features);
    const auto report =
        check_pose(engine_.receptor(), ligand.flexible, pose.coordinates, pose.flexible_residues);
    kept.failed_checks = fmt::format("{}", fmt::join(report.failed, " "));
  }
  row.poses = std::move(said);
  if (options_.seeds) row.seeds = seed_outcomes(*options_.seeds, seeds, docked.starts, docked.poses);
  if (ligand.molecule) row.pose_text = datasets::gzip(sdf_of(row, ligand, options_.ligand.seed));
  if (!engine_.receptor().flexible_residues.empty())
    row.side_chains_text = datasets::gzip(side_chain_models(engine_.receptor(), row, docked));
  if (options_.pdbqt || !ligand.molecule) row.pdbqt_text = datasets::gzip(pdbqt_of(row, ligand.flexible));
}

}  // namespace theriac::scoring
