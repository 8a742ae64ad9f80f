#include "scoring/search_rounds.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace theriac::scoring {
namespace {

constexpr double agreeing_rmsd = 1.0;    // angstrom
constexpr double agreeing_energy = 0.5;  // kcal/mol

const FoundPose* best_pose(const ChainPoses& chains) {
  const FoundPose* best = nullptr;
  for (const auto& chain : chains)
    if (!chain.empty() && (!best || chain.front().energy < best->energy)) best = &chain.front();
  return best;
}

int agreeing_chains(const ChainPoses& chains, const FoundPose& best, int ligand_atoms) {
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
std::vector<TakeOver> worse_half(const ChainPoses& chains) {
  struct Standing {
    int chain;
    const FoundPose* best;
  };
  std::vector<Standing> standings;
  for (std::size_t c = 0; c < chains.size(); ++c)
    standings.push_back({static_cast<int>(c), chains[c].empty() ? nullptr : &chains[c].front()});
  std::stable_sort(standings.begin(), standings.end(), [](const Standing& a, const Standing& b) {
    return a.best && (!b.best || a.best->energy < b.best->energy);
  });
  const std::size_t half = standings.size() / 2, quarter = std::max<std::size_t>(1, standings.size() / 4);
  std::vector<TakeOver> orders;
  for (std::size_t i = half; i < standings.size(); ++i) {
    const Standing& model = standings[(i - half) % quarter];
    if (model.best) orders.push_back({standings[i].chain, model.chain});
  }
  return orders;
}

}  // namespace

int SearchRounds::evaluations() const {
  return agreed_ ? 0 : std::min(effort_.round, effort_.evaluations - spent_);
}

std::vector<TakeOver> SearchRounds::look(ChainPoses poses) {
  spent_ += evaluations();
  ++round_;
  poses_ = std::move(poses);
  const FoundPose* best = best_pose(poses_);
  if (!best) return {};
  if (round_ <= effort_.rounds_between_drops) {
    independent_ = poses_;
    const int agreeing = agreeing_chains(independent_, *best, ligand_atoms_);
    agreed_ = round_ >= effort_.minimum_rounds && agreeing >= effort_.agreeing_share * effort_.chains;
  }
  if (agreed_ || round_ % effort_.rounds_between_drops != 0) return {};
  return worse_half(poses_);
}

SearchResult SearchRounds::result() const {
  SearchResult result;
  if (const FoundPose* best = best_pose(poses_))
    result.agreeing_chains = agreeing_chains(independent_, *best, ligand_atoms_);
  result.evaluations = static_cast<std::uint64_t>(spent_) * effort_.chains;
  for (const auto& chain : poses_) result.poses.insert(result.poses.end(), chain.begin(), chain.end());
  std::stable_sort(result.poses.begin(), result.poses.end(),
                   [](const FoundPose& a, const FoundPose& b) { return a.energy < b.energy; });
  return result;
}

}  // namespace theriac::scoring
