#include "scoring/pose_search.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <memory>

#include "scoring/chain_group.hpp"
#include "scoring/search_rounds.hpp"

namespace theriac::scoring {
namespace {

using Groups = std::vector<std::unique_ptr<ChainGroup>>;

ChainPoses poses_of(const Groups& groups, int chains, int width) {
  ChainPoses poses;
  for (int c = 0; c < chains; ++c) poses.push_back(groups[c / width]->poses(c % width));
  return poses;
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
  const ChainTask task = chain_task(model, ligand, box, effort, seed, key);
  const int width = kernel.width;
  Groups groups;
  for (int first = 0; first < effort.chains; first += width)
    groups.push_back(std::make_unique<ChainGroup>(ligand, kernel, task, first));
  SearchRounds rounds(effort, model.ligand_atom_count());
  while (const int now = rounds.evaluations()) {
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t g) { groups[g]->advance(now); });
    for (const TakeOver& order : rounds.look(poses_of(groups, effort.chains, width)))
      groups[order.chain / width]->take_over(order.chain % width, *groups[order.from / width],
                                             order.from % width);
  }
  return rounds.result();
}

}  // namespace theriac::scoring
