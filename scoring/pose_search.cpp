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

int agreeing_chains(const Groups& groups, const FoundPose& best, int ligand_atoms) {
  int count = 0;
  for (const auto& group : groups)
    for (const auto& lane : group->poses())
      count += std::any_of(lane.begin(), lane.end(), [&](const FoundPose& pose) {
        if (pose.energy > best.energy + agreeing_energy) return false;
        double sum = 0;
        for (int i = 0; i < ligand_atoms; ++i)
          sum += squared_distance(pose.coordinates[i], best.coordinates[i]);
        return sum / ligand_atoms < agreeing_rmsd * agreeing_rmsd;
      });
  return count;
}

}  // namespace

SearchEffort search_effort(double exhaustiveness, const PoseModel& model, int num_modes) {
  SearchEffort effort;
  const int heavy = model.ligand_atom_count(), freedom = 6 + model.torsion_count();
  effort.evaluations = static_cast<int>(exhaustiveness / 8 * 160 * (50 + heavy + 10 * freedom));
  effort.round = std::max(200, effort.evaluations / 12);
  effort.poses_per_chain = std::min(num_modes, 9);
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
  int spent = 0;
  for (int round = 1; spent < effort.evaluations; ++round) {
    const int now = std::min(effort.round, effort.evaluations - spent);
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t g) { groups[g]->advance(now); });
    spent += now;
    const FoundPose* best = best_pose(groups);
    if (!best) continue;
    result.agreeing_chains = agreeing_chains(groups, *best, model.ligand_atom_count());
    if (round >= effort.minimum_rounds && result.agreeing_chains >= effort.agreeing_share * effort.chains)
      break;
  }
  result.evaluations = static_cast<std::uint64_t>(spent) * effort.chains;
  for (const auto& group : groups)
    for (const auto& lane : group->poses()) result.poses.insert(result.poses.end(), lane.begin(), lane.end());
  std::stable_sort(result.poses.begin(), result.poses.end(),
                   [](const FoundPose& a, const FoundPose& b) { return a.energy < b.energy; });
  return result;
}

}  // namespace theriac::scoring
