#include "scoring/pose_search.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "scoring/chain_group.hpp"

namespace theriac::scoring {
namespace {

constexpr double agreeing_rmsd = 1.0;    // angstrom
constexpr double agreeing_energy = 0.5;  // kcal/mol

using Groups = std::vector<std::unique_ptr<ChainGroup>>;

const FoundPose* best_pose(const Groups& groups) {
  const FoundPose* best = nullptr;
  for (const auto& group : groups)
    for (const auto& lane : group->poses())
      if (!lane.empty() && (!best || lane.front().energy < best->energy)) best = &lane.front();
  return best;
}

/// What every chain has stored, in the order of the chains.
std::vector<std::vector<FoundPose>> stored_poses(const Groups& groups) {
  std::vector<std::vector<FoundPose>> out;
  for (const auto& group : groups) out.insert(out.end(), group->poses().begin(), group->poses().end());
  return out;
}

int agreeing_chains(const std::vector<std::vector<FoundPose>>& chains, const FoundPose& best,
                    int ligand_atoms) {
  int count = 0;
  for (const auto& chain : chains)
    count += std::any_of(chain.begin(), chain.end(), [&](const FoundPose& pose) {
      if (pose.energy > best.energy + agreeing_energy) return false;
      double sum = 0;
      for (int i = 0; i < ligand_atoms; ++i)
        sum += squared_distance(pose.coordinates[i], best.coordinates[i]);
      return sum / ligand_atoms < agreeing_rmsd * agreeing_rmsd;
    });
  return count;
}

/// The worse half of the chains goes on from the best poses of the better quarter: what is promising is
/// searched more, and the other quarter keeps the variety.
void drop_the_worse_half(const Groups& groups) {
  struct Standing {
    std::size_t group;
    int lane;
    const FoundPose* best;
  };
  std::vector<Standing> standings;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (int lane = 0; lane < static_cast<int>(groups[g]->poses().size()); ++lane) {
      const auto& stored = groups[g]->poses()[lane];
      standings.push_back({g, lane, stored.empty() ? nullptr : &stored.front()});
    }
  std::stable_sort(standings.begin(), standings.end(), [](const Standing& a, const Standing& b) {
    return a.best && (!b.best || a.best->energy < b.best->energy);
  });
  const std::size_t half = standings.size() / 2, quarter = std::max<std::size_t>(1, standings.size() / 4);
  for (std::size_t i = half; i < standings.size(); ++i) {
    const FoundPose* model_pose = standings[(i - half) % quarter].best;
    if (model_pose) groups[standings[i].group]->continue_from(standings[i].lane, *model_pose);
  }
}

}  // namespace

SearchEffort search_effort(double exhaustiveness, const PoseModel& model, int num_modes) {
  SearchEffort effort;
  const int heavy = model.ligand_atom_count(), torsions = model.torsion_count(), freedom = 6 + torsions;
  // Vina's step count grows linearly with freedom; beyond about ten torsions that finds too little
  const double flexibility = 1 + 0.01 * torsions * torsions;
  effort.evaluations = static_cast<int>(exhaustiveness / 8 * 160 * flexibility * (50 + heavy + 10 * freedom));
  effort.round = std::max(200, effort.evaluations / 12);
  effort.poses_per_chain = std::clamp(num_modes, 1, 9);
  return effort;
}

SearchResult search_poses(const PoseModel& model, const AffinityGrids& grids, const DockingKernel& kernel,
                          const chem::Box& box, ScoringFunction scoring, const SearchEffort& effort,
                          std::uint64_t seed, const std::string& key) {
  const KernelLigand ligand(model, grids, scoring);
  Groups groups;
  for (int first = 0; first < effort.chains; first += kernel.width)
    groups.push_back(std::make_unique<ChainGroup>(model, ligand, kernel, box, first, effort, seed, key));
  SearchResult result;
  std::vector<std::vector<FoundPose>> independent;  // while no chain had taken over another's pose
  int spent = 0;
  for (int round = 1; spent < effort.evaluations; ++round) {
    const int now = std::min(effort.round, effort.evaluations - spent);
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t g) { groups[g]->advance(now); });
    spent += now;
    const FoundPose* best = best_pose(groups);
    if (!best) continue;
    if (round <= effort.rounds_between_drops) {
      independent = stored_poses(groups);
      const int agreeing = agreeing_chains(independent, *best, model.ligand_atom_count());
      if (round >= effort.minimum_rounds && agreeing >= effort.agreeing_share * effort.chains) break;
    }
    if (round % effort.rounds_between_drops == 0) drop_the_worse_half(groups);
  }
  if (const FoundPose* best = best_pose(groups))
    result.agreeing_chains = agreeing_chains(independent, *best, model.ligand_atom_count());
  result.evaluations = static_cast<std::uint64_t>(spent) * effort.chains;
  for (const auto& group : groups)
    for (const auto& lane : group->poses()) result.poses.insert(result.poses.end(), lane.begin(), lane.end());
  std::stable_sort(result.poses.begin(), result.poses.end(),
                   [](const FoundPose& a, const FoundPose& b) { return a.energy < b.energy; });
  return result;
}

}  // namespace theriac::scoring
