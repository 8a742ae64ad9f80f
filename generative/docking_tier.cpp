#include "generative/docking_tier.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chem/error.hpp"
#include "chem/ligand_features.hpp"
#include "chem/pose_file.hpp"
#include "chem/record.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "datasets/gzip.hpp"
#include "scoring/pose_check.hpp"

namespace theriac::generative {
namespace {

const CampaignTarget& first(const std::vector<CampaignTarget>& targets) {
  if (targets.empty()) throw UsageError("a campaign needs a target to dock into");
  return targets.front();
}

chem::Record record_of(const std::string& smiles) {
  chem::Record record;
  record.name = record.text = smiles;
  record.molecule = chem::Molecule::from_smiles(smiles);
  return record;
}

struct JudgedPose {
  const scoring::Pose* pose;
  double probability;
};

/// Of equals, and where nothing is said, the one of better energy.
JudgedPose most_probable(const scoring::PoseScorer& scorer, const scoring::PreparedLigand& ligand,
                         const std::vector<scoring::Pose>& poses) {
  const auto judgements = scorer.judge(ligand, poses);
  JudgedPose best{&poses.front(), judgements.front().probability};
  for (std::size_t i = 1; i < poses.size(); ++i)
    if (judgements[i].probability > best.probability || std::isnan(best.probability))
      if (std::isfinite(judgements[i].probability)) best = {&poses[i], judgements[i].probability};
  return best;
}

}  // namespace

DockingTier::DockingTier(std::vector<CampaignTarget> targets, double ph, std::uint64_t seed)
    : targets_(std::move(targets)), contacts_(first(targets_).engine->receptor()) {
  options_.ph = ph;
  options_.seed = seed;
}

CandidateLigand DockingTier::prepared(const std::string& smiles) const {
  CandidateLigand out;
  try {
    const auto record = record_of(smiles);
    const auto identity = scoring::ligand_identity(record, options_);
    out.inchikey = identity.inchikey;
    out.prepared = scoring::prepared_ligand(record, identity, options_);
  } catch (const MoleculeError& e) {
    out.message = e.what();
  }
  return out;
}

void DockingTier::describe_pose(const scoring::Pose& pose, const scoring::PreparedLigand& ligand,
                                DockedCandidate& out) const {
  const auto& flexible = ligand.flexible;
  const auto found = contacts_.contacts(pose, flexible, chem::ligand_features(flexible));
  out.hydrogen_bonds = scoring::contact_count(found, "hbond");
  out.contacts = scoring::contact_residues(found);
  const auto report = scoring::check_pose(targets_.front().engine->receptor(), flexible, pose.coordinates,
                                          pose.flexible_residues);
  out.failed_checks = fmt::format("{}", fmt::join(report.failed, " "));
  out.pose = datasets::gzip(chem::sdf_record(*ligand.molecule, flexible, pose.coordinates));
}

DockedCandidate DockingTier::docked(const CandidateLigand& ligand, bool final_tier) const {
  DockedCandidate out;
  out.message = ligand.message;
  if (!out.message.empty()) return out;
  try {
    for (const CampaignTarget& target : targets_) {
      const auto& engine = final_tier ? *target.final_engine : *target.engine;
      const auto docked = engine.dock(ligand.prepared->flexible);
      if (docked.poses.empty())
        throw MoleculeError(docked.message.empty() ? "docking into " + target.name + " found no pose"
                                                   : docked.message);
      const JudgedPose best = final_tier && target.pose_scorer
                                  ? most_probable(*target.pose_scorer, *ligand.prepared, docked.poses)
                                  : JudgedPose{&docked.poses.front(), not_known};
      out.affinities.push_back(best.pose->affinity);
      if (!out.pose.empty()) continue;  // of the main target
      describe_pose(*best.pose, *ligand.prepared, out);
      out.pose_probability = best.probability;
    }
    out.inchikey = ligand.inchikey;
  } catch (const MoleculeError& e) {
    out = {};
    out.message = e.what();
  }
  return out;
}

ReferenceResult DockingTier::redocked(const CampaignReference& reference) const {
  ReferenceResult out;
  out.name = reference.name;
  out.heavy_atoms = reference.crystal.heavy_atom_count();
  const CandidateLigand ligand = prepared(reference.crystal.smiles());
  out.message = ligand.message;
  if (!out.message.empty()) return out;
  try {
    const auto docked = targets_.front().engine->dock(ligand.prepared->flexible);
    const chem::ReferencePose crystal(reference.crystal, *ligand.prepared->molecule,
                                      ligand.prepared->flexible);
    out.message = docked.message;
    for (const auto& pose : docked.poses) {
      const double rmsd = crystal.rmsd(pose.coordinates);
      if (std::isnan(out.rmsd)) {
        out.affinity = pose.affinity;
        out.rmsd = rmsd;
      }
      if (!(out.best_rmsd <= rmsd)) out.best_rmsd = rmsd;
    }
  } catch (const MoleculeError& e) {
    out.message = e.what();
  }
  return out;
}

}  // namespace theriac::generative
