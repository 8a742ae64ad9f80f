#include "scoring/gnina_scorer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/pose_file.hpp"
#include "datasets/network_library.hpp"
#include "scoring/gnina_atoms.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t grids_at_once = 64;  // 12 MB each, for a device

/// The drawn and the undrawn atoms of a ligand, and where each takes its place from.
struct TypedLigand {
  std::vector<DensityAtom> atoms;
  std::vector<int> place;  ///< index in a pose's coordinates; empty: the atoms belong to one pose
};

std::string record_of(const PreparedLigand& ligand, const Pose& pose) {
  return chem::sdf_record(*ligand.molecule, ligand.flexible, pose.coordinates);
}

/// Through Open Babel, as in the pose. Where it adds hydrogens or takes atoms that docking does not move, the
/// result holds for this pose alone.
TypedLigand typed(const PreparedLigand& ligand, const Pose& pose) {
  const auto atoms = ligand.molecule ? chem::smina_ligand_by_open_babel(record_of(ligand, pose), "sdf")
                                     : chem::smina_atoms(ligand.flexible);
  TypedLigand out{density_atoms(atoms, DensitySide::ligand), {}};
  std::vector<int> moved(ligand.molecule ? static_cast<std::size_t>(ligand.molecule->atom_count()) : 0, -1);
  for (std::size_t i = 0; i < ligand.flexible.atoms.size(); ++i) {
    const int source = ligand.flexible.atoms[i].source_atom;
    if (source >= 0 && source < static_cast<int>(moved.size()))
      moved[static_cast<std::size_t>(source)] = static_cast<int>(i);
  }
  for (const auto& atom : atoms) {
    const int place = !ligand.molecule  ? atom.source
                      : atom.source < 0 ? -1
                                        : moved.at(static_cast<std::size_t>(atom.source));
    if (place < 0) return {std::move(out.atoms), {}};
    out.place.push_back(place);
  }
  return out;
}

/// The drawn atoms of every pose.
std::vector<std::vector<DensityAtom>> drawn(const PreparedLigand& ligand, const std::vector<Pose>& poses) {
  std::vector<std::vector<DensityAtom>> out;
  TypedLigand first = typed(ligand, poses.front());
  for (const auto& pose : poses) {
    if (first.place.empty()) {
      out.push_back(typed(ligand, pose).atoms);
      continue;
    }
    for (std::size_t i = 0; i < first.atoms.size(); ++i)
      first.atoms[i].position = pose.coordinates[static_cast<std::size_t>(first.place[i])];
    out.push_back(first.atoms);
  }
  return out;
}

std::vector<chem::SminaAtom> rigid_part(const std::vector<chem::SminaAtom>& atoms, std::size_t rigid,
                                        bool wanted) {
  std::vector<chem::SminaAtom> out;
  for (const auto& atom : atoms)
    if ((static_cast<std::size_t>(atom.source) < rigid) == wanted) out.push_back(atom);
  return out;
}

PoseJudgement judgement_of(const GninaVerdict& verdict) {
  return {verdict.score, verdict.affinity, std::sqrt(verdict.affinity_variance), {}};
}

}  // namespace

GninaScorer::GninaScorer(std::shared_ptr<const GninaEnsemble> ensemble, const chem::Receptor& receptor,
                         const std::string& device)
    : ensemble_(std::move(ensemble)),
      flexible_(rigid_part(chem::smina_atoms(receptor), receptor.atoms.size(), false)),
      grid_(density_atoms(rigid_part(chem::smina_atoms(receptor), receptor.atoms.size(), true),
                          DensitySide::receptor)) {
  for (auto& atom : flexible_) atom.source -= static_cast<int>(receptor.atoms.size());
  if (device != "cpu")
    for (const auto& network : ensemble_->networks())
      engines_.push_back(datasets::network_maker<GninaEngineMaker>().make(
          network.weights(), device == gnina_libtorch_cpu ? "cpu" : device));
  const bool polar = std::any_of(receptor.atoms.begin(), receptor.atoms.end(),
                                 [](const chem::ReceptorAtom& atom) { return atom.autodock_type == "HD"; });
  if (!polar && !receptor.atoms.empty())
    warnings_.push_back(
        "the receptor has no polar hydrogens: gnina's networks then see no donors in it; prepare it with "
        "hydrogens");
}

std::string GninaScorer::name() const {
  std::vector<std::string> names;
  for (const auto& network : ensemble_->networks())
    names.push_back(fmt::format("{} ({})", network.name(), gnina_digest(network.weights()).substr(0, 8)));
  return fmt::format("gnina networks: {}", fmt::join(names, ", "));
}

/// The side chains that move, as in the pose.
std::vector<DensityAtom> GninaScorer::receptor_part(const Pose& pose) const {
  std::vector<chem::Vector3> places;
  for (const auto& chain : pose.flexible_residues) places.insert(places.end(), chain.begin(), chain.end());
  auto atoms = density_atoms(flexible_, DensitySide::receptor);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const auto source = static_cast<std::size_t>(flexible_[i].source);
    if (source < places.size()) atoms[i].position = places[source];
  }
  return atoms;
}

std::vector<GninaVerdict> GninaScorer::verdicts(const std::vector<std::vector<DensityAtom>>& ligands,
                                                const std::vector<chem::Vector3>& centres) const {
  std::vector<GninaVerdict> out(ligands.size());
  if (engines_.empty()) {
    tbb::parallel_for(std::size_t{0}, ligands.size(), [&](std::size_t i) {
      thread_local DensityVolume volume;  // nothing below gives this thread other work
      grid_.pool(ligands[i], centres[i], ensemble_->reads_mean(), ensemble_->reads_maximum(), volume);
      out[i] = ensemble_->verdict(volume);
    });
    return out;
  }
  for (std::size_t first = 0; first < ligands.size(); first += grids_at_once) {
    const std::size_t count = std::min(grids_at_once, ligands.size() - first);
    std::vector<float> grids;
    for (std::size_t i = first; i < first + count; ++i) {
      const auto one = grid_.points(ligands[i], centres[i]);
      grids.insert(grids.end(), one.begin(), one.end());
    }
    std::vector<std::vector<GninaOutput>> said(count);
    for (const auto& engine : engines_) {
      const auto outputs = engine->outputs(grids);
      for (std::size_t i = 0; i < count; ++i) said[i].push_back(outputs[i]);
    }
    for (std::size_t i = 0; i < count; ++i) out[first + i] = gnina_verdict(said[i]);
  }
  return out;
}

std::vector<PoseJudgement> GninaScorer::judge(const PreparedLigand& ligand,
                                              const std::vector<Pose>& poses) const {
  std::vector<PoseJudgement> out(poses.size());
  if (poses.empty()) return out;
  const auto all = drawn(ligand, poses);
  std::vector<std::size_t> sound;
  std::vector<std::vector<DensityAtom>> ligands;
  std::vector<chem::Vector3> centres;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const auto centre = density_centre(all[i]);
    auto with_chains = all[i];
    const auto chains = receptor_part(poses[i]);
    with_chains.insert(with_chains.end(), chains.begin(), chains.end());
    if (!grid_.reaches_receptor(centre)) {
      out[i].reasons =
          "no receptor atom within the grid of gnina's networks: the pose lies outside the receptor";
      continue;
    }
    sound.push_back(i);
    ligands.push_back(std::move(with_chains));
    centres.push_back(centre);
  }
  const auto said = verdicts(ligands, centres);
  for (std::size_t i = 0; i < sound.size(); ++i) out[sound[i]] = judgement_of(said[i]);
  return out;
}

}  // namespace theriac::scoring
