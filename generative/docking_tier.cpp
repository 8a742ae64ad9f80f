#include "generative/docking_tier.hpp"

#include <cmath>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pose_file.hpp"
#include "chem/protonation.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"
#include "datasets/gzip.hpp"

namespace theriac::generative {
PreparedLigand prepared_ligand(const std::string& smiles, double ph, std::uint64_t seed) {
  PreparedLigand out;
  try {
    chem::EmbedOptions options;
    options.seed = seed;
    const auto molecule = chem::embedded(chem::protonated(chem::Molecule::from_smiles(smiles), ph), options);
    out.ligand = chem::flexible_ligand(molecule);
    out.ligand.key = smiles;
    out.molecule.push_back(molecule);
  } catch (const MoleculeError& e) {
    out.message = e.what();
  }
  return out;
}

DockedCandidate docked_candidate(const PreparedLigand& ligand, const std::vector<CampaignTarget>& targets,
                                 bool final_tier) {
  DockedCandidate out;
  out.message = ligand.message;
  if (!out.message.empty()) return out;
  try {
    for (const CampaignTarget& target : targets) {
      const auto& engine = final_tier ? *target.final_engine : *target.engine;
      const auto docked = engine.dock(ligand.ligand);
      if (docked.poses.empty()) {
        out.message =
            docked.message.empty() ? "docking into " + target.name + " found no pose" : docked.message;
        break;
      }
      out.affinities.push_back(docked.poses.front().affinity);
      if (out.pose.empty())
        out.pose = datasets::gzip(
            chem::sdf_record(ligand.molecule.front(), ligand.ligand, docked.poses.front().coordinates));
    }
  } catch (const MoleculeError& e) {
    out.message = e.what();
  }
  if (!out.message.empty()) {
    out.affinities.clear();
    out.pose.clear();
  }
  return out;
}

ReferenceResult redocked_reference(const CampaignReference& reference, const CampaignTarget& target,
                                   double ph, std::uint64_t seed) {
  ReferenceResult out;
  out.name = reference.name;
  out.heavy_atoms = reference.crystal.heavy_atom_count();
  const PreparedLigand ligand = prepared_ligand(reference.crystal.smiles(), ph, seed);
  out.message = ligand.message;
  if (!out.message.empty()) return out;
  try {
    const auto docked = target.engine->dock(ligand.ligand);
    const chem::ReferencePose crystal(reference.crystal, ligand.molecule.front(), ligand.ligand);
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
